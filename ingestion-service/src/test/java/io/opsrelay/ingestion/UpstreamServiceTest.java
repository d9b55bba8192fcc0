package io.opsrelay.ingestion;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.TestPropertySource;

/** Like {@link IngestionServiceTest}, with systems that write to the upstream topic. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@IngestionServiceTest
@Import(UpstreamSystems.class)
@TestPropertySource(
        properties = {
            "opsrelay.dead-letters.look-every=200ms",
            "opsrelay.upstream.sources[0].name=crm",
            "opsrelay.upstream.sources[0].client=acme",
            "opsrelay.upstream.sources[1].name=globex-crm",
            "opsrelay.upstream.sources[1].client=globex",
            "opsrelay.upstream.sources[2].name=https://helpdesk.example/events",
            "opsrelay.upstream.sources[2].client=acme",
            "opsrelay.upstream.sources[2].verified=true",
            "opsrelay.upstream.sources[2].types=com.example.ticket.created,com.example.ticket.updated",
            "opsrelay.upstream.sources[2].mapping.subject=title",
            "opsrelay.upstream.sources[2].mapping.body=/description/text",
            "opsrelay.upstream.sources[2].mapping.customer-email=requester.emails[0]",
            "opsrelay.upstream.sources[2].mapping.priority=severity",
            "opsrelay.upstream.sources[2].mapping.external-id=number",
            "opsrelay.upstream.sources[2].mapping.comment=comment.text",
            "opsrelay.upstream.sources[2].metadata.order=order.id",
            "opsrelay.upstream.sources[2].priorities.P1=urgent",
            "opsrelay.upstream.sources[2].priorities.P3=low",
            "opsrelay.upstream.sources[2].mapping.comment-id=comment.id",
            "opsrelay.upstream.sources[2].mapping.status=status",
            "opsrelay.upstream.sources[2].mapping.status-at=status_at",
            "opsrelay.upstream.sources[2].statuses.solved=resolved",
            "opsrelay.upstream.sources[2].statuses.Reopened=escalated",
            "opsrelay.upstream.sources[2].statuses.open=none",
            "opsrelay.upstream.sources[3].name=tracker",
            "opsrelay.upstream.sources[3].client=acme",
            "opsrelay.upstream.sources[3].mapping.status=state",
            "opsrelay.upstream.sources[3].statuses.done=closed",
            "opsrelay.upstream.sources[3].unknown-statuses=ignore",
            "opsrelay.clients[0].client-id=provisioned",
            "opsrelay.clients[0].name=Provisioned",
            "opsrelay.clients[0].sources[0]=https://Orders.example/Events"
        })
public @interface UpstreamServiceTest {}

package io.opsrelay.ingestion;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.TestPropertySource;

/** A test of mails that come in, against the whole service. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@IngestionServiceTest
@Import(MailRig.class)
@TestPropertySource(
        properties = {
            "opsrelay.attachments.folder=${java.io.tmpdir}/opsrelay-test-mails",
            "opsrelay.mail.address-keys=${OPSRELAY_WEBHOOK_KEYS}",
            "opsrelay.email.allow-private=true",
            "opsrelay.email.unproven-bytes=30MB",
            "opsrelay.email.new-tickets-per-hour=15",
            "opsrelay.email.replies-per-hour=4",
            "opsrelay.clients[0].client-id=configured",
            "opsrelay.clients[0].name=Configured",
            "opsrelay.clients[0].channels[0].kind=email-generic",
            "opsrelay.clients[0].channels[0].name=inbox",
            "opsrelay.clients[0].channels[0].channel-id=configured-inbox",
            "opsrelay.clients[0].channels[0].addresses[0]=support@configured.example",
            "opsrelay.clients[0].channels[0].settings.vouches_for_sender=true"
        })
public @interface MailTest {}

package io.opsrelay.ingestion;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.test.context.TestPropertySource;

/** Like {@link IngestionServiceTest}, with Zendesk accounts in this network. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@IngestionServiceTest
@TestPropertySource(
        properties = {
            "opsrelay.zendesk.allow-private=true",
            "opsrelay.zendesk.first-pause=50ms",
            "opsrelay.zendesk.longest-pause=200ms",
            "opsrelay.zendesk.most-troubles=4"
        })
public @interface ZendeskTest {}

package io.opsrelay.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Gives a Spring test the environment that the launcher gives the service: addresses of the shared Kafka, PostgreSQL
 * and Redis, a new database with the service's roles, key files of {@link TestTokens}, and topics with a prefix that no
 * other context uses. Stands beside {@code @SpringBootTest} or {@code @ApplicationModuleTest}.
 *
 * <p>One database and one prefix per application context; both can be injected, as {@link TestDatabase} and {@link
 * TestKafka}. Properties of the test's own win over these.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface OpsRelayTest {

    /** The service's schema, e.g. {@code ingestion}; empty for one without a database. */
    String service() default "";
}

package io.opsrelay.ingestion;

import io.opsrelay.testing.OpsRelayTest;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;

/** A test against the whole service on real Kafka and PostgreSQL; all of them share one. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@OpsRelayTest(service = "ingestion")
@Import({Api.class, OtherServices.class})
public @interface IngestionServiceTest {}

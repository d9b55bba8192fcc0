package io.opsrelay.ingestion;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** ingestion-service. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class IngestionApplication {

    /** Starts the service. */
    public static void main(String[] args) {
        SpringApplication.run(IngestionApplication.class, args);
    }
}

package io.opsrelay.approval;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** The approval-service. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class ApprovalApplication {

    /** Starts it. */
    public static void main(String[] args) {
        SpringApplication.run(ApprovalApplication.class, args);
    }
}

package io.opsrelay.action;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** The action-engine. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class ActionApplication {

    /** Starts it. */
    public static void main(String[] args) {
        SpringApplication.run(ActionApplication.class, args);
    }
}

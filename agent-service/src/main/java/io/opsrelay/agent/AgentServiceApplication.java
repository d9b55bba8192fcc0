package io.opsrelay.agent;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Starts agent-service. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class AgentServiceApplication {

    /** Entry point. */
    public static void main(String[] args) {
        SpringApplication.run(AgentServiceApplication.class, args);
    }
}

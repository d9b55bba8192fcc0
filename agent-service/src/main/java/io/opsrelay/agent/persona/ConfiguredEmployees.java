package io.opsrelay.agent.persona;

import io.opsrelay.agent.persona.PersonaProperties.Provided;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.stereotype.Component;

/**
 * Gives clients the AI employees of the configuration. One that is there stays as it is: people may have changed it since. A
 * wrong one stops the start.
 */
@Component
class ConfiguredEmployees implements ApplicationRunner {

    private final PersonaProperties properties;
    private final Employees employees;

    ConfiguredEmployees(PersonaProperties properties, Employees employees) {
        this.properties = properties;
        this.employees = employees;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        for (Provided provided : properties.employees()) {
            try {
                employees.provide(provided.client(), provided.name(), provided.employee());
            } catch (IllegalArgumentException e) {
                throw new IllegalStateException(
                        "opsrelay.personas.employees: " + provided.name() + " of " + provided.client() + ": "
                                + e.getMessage(),
                        e);
            }
        }
    }
}

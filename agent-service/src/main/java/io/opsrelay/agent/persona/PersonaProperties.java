package io.opsrelay.agent.persona;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * AI employees.
 *
 * @param demoClients clients that get the demo's three at start; none unless set
 * @param employees AI employees that clients get at start, as far as they have not got one of that name
 * @param activeFor how long after its last work an AI employee still counts as active
 */
@ConfigurationProperties("opsrelay.personas")
record PersonaProperties(
        @DefaultValue List<String> demoClients,
        @DefaultValue List<Provided> employees,
        @DefaultValue("60s") Duration activeFor) {

    PersonaProperties {
        if (!activeFor.isPositive()) {
            throw new IllegalArgumentException("opsrelay.personas.active-for must be positive");
        }
        employees = List.copyOf(employees);
    }

    /**
     * An AI employee of a client.
     *
     * @param client who gets it
     * @param name unique within the client
     * @param employee as {@code PUT /api/v1/ai/employees/<name>} takes it
     */
    record Provided(String client, String name, EmployeeBody employee) {}
}

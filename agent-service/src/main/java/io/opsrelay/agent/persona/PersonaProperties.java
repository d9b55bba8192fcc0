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
 * @param activityRetention how long activities are kept, and what measures runs after their end
 * @param mostActivities of a client that are kept, the newest
 */
@ConfigurationProperties("opsrelay.personas")
record PersonaProperties(
        @DefaultValue List<String> demoClients,
        @DefaultValue List<Provided> employees,
        @DefaultValue("60s") Duration activeFor,
        @DefaultValue("90d") Duration activityRetention,
        @DefaultValue("100000") int mostActivities) {

    /** The figures of a day are made of its runs. */
    private static final Duration SHORTEST = Duration.ofDays(2);

    PersonaProperties {
        if (!activeFor.isPositive()) {
            throw new IllegalArgumentException("opsrelay.personas.active-for must be positive");
        }
        if (activityRetention.compareTo(SHORTEST) < 0 || mostActivities < 1) {
            throw new IllegalArgumentException("opsrelay.personas.activity-retention must be at least "
                    + SHORTEST.toDays() + " days, and most-activities at least 1");
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

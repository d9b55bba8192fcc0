package io.opsrelay.agent.persona;

import io.opsrelay.agent.draft.Tone;
import io.opsrelay.agent.persona.AiEmployee.Metric;
import io.opsrelay.messaging.Ids;
import io.opsrelay.security.tenant.ClientTransactions;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.stereotype.Component;

/** Gives the demo's clients luna, jade and flora, as far as they have not got them. Says so in the log. */
@Component
class DemoEmployees implements ApplicationRunner {

    private static final Logger LOG = LoggerFactory.getLogger(DemoEmployees.class);

    private final PersonaProperties properties;
    private final EmployeeStore store;
    private final Personas personas;
    private final ClientTransactions transactions;
    private final Ids ids;
    private final Clock clock;

    DemoEmployees(
            PersonaProperties properties,
            EmployeeStore store,
            Personas personas,
            ClientTransactions transactions,
            Ids ids,
            Clock clock) {
        this.properties = properties;
        this.store = store;
        this.personas = personas;
        this.transactions = transactions;
        this.ids = ids;
        this.clock = clock;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        for (String client : properties.demoClients()) {
            transactions.run(client, () -> shipped().stream()
                    .filter(employee -> store.find(employee.name()).isEmpty())
                    .forEach(employee -> {
                        store.put(client, employee);
                        personas.changed(client, employee);
                    }));
        }
        if (!properties.demoClients().isEmpty()) {
            LOG.info("Demo: AI employees luna, jade and flora for {}", properties.demoClients());
        }
    }

    /** Luna comes first: what is nobody's is hers. */
    private List<AiEmployee> shipped() {
        Instant now = clock.instant();
        return List.of(
                employee(
                        "luna",
                        "Luna",
                        "Customer Success",
                        new Metric("satisfaction", "percent"),
                        List.of(
                                "process_refund",
                                "check_order_status",
                                "reset_password",
                                "search_knowledge_base",
                                "escalate_to_human"),
                        List.of(),
                        now),
                employee(
                        "jade",
                        "Jade",
                        "Sales",
                        new Metric("conversion", "percent"),
                        List.of("check_order_status", "search_knowledge_base", "escalate_to_human"),
                        List.of("product_question", "upgrade_plan"),
                        now.plusMillis(1)),
                employee(
                        "flora",
                        "Flora",
                        "Operations",
                        new Metric("efficiency", "percent"),
                        List.of(
                                "create_bug_report",
                                "restart_deployment",
                                "scale_deployment",
                                "rollout_restart",
                                "search_knowledge_base",
                                "escalate_to_human"),
                        List.of(
                                "service_outage",
                                "service_degraded",
                                "restart_request",
                                "scale_request",
                                "rollout_request",
                                "bug_report"),
                        now.plusMillis(2)));
    }

    private AiEmployee employee(
            String name,
            String displayName,
            String role,
            Metric metric,
            List<String> tools,
            List<String> intents,
            Instant createdAt) {
        return new AiEmployee(
                ids.next(),
                name,
                displayName,
                role,
                null,
                Tone.FRIENDLY,
                metric,
                tools,
                intents,
                List.of(),
                true,
                1,
                createdAt,
                createdAt);
    }
}

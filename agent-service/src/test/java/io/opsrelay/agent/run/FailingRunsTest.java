package io.opsrelay.agent.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.agent.AgentApi;
import io.opsrelay.agent.Tickets;
import io.opsrelay.agent.classify.TextClassifier;
import io.opsrelay.agent.triage.Classification;
import io.opsrelay.contracts.RunEvent.Outcome;
import io.opsrelay.contracts.RunEvent.RunCompleted;
import io.opsrelay.contracts.TicketEvent.TicketReceived;
import io.opsrelay.testing.OpsRelayTest;
import io.opsrelay.testing.TestKafka;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

/** Runs that cannot be worked, on real Kafka and PostgreSQL: each has an end that people see. */
@OpsRelayTest(service = "agent")
@SpringBootTest(properties = {"opsrelay.knowledge.demo-clients=unlucky", "opsrelay.agent.most-tries=3"})
@AutoConfigureMockMvc
class FailingRunsTest {

    private static final String UNREADABLE = "xyzzy";
    private static final String OUTAGE = "plugh";

    private Tickets tickets;
    private AgentApi api;

    @Autowired
    private AtomicInteger outages;

    @Autowired
    void connect(TestKafka kafka, MockMvcTester http) {
        tickets = new Tickets(kafka);
        api = new AgentApi(http);
    }

    @Test
    void aRunOfWhichEachTryFailsEndsAsFailedAndTheOthersGoOn() {
        TicketReceived hopeless = Tickets.ticket("A question", "How long do refunds take? " + UNREADABLE);
        TicketReceived next = Tickets.ticket("A question", "How long do refunds take?");

        tickets.send("unlucky", hopeless);
        tickets.send("unlucky", next);

        RunCompleted failed = completed(hopeless);
        assertThat(failed.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(failed.reply()).isNull();
        assertThat(failed.reason())
                .contains("StackOverflowError", failed.runId().toString())
                .doesNotContain(UNREADABLE);
        assertThat(api.run("unlucky", hopeless).get("steps").toString()).contains("\"failed\"");
        assertThat(completed(next).outcome()).isEqualTo(Outcome.RESOLVED);
    }

    @Test
    void aRunThatWaitsForTheDatabaseDoesNotFailHoweverOftenItIsTried() {
        outages.set(5);
        TicketReceived ticket = Tickets.ticket("A question", "How long do refunds take? " + OUTAGE);

        tickets.send("unlucky", ticket);

        assertThat(completed(ticket).outcome()).isNotEqualTo(Outcome.FAILED);
        assertThat(outages).hasValue(0);
    }

    private RunCompleted completed(TicketReceived ticket) {
        tickets.awaitLast(ticket, RunCompleted.class);
        return tickets.only(ticket, RunCompleted.class);
    }

    @TestConfiguration(proxyBeanMethods = false)
    static class Broken {

        @Bean
        AtomicInteger outages() {
            return new AtomicInteger();
        }

        @Bean
        @Primary
        TextClassifier brokenClassifier(@Qualifier("localClassifier") TextClassifier local, AtomicInteger outages) {
            return new TextClassifier() {
                @Override
                public String method() {
                    return local.method();
                }

                @Override
                public Classification classify(String clientId, String redactedText) {
                    if (redactedText.contains(UNREADABLE)) {
                        throw new StackOverflowError(redactedText);
                    }
                    if (redactedText.contains(OUTAGE) && outages.get() > 0) {
                        outages.decrementAndGet();
                        throw new CannotGetJdbcConnectionException("it is away");
                    }
                    return local.classify(clientId, redactedText);
                }
            };
        }
    }
}

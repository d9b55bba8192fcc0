package io.opsrelay.agent.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.agent.AgentApi;
import io.opsrelay.agent.Tickets;
import io.opsrelay.agent.WithModelServer;
import io.opsrelay.contracts.Event;
import io.opsrelay.contracts.RunEvent.RunCompleted;
import io.opsrelay.contracts.TicketEvent.TicketReceived;
import io.opsrelay.testing.FakeModelServer;
import io.opsrelay.testing.FakeModelServer.Reply;
import io.opsrelay.testing.TestKafka;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

/** A slow model holds up those who wait for it and nobody else, neither each other nor another client. */
@WithModelServer("slow")
@SpringBootTest(
        properties = {
            "opsrelay.knowledge.demo-clients=crowd,hasty",
            "opsrelay.llm.models.slow.timeout=120s",
        })
class ManyRunsTest {

    private static final int RUNS = 300;
    private Tickets tickets;
    private AgentApi api;

    @Autowired
    private FakeModelServer model;

    @Autowired
    void connect(TestKafka kafka, MockMvcTester http) {
        tickets = new Tickets(kafka);
        api = new AgentApi(http);
    }

    @Test
    void hundredsOfRunsWaitForASlowModelAtOnce() {
        // given
        api.workflow("crowd", "{\"mode\":\"pipeline\",\"engine\":\"slow\"}");
        model.thinks(
                request -> Reply.call("reply_to_customer", Map.of("text", "It is all in our rules.", "passages", "p1"))
                        .after(Duration.ofSeconds(25)));

        // when
        List<TicketReceived> crowd = IntStream.range(0, RUNS)
                .mapToObj(i -> Tickets.ticket("A question", "How long do refunds take?"))
                .toList();
        crowd.forEach(ticket -> tickets.send("crowd", ticket));
        TicketReceived other = Tickets.ticket("A question", "How long do refunds take?");
        tickets.send("hasty", other);

        // then: the other client has its answer while all of these still wait
        tickets.awaitLast(other, RunCompleted.class);
        Map<UUID, List<Event>> said = Awaitility.await()
                .atMost(Duration.ofMinutes(4))
                .pollInterval(Duration.ofMillis(500))
                .until(tickets::saidOf, all -> crowd.stream()
                        .allMatch(ticket -> all.getOrDefault(ticket.ticketId(), List.of()).stream()
                                .anyMatch(RunCompleted.class::isInstance)));
        assertThat(model.mostUnderWay()).isGreaterThan(RUNS / 2);
        crowd.forEach(ticket -> assertThat(said.get(ticket.ticketId()).stream()
                        .filter(RunCompleted.class::isInstance)
                        .map(event -> ((RunCompleted) event).reply()))
                .containsExactly("It is all in our rules."));
    }
}

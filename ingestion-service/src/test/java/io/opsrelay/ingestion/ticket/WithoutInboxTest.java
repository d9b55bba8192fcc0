package io.opsrelay.ingestion.ticket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsrelay.benchmarks.history.History;
import io.opsrelay.benchmarks.history.HistoryChecker;
import io.opsrelay.contracts.Event;
import io.opsrelay.contracts.RunEvent.RunParked;
import io.opsrelay.ingestion.Api;
import io.opsrelay.ingestion.IngestionServiceTest;
import io.opsrelay.ingestion.OtherServices;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestDatabase;
import io.opsrelay.testing.TestKafka;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/** What the checker of histories must catch: a consumer that applies a delivery again. */
@IngestionServiceTest
class WithoutInboxTest {

    @Autowired
    private Api api;

    @Autowired
    private OtherServices others;

    @Autowired
    private TestDatabase database;

    private final List<UUID> eventIds = new ArrayList<>();
    private final Instant time = Instant.now();

    @AfterEach
    void theInboxRemembersAgain() {
        admin().execute("drop trigger if exists forget on ingestion.inbox");
        admin().execute("drop function if exists ingestion.forget_inbox()");
    }

    @Test
    void withTheInboxASecondDeliveryLeavesASoundHistory() {
        assertThat(HistoryChecker.violations(historyOfATicketWhoseEventsComeTwice()))
                .isEmpty();
    }

    @Test
    void withoutItTheCheckerGoesRed() {
        admin().execute("""
            create function ingestion.forget_inbox() returns trigger language plpgsql security definer as
            $$ begin delete from ingestion.inbox; return null; end $$\
            """);
        admin().execute("""
            create trigger forget after insert on ingestion.inbox
            for each statement execute function ingestion.forget_inbox()\
            """);

        assertThat(HistoryChecker.violations(historyOfATicketWhoseEventsComeTwice()))
                .anyMatch(violation -> violation.contains("ticket_classified was applied twice"))
                .anyMatch(violation -> violation.contains("action_succeeded was applied twice"));
    }

    private History historyOfATicketWhoseEventsComeTwice() {
        String id = api.as("acme", Role.AGENT).ticket("Refund, please");
        List<Event> events = Happenings.of(UUID.fromString(id)).approvedRefund();
        events.forEach(event -> eventIds.add(UUID.randomUUID()));
        deliver(events);
        deliver(events);
        // Behind them on the same partition: when it is told, all of them were looked at.
        RunParked last = Happenings.of(UUID.fromString(id)).parked();
        others.tell("acme", last);
        await().atMost(TestKafka.PATIENCE)
                .untilAsserted(() -> assertThat(timeline(id).getLast().data())
                        .containsEntry("run_id", last.runId().toString()));
        List<History.Entry> entries = timeline(id);
        JsonNode ticket =
                api.as("acme", Role.AGENT).get("/api/v1/tickets/" + id).json();
        return History.empty()
                .withRuns(List.of(new History.Run("acme", UUID.randomUUID().toString(), id, "resolved", List.of())))
                .withTickets(
                        List.of(new History.Post("acme", "refund", true, List.of(new History.Answer(202, id)))),
                        List.of(new History.Ticket(
                                "acme",
                                id,
                                "refund",
                                ticket.path("status").asString(),
                                entries.subList(0, entries.size() - 1))));
    }

    private void deliver(List<Event> events) {
        for (int i = 0; i < events.size(); i++) {
            others.tell("acme", events.get(i), eventIds.get(i), time);
        }
    }

    private List<History.Entry> timeline(String id) {
        List<History.Entry> entries = new ArrayList<>();
        JsonNode ticket =
                api.as("acme", Role.AGENT).get("/api/v1/tickets/" + id).json();
        for (JsonNode entry : ticket.path("timeline")) {
            Map<String, String> data = new HashMap<>();
            entry.path("data").forEachEntry((name, value) -> data.put(name, value.asString("")));
            entries.add(new History.Entry(
                    entry.path("seq").asLong(), entry.path("event").asString(), data));
        }
        return entries;
    }

    private JdbcTemplate admin() {
        return new JdbcTemplate(database.admin());
    }
}

package io.opsrelay.ingestion.ticket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsrelay.contracts.RunEvent.Outcome;
import io.opsrelay.ingestion.Api;
import io.opsrelay.ingestion.IngestionServiceTest;
import io.opsrelay.ingestion.OtherServices;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

@IngestionServiceTest
class TicketHistoryTest {

    @Autowired
    Api api;

    @Autowired
    OtherServices others;

    @Autowired
    TestDatabase database;

    @Test
    void thePagesOfATimelineTellEverythingInTheOrderInWhichItHappened() {
        String id = resolvedTicket();
        JsonNode ticket = get("/api/v1/tickets/" + id);

        List<JsonNode> entries = pages("/api/v1/tickets/" + id + "/timeline?limit=2");

        assertThat(entries)
                .containsExactlyElementsOf(ticket.get("timeline").valueStream().toList());
        assertThat(entries.stream().map(entry -> entry.get("seq").asLong()))
                .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
        assertThat(ticket.has("timeline_cursor")).isFalse();
        assertThat(entries.stream().map(entry -> entry.get("event").asString()))
                .startsWith("ticket_received", "ticket_analyzing", "ticket_classified", "action_proposed")
                .contains("approval_requested", "approval_granted", "action_succeeded")
                .endsWith("ticket_resolved");
    }

    @Test
    void anEntryNamesTheMessageThatItBrought() {
        String id = resolvedTicket();

        List<JsonNode> messages = pages("/api/v1/tickets/" + id + "/messages?limit=1");
        List<JsonNode> entries = pages("/api/v1/tickets/" + id + "/timeline");

        assertThat(messages).hasSize(2);
        assertThat(messages.get(0).get("direction").asString()).isEqualTo("inbound");
        assertThat(messages.get(1).get("direction").asString()).isEqualTo("outbound");
        assertThat(entries.getFirst().get("message_id"))
                .isEqualTo(messages.get(0).get("message_id"));
        assertThat(entries.getLast().get("message_id"))
                .isEqualTo(messages.get(1).get("message_id"));
        assertThat(entries.get(1).has("message_id")).isFalse();
    }

    @Test
    void aLongHistoryIsShownInPartWithTheWayToTheRest() {
        String id = api.as("acme", Role.AGENT).ticket("Long");
        JdbcClient admin = JdbcClient.create(database.admin());
        admin.sql("""
                        insert into ingestion.timeline_entry
                            (client_id, ticket_id, seq, event, at, actor, summary, data)
                        select 'acme', :id, n, 'note', now(), 'user:a', 'Note ' || n, '{}'
                        from generate_series(2, 450) n
                        """).param("id", UUID.fromString(id)).update();
        admin.sql("""
                        insert into ingestion.message
                            (client_id, ticket_id, seq, message_id, direction, text, state, created_at)
                        select 'acme', :id, n, gen_random_uuid(), 'outbound', 'Reply ' || n, 'sent', now()
                        from generate_series(2, 450) n
                        """).param("id", UUID.fromString(id)).update();
        admin.sql("update ingestion.ticket set version = 450 where ticket_id = :id")
                .param("id", UUID.fromString(id))
                .update();

        JsonNode ticket = get("/api/v1/tickets/" + id);

        assertThat(ticket.get("timeline")).hasSize(200);
        assertThat(ticket.get("messages")).hasSize(200);
        assertThat(ticket.get("reply").asString()).isEqualTo("Reply 450");
        assertThat(pages("/api/v1/tickets/" + id + "/timeline?limit=200&cursor="
                        + ticket.get("timeline_cursor").asString()))
                .hasSize(250);
        assertThat(pages("/api/v1/tickets/" + id + "/messages?limit=200&cursor="
                        + ticket.get("messages_cursor").asString()))
                .hasSize(250);
    }

    @Test
    void whatCannotBePagedIsRefused() {
        String id = api.as("acme", Role.AGENT).ticket("Lamp");

        api.as("acme", Role.VIEWER)
                .get("/api/v1/tickets/" + id + "/timeline?cursor=abc")
                .isProblem(400, "Bad Request", "cursor", "is not a cursor: take next_cursor of the page before");
        api.as("acme", Role.VIEWER)
                .get("/api/v1/tickets/" + id + "/messages?limit=201")
                .isProblem(400, "Bad Request", "limit", "must be a number from 1 to 200");
        api.as("acme", Role.VIEWER)
                .get("/api/v1/tickets/" + UUID.randomUUID() + "/timeline")
                .has(404);
    }

    private String resolvedTicket() {
        String id = api.as("acme", Role.AGENT).ticket("Lamp");
        Happenings it = Happenings.of(UUID.fromString(id));
        others.tell("acme", it.started());
        others.tell("acme", it.classified());
        others.tell("acme", it.proposed());
        others.tell("acme", it.requested());
        others.tell("acme", it.granted());
        others.tell("acme", it.acted());
        others.tell("acme", it.succeeded());
        others.tell("acme", it.completed(Outcome.RESOLVED));
        await().until(() -> get("/api/v1/tickets/" + id).get("version").asLong() == 9);
        return id;
    }

    private List<JsonNode> pages(String path) {
        List<JsonNode> seen = new ArrayList<>();
        String mark = path.contains("?") ? "&" : "?";
        String first = path.replaceAll("&cursor=.*", "");
        JsonNode page = get(path);
        page.get("items").forEach(seen::add);
        while (!page.get("next_cursor").isNull()) {
            page = get(first + mark + "cursor=" + page.get("next_cursor").asString());
            page.get("items").forEach(seen::add);
        }
        return seen;
    }

    private JsonNode get(String path) {
        return api.as("acme", Role.VIEWER).get(path).has(200).json();
    }
}

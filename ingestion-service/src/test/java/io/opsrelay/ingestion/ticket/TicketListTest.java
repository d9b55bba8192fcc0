package io.opsrelay.ingestion.ticket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsrelay.contracts.RunEvent.Outcome;
import io.opsrelay.ingestion.Api;
import io.opsrelay.ingestion.IngestionServiceTest;
import io.opsrelay.ingestion.OtherServices;
import io.opsrelay.security.Role;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

@IngestionServiceTest
class TicketListTest {

    /** A client of its own for each test: lists are counted. */
    private final String client = "list-" + UUID.randomUUID().toString().substring(0, 8);

    @Autowired
    Api api;

    @Autowired
    OtherServices others;

    @Test
    void pagesGoFromTheNewestToTheOldestAndMeetEachTicketOnce() {
        List<String> posted = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            posted.add(api.as(client, Role.AGENT).ticket("Ticket " + i));
        }
        Collections.reverse(posted);

        List<String> seen = new ArrayList<>();
        JsonNode page = list("?limit=3");
        seen.addAll(ids(page));
        while (!page.get("next_cursor").isNull()) {
            page = list("?limit=3&cursor=" + page.get("next_cursor").asString());
            seen.addAll(ids(page));
        }

        assertThat(seen).containsExactlyElementsOf(posted);
    }

    @Test
    void aPageEndsWithoutCursorWhenNothingFollows() {
        api.as(client, Role.AGENT).ticket("One");
        api.as(client, Role.AGENT).ticket("Two");

        assertThat(list("?limit=2").get("next_cursor").isNull()).isTrue();
        assertThat(list("?limit=1").get("next_cursor").isNull()).isFalse();
    }

    @Test
    void aListShowsWhatIsKnownOfEachTicketButNotItsText() {
        String id = api.as(client, Role.AGENT).ticket("Lamp");

        JsonNode item = list("").get("items").get(0);

        assertThat(item.get("ticket_id").asString()).isEqualTo(id);
        assertThat(item.get("status").asString()).isEqualTo("received");
        assertThat(item.get("customer").get("email").asString()).isEqualTo("mary.major@example.org");
        assertThat(item.has("body")).isFalse();
        assertThat(item.has("timeline")).isFalse();
    }

    @Test
    void aListShowsWhoHasEachTicketAndItsTagsWhicheverWayItIsFound() {
        Api.As agent = api.as(client, Role.AGENT);
        String plain = agent.ticket("Zeppelin plain");
        String handled = agent.ticket("Zeppelin handled");
        agent.put("/api/v1/tickets/" + handled + "/tags", "{\"tags\":[\"vip\",\"late\"]}", Map.of())
                .has(200);
        agent.put("/api/v1/tickets/" + handled + "/assignee", "{\"assignee\":\"jo@acme.example\"}", Map.of())
                .has(200);

        for (String query :
                List.of("", "status=received", "sort=-priority", "q=zeppelin", "sort=priority&channel=api")) {
            JsonNode items = list("?" + query).get("items");
            assertThat(items).as(query).hasSize(2);
            for (JsonNode item : items) {
                boolean isHandled = item.get("ticket_id").asString().equals(handled);
                assertThat(isHandled || item.get("ticket_id").asString().equals(plain))
                        .isTrue();
                assertThat(item.get("tags").valueStream().map(JsonNode::asString))
                        .as(query)
                        .containsExactlyElementsOf(isHandled ? List.of("late", "vip") : List.of());
                assertThat(item.has("assignee")).isEqualTo(isHandled);
            }
        }
        assertThat(list("?tag=vip&assignee=jo@acme.example")
                        .get("items")
                        .get(0)
                        .get("assignee")
                        .asString())
                .isEqualTo("jo@acme.example");
    }

    @Test
    void statusesFilterUnderTheirOwnAndUnderTheOlderNames() {
        String received = api.as(client, Role.AGENT).ticket("Received");
        String analyzing = api.as(client, Role.AGENT).ticket("Analyzing");
        String acting = api.as(client, Role.AGENT).ticket("Acting");
        String resolved = api.as(client, Role.AGENT).ticket("Resolved");
        String failed = api.as(client, Role.AGENT).ticket("Failed");
        Happenings one = Happenings.of(UUID.fromString(analyzing));
        Happenings two = Happenings.of(UUID.fromString(acting));
        others.tell(client, one.started());
        others.tell(client, two.started());
        others.tell(client, two.granted());
        others.tell(client, Happenings.of(UUID.fromString(resolved)).completed(Outcome.RESOLVED));
        others.tell(client, Happenings.of(UUID.fromString(failed)).completed(Outcome.FAILED));
        await().untilAsserted(() -> assertThat(ids(list("?status=acting"))).containsExactly(acting));
        await().untilAsserted(() -> assertThat(ids(list("?status=received"))).containsExactly(received));

        assertThat(ids(list("?status=pending"))).containsExactly(received);
        assertThat(ids(list("?status=processing"))).containsExactly(acting, analyzing);
        assertThat(ids(list("?status=processing&limit=1"))).containsExactly(acting);
        assertThat(ids(list("?status=completed"))).containsExactly(resolved);
        assertThat(ids(list("?status=failed"))).containsExactly(failed);
        assertThat(ids(list("?status=escalated"))).isEmpty();
    }

    @Test
    void theOtherFiltersNarrowTogether() {
        String wanted = post("{\"channel\":\"chat\",\"priority\":\"high\",\"external_id\":\"x-1\",");
        post("{\"channel\":\"chat\",\"priority\":\"low\",");
        post("{\"priority\":\"high\",");

        assertThat(ids(list("?channel=chat"))).hasSize(2);
        assertThat(ids(list("?priority=high"))).hasSize(2);
        assertThat(ids(list("?channel=chat&priority=high"))).containsExactly(wanted);
        assertThat(ids(list("?external_id=x-1"))).containsExactly(wanted);
        assertThat(ids(list("?status=pending&channel=chat&priority=high&external_id=x-1")))
                .containsExactly(wanted);
        assertThat(ids(list("?category=refund_request"))).isEmpty();
        assertThat(ids(list("?channel=%27%20or%20true--"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "?status=open    | status must be received, analyzing, awaiting_approval, acting, resolved, escalated,"
                        + " failed or closed, or one of the older names pending, processing, completed",
                "?limit=0        | limit must be a number from 1 to 200",
                "?limit=201      | limit must be a number from 1 to 200",
                "?limit=9999999999999999999 | limit must be a number from 1 to 200",
                "?cursor=abc     | cursor is not a cursor: take next_cursor of the page before",
                "?cursor=YXxifGN8ZHxl | cursor belongs to a list with another sort or filter: keep them, or begin without a"
                        + " cursor",
                "?sort=subject   | sort must be one of -created_at, created_at, -updated_at, updated_at, -priority,"
                        + " priority, status, -status, channel, -channel, category, -category",
                "?customer_id=me | customer_id must be the customer_id of a ticket",
                "?created_from=yesterday | created_from must be a time like 2026-11-20T10:00:00Z",
                "?q=%00          | q must not contain a NUL character",
                "?channel=%00    | channel must not contain a NUL character",
            })
    void whatCannotBeListedIsRefused(String query, String detail) {
        String field = detail.substring(0, detail.indexOf(' '));
        api.as(client, Role.VIEWER)
                .get("/api/v1/tickets" + query)
                .isProblem(400, "Bad Request", field, detail.substring(field.length() + 1));
    }

    private String post(String beginning) {
        return api.as(client, Role.AGENT)
                .post("/api/v1/tickets", beginning + "\"subject\":\"s\",\"body\":\"b\",\"customer_email\":\"a@b.co\"}")
                .has(202)
                .json()
                .get("ticket_id")
                .asString();
    }

    private JsonNode list(String query) {
        return api.as(client, Role.VIEWER)
                .get("/api/v1/tickets" + query)
                .has(200)
                .json();
    }

    private static List<String> ids(JsonNode page) {
        return page.get("items")
                .valueStream()
                .map(item -> item.get("ticket_id").asString())
                .toList();
    }
}

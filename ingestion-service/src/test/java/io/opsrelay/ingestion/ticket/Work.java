package io.opsrelay.ingestion.ticket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.opsrelay.contracts.ContractJson;
import io.opsrelay.contracts.Event;
import io.opsrelay.contracts.EventCatalog;
import io.opsrelay.contracts.Headers;
import io.opsrelay.contracts.RunEvent.Outcome;
import io.opsrelay.contracts.Topics;
import io.opsrelay.ingestion.Api;
import io.opsrelay.ingestion.OtherServices;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestKafka;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** Tickets of one client at work: people and the agent, each doing their part. */
record Work(Api api, OtherServices others, TestKafka kafka, String client) {

    String open(String channel) {
        return agent().post(
                        "/api/v1/tickets",
                        "{\"subject\":\"Broken lamp\",\"body\":\"The lamp came in pieces.\",\"customer_email\":"
                                + "\"mary.major@example.org\",\"channel\":\"" + channel + "\"}")
                .has(202)
                .json()
                .get("ticket_id")
                .asString();
    }

    /** A ticket that a run has brought to its end. */
    String ended(Outcome outcome) {
        String id = open("api");
        run(id, outcome);
        return id;
    }

    /** A run of its own for a new ticket. */
    void run(String id, Outcome outcome) {
        run(Happenings.of(UUID.fromString(id)), outcome);
    }

    void run(Happenings run, Outcome outcome) {
        others.tell(client, run.started());
        others.tell(client, run.completed(outcome));
        awaitStatus(run.ticketId().toString(), outcome.name().toLowerCase(java.util.Locale.ROOT));
    }

    /** The run that the ticket waits for. */
    Happenings requested(String id) {
        return new Happenings(
                UUID.fromString(id),
                UUID.fromString(ticket(id).get("run_id").asString()),
                UUID.randomUUID(),
                UUID.randomUUID());
    }

    Api.As agent() {
        return api.as(client, Role.AGENT);
    }

    Api.Answer post(String id, String what, Map<String, Object> body) {
        return agent().post("/api/v1/tickets/" + id + "/" + what, JSONObjectUtils.toJSONString(body));
    }

    Api.Answer put(String id, String what, Map<String, Object> body) {
        return agent().put("/api/v1/tickets/" + id + "/" + what, JSONObjectUtils.toJSONString(body), Map.of());
    }

    Api.Answer reply(String id, String text) {
        return post(id, "replies", Map.of("text", text));
    }

    JsonNode ticket(String id) {
        return agent().get("/api/v1/tickets/" + id).has(200).json();
    }

    void awaitStatus(String id, String status) {
        await().atMost(TestKafka.PATIENCE)
                .untilAsserted(
                        () -> assertThat(ticket(id).get("status").asString()).isEqualTo(status));
    }

    List<String> timeline(String id) {
        return strings(ticket(id).get("timeline"), "event");
    }

    static List<String> strings(JsonNode list, String field) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(node -> node.get(field).asString())
                .toList();
    }

    /** The events of that type about the ticket, at least so many. */
    <E extends Event> List<E> told(String id, Class<E> type, int atLeast) {
        String name = EventCatalog.typeOf(type).value();
        return kafka
                .await(
                        Topics.TICKET,
                        atLeast,
                        message -> id.equals(message.key()) && name.equals(TestKafka.header(message, Headers.TYPE)),
                        TestKafka.PATIENCE)
                .stream()
                .map(message -> ContractJson.mapper().readValue(message.value(), type))
                .toList();
    }
}

package io.opsrelay.ingestion.ticket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsrelay.contracts.Headers;
import io.opsrelay.contracts.TicketEvent.TicketClassified;
import io.opsrelay.contracts.TicketEvent.TicketCorrected;
import io.opsrelay.contracts.Topics;
import io.opsrelay.ingestion.Api;
import io.opsrelay.ingestion.IngestionServiceTest;
import io.opsrelay.ingestion.OtherServices;
import io.opsrelay.testing.TestKafka;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** What people judge otherwise than the agent. */
@IngestionServiceTest
class CorrectionTest {

    @Autowired
    private Api api;

    @Autowired
    private OtherServices others;

    @Autowired
    private TestKafka kafka;

    private Work work;

    @BeforeEach
    void somebodyWorksAtAcme() {
        work = new Work(api, others, kafka, "acme");
    }

    @Test
    void aPersonSaysWhatATicketIsAboutAndTheOthersAreTold() {
        String id = classified();

        Api.Answer answer = work.put(id, "category", Map.of("category", "delivery", "reason", "It never came."))
                .has(200);

        assertThat(answer.headers()).containsEntry("ETag", "\"4\"");
        JsonNode ticket = work.ticket(id);
        assertThat(ticket.get("category").asString()).isEqualTo("delivery");
        assertThat(ticket.has("confidence")).isFalse();
        JsonNode entry = ticket.get("timeline").get(3);
        assertThat(entry.get("event").asString()).isEqualTo("ticket_category_set");
        assertThat(entry.get("summary").asString())
                .isEqualTo("Category set to delivery by agent@acme.example: It never came.");
        assertThat(entry.at("/data/before").asString()).isEqualTo("refund_request");
        assertThat(work.told(id, TicketCorrected.class, 1))
                .containsExactly(new TicketCorrected(
                        UUID.fromString(id),
                        "category",
                        "refund_request",
                        "model-7",
                        "delivery",
                        "user:agent@acme.example"));
        kafka.await(
                Topics.FEED,
                message -> "ticket_category_set".equals(TestKafka.header(message, Headers.FRAME))
                        && new String(message.value()).contains(id)
                        && !new String(message.value()).contains("It never came."));
    }

    @Test
    void aLaterRunDoesNotTakeThePersonsWordBack() {
        String id = classified();
        work.put(id, "category", Map.of("category", "delivery")).has(200);
        work.put(id, "language", Map.of("language", "de")).has(200);
        work.put(id, "sentiment", Map.of("sentiment", "neutral")).has(200);
        work.put(id, "priority", Map.of("priority", "low")).has(200);

        others.tell("acme", classification(id, run(id), "account"));

        await().atMost(TestKafka.PATIENCE)
                .untilAsserted(() -> assertThat(work.timeline(id)).endsWith("ticket_classified"));
        JsonNode ticket = work.ticket(id);
        assertThat(ticket.get("category").asString()).isEqualTo("delivery");
        assertThat(ticket.has("confidence")).isFalse();
        assertThat(ticket.get("language").asString()).isEqualTo("de");
        assertThat(ticket.get("sentiment").asString()).isEqualTo("neutral");
        assertThat(ticket.get("priority").asString()).isEqualTo("low");
        assertThat(work.told(id, TicketCorrected.class, 4))
                .extracting(TicketCorrected::field)
                .containsExactly("category", "language", "sentiment", "priority");
    }

    @Test
    void whoSaysTheSameAsTheAgentConfirmsItOnce() {
        String id = classified();

        work.put(id, "category", Map.of("category", "refund_request")).has(200);
        work.put(id, "category", Map.of("category", "refund_request")).has(200);

        JsonNode ticket = work.ticket(id);
        assertThat(ticket.get("version").asLong()).isEqualTo(4);
        assertThat(ticket.get("confidence").asDouble()).isEqualTo(0.9);
        assertThat(ticket.get("timeline").get(3).get("summary").asString())
                .isEqualTo("Category confirmed: refund request by agent@acme.example");
        assertThat(work.told(id, TicketCorrected.class, 1))
                .singleElement()
                .satisfies(told -> assertThat(told.corrected()).isEqualTo(told.classified()));
    }

    @Test
    void aTicketThatNobodyHasClassifiedGetsItsCategoryFromThePerson() {
        String id = work.open("api");

        work.put(id, "category", Map.of("category", "Lamps & shades")).has(200);

        assertThat(work.ticket(id).get("category").asString()).isEqualTo("Lamps & shades");
        assertThat(work.told(id, TicketCorrected.class, 1))
                .singleElement()
                .satisfies(told -> assertThat(told.classified()).isNull());
    }

    @Test
    void whoDecidedOnAnOlderVersionIsRefused() {
        String id = classified();

        work.agent()
                .put("/api/v1/tickets/" + id + "/category", "{\"category\":\"delivery\"}", Map.of("If-Match", "\"2\""))
                .has(412);

        assertThat(work.ticket(id).get("category").asString()).isEqualTo("refund_request");
    }

    @ParameterizedTest
    @CsvSource({"' delivery'", "'two  spaces'", "''", "'a\tb'", "'a\u200bb'", "'a\u00a0b'"})
    void whatCouldBeNoLabelIsRefusedByName(String category) {
        String id = work.open("api");

        work.put(id, "category", Map.of("category", category))
                .isProblem(
                        422,
                        "Unprocessable Content",
                        "category",
                        "must be 1 to 100 visible characters with single spaces between them, like the labels of the"
                                + " classifier");
        work.put(id, "category", Map.of("category", "x".repeat(101))).has(422);
        work.put(id, "language", Map.of("language", "german")).has(422);
        work.put(id, "sentiment", Map.of("sentiment", "angry")).has(422);
        assertThat(work.ticket(id).get("version").asLong()).isEqualTo(1);
    }

    /** A ticket that a run works on and has classified. */
    private String classified() {
        String id = work.open("api");
        Happenings run = Happenings.of(UUID.fromString(id));
        others.tell("acme", run.started());
        others.tell("acme", classification(id, run.runId(), "refund_request"));
        await().atMost(TestKafka.PATIENCE)
                .untilAsserted(() -> assertThat(work.timeline(id)).endsWith("ticket_classified"));
        return id;
    }

    private UUID run(String id) {
        return UUID.fromString(work.ticket(id).get("run_id").asString());
    }

    private static TicketClassified classification(String id, UUID runId, String category) {
        return new TicketClassified(
                UUID.fromString(id),
                runId,
                category,
                0.9,
                false,
                "en",
                "negative",
                "high",
                "local",
                "model-7",
                1.0,
                null,
                null,
                null,
                null);
    }
}

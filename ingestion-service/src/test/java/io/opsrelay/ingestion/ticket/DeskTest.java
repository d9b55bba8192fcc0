package io.opsrelay.ingestion.ticket;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.contracts.Headers;
import io.opsrelay.contracts.RunEvent.Outcome;
import io.opsrelay.contracts.TicketEvent.RunRequested;
import io.opsrelay.contracts.TicketEvent.StatusSet;
import io.opsrelay.contracts.Topics;
import io.opsrelay.ingestion.Api;
import io.opsrelay.ingestion.IngestionServiceTest;
import io.opsrelay.ingestion.OtherServices;
import io.opsrelay.testing.TestKafka;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** What people do to tickets over the API. */
@IngestionServiceTest
class DeskTest {

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
    void aPersonTakesATicketOverAndTheAgentIsTold() {
        String id = work.open("api");

        Api.Answer answer = work.post(id, "status", Map.of("status", "escalated", "reason", "I call her myself."))
                .has(200);

        assertThat(answer.headers()).containsEntry("ETag", "\"2\"");
        assertThat(answer.json().get("status").asString()).isEqualTo("escalated");
        JsonNode entry = work.ticket(id).get("timeline").get(1);
        assertThat(entry.get("event").asString()).isEqualTo("ticket_status_set");
        assertThat(entry.get("actor").asString()).isEqualTo("user:agent@acme.example");
        assertThat(entry.get("summary").asString())
                .isEqualTo("Set from received to escalated by agent@acme.example: I call her myself.");
        assertThat(work.told(id, StatusSet.class, 1).getFirst().reason()).isEqualTo("I call her myself.");
    }

    @Test
    void whatTheAgentSaysAfterThatComesTooLate() {
        String id = work.open("api");
        Happenings run = Happenings.of(java.util.UUID.fromString(id));
        others.tell("acme", run.started());
        work.awaitStatus(id, "analyzing");
        work.post(id, "status", Map.of("status", "resolved", "reason", "On the phone."))
                .has(200);

        others.tell("acme", run.completed(Outcome.ESCALATED));
        others.tell("acme", run.parked());

        org.awaitility.Awaitility.await().atMost(TestKafka.PATIENCE).untilAsserted(() -> assertThat(work.timeline(id))
                .endsWith("run_completed", "run_parked"));
        assertThat(work.ticket(id).get("status").asString()).isEqualTo("resolved");
        assertThat(work.ticket(id).has("resolved_at")).isTrue();
    }

    @Test
    void everyChangeIsOnTheFeedWithTheTicketsVersion() {
        String id = work.open("api");
        work.post(id, "status", Map.of("status", "escalated")).has(200);
        work.put(id, "tags", Map.of("tags", List.of("lamp"))).has(200);
        work.put(id, "assignee", Map.of("assignee", "bob@acme.example")).has(200);
        work.post(id, "messages", Map.of("text", "Private words", "internal", true))
                .has(201);

        List<String> frames =
                kafka
                        .await(Topics.FEED, 5, message -> new String(message.value()).contains(id), TestKafka.PATIENCE)
                        .stream()
                        .map(message -> {
                            assertThat(new String(message.value())).doesNotContain("Private words");
                            return TestKafka.header(message, Headers.FRAME);
                        })
                        .toList();

        assertThat(frames)
                .containsExactly(
                        "ticket_received", "ticket_status_set", "ticket_tagged", "ticket_assigned", "note_written");
    }

    @ParameterizedTest
    @CsvSource({"received", "analyzing", "failed", "\"\"", "RESOLVED", "pending"})
    void onlyThreeStatusesCanBeAskedForAtAll(String status) {
        String id = work.open("api");

        work.post(id, "status", Map.of("status", status.replace("\"", "")))
                .isProblem(422, "Unprocessable Content", "status", "must be one of resolved, escalated, closed");
        assertThat(work.ticket(id).get("version").asLong()).isEqualTo(1);
    }

    @Test
    void whileAnActionIsDecidedAboutNobodySetsTheStatusOrMerges() {
        String id = work.open("api");
        Happenings run = Happenings.of(java.util.UUID.fromString(id));
        Stream.of(run.started(), run.proposed(), run.prepared(), run.requested())
                .forEach(event -> others.tell("acme", event));
        work.awaitStatus(id, "awaiting_approval");

        work.post(id, "status", Map.of("status", "closed")).has(409);
        work.post(id, "merge", Map.of("into", work.open("api"))).has(409);
        work.post(id, "retry", Map.of()).has(409);
        work.put(id, "priority", Map.of("priority", "urgent")).has(200);

        others.tell("acme", run.granted());
        work.awaitStatus(id, "acting");
        assertThat(work.ticket(id).get("priority").asString()).isEqualTo("urgent");
    }

    @Test
    void aClosedTicketIsClosedForGood() {
        String id = work.open("api");
        work.post(id, "status", Map.of("status", "closed")).has(200);

        work.post(id, "status", Map.of("status", "resolved")).has(409);
        work.post(id, "retry", Map.of()).has(409);
        work.post(id, "messages", Map.of("text", "Hello")).has(409);
        work.post(id, "messages", Map.of("text", "Hello", "internal", true)).has(201);
    }

    @Test
    void whoDecidedOnAnOlderVersionIsRefused() {
        String id = work.open("api");
        String path = "/api/v1/tickets/" + id;
        Map<String, String> first = Map.of("If-Match", "\"1\"");

        work.agent().post(path + "/status", "{\"status\":\"escalated\"}", first).has(200);
        work.agent().post(path + "/status", "{\"status\":\"closed\"}", first).has(412);
        work.agent().post(path + "/retry", "{}", first).has(412);
        work.agent()
                .post(path + "/merge", "{\"into\":\"" + work.open("api") + "\"}", first)
                .has(412);
        work.agent().put(path + "/tags", "{\"tags\":[\"x\"]}", first).has(412);
        work.agent().put(path + "/priority", "{\"priority\":\"low\"}", first).has(412);
        work.agent().put(path + "/assignee", "{\"assignee\":\"bob\"}", first).has(412);
        work.agent()
                .put(path + "/assignee", "{\"assignee\":\"bob\"}", Map.of("If-Match", "W/\"2\""))
                .has(412);
        work.agent()
                .put(path + "/assignee", "{\"assignee\":\"bob\"}", Map.of("If-Match", "\"2\""))
                .has(200);

        assertThat(work.ticket(id).get("version").asLong()).isEqualTo(3);
    }

    @Test
    void ofManyPeopleAtOnceOneSetsTheStatus() {
        String id = work.open("api");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Integer> answers = IntStream.range(0, 8)
                    .mapToObj(n -> CompletableFuture.supplyAsync(
                            () -> work.agent()
                                    .post(
                                            "/api/v1/tickets/" + id + "/status",
                                            "{\"status\":\"escalated\"}",
                                            n % 2 == 0 ? Map.of("If-Match", "\"1\"") : Map.of())
                                    .status(),
                            threads))
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .toList();

            assertThat(answers)
                    .containsOnlyOnce(200)
                    .allMatch(status -> status == 200 || status == 409 || status == 412);
        }
        assertThat(work.timeline(id)).containsExactly("ticket_received", "ticket_status_set");
    }

    @Test
    void aFailedTicketGoesToTheAgentAgain() {
        String id = work.ended(Outcome.FAILED);

        work.post(id, "retry", Map.of("reason", "The model is back.")).has(202);

        RunRequested requested = work.told(id, RunRequested.class, 1).getFirst();
        assertThat(requested.cause()).isEqualTo("retried");
        assertThat(requested.by()).isEqualTo("user:agent@acme.example");
        assertThat(requested.textOpen()).isTrue();
        assertThat(requested.ticket().body()).isEqualTo("The lamp came in pieces.");
        assertThat(requested.ticket().customer().verified()).isTrue();
        assertThat(requested.conversation()).isEmpty();
        assertThat(work.ticket(id).get("status").asString()).isEqualTo("received");

        work.run(work.requested(id), Outcome.RESOLVED);

        assertThat(work.timeline(id))
                .containsExactly(
                        "ticket_received",
                        "ticket_analyzing",
                        "ticket_failed",
                        "ticket_retried",
                        "ticket_analyzing",
                        "ticket_resolved");
    }

    @Test
    void afterARetryOnlyTheRunThatWasAskedForCounts() {
        String id = work.open("api");
        Happenings lost = Happenings.of(java.util.UUID.fromString(id));
        others.tell("acme", lost.started());
        Happenings second = lost.withOtherRun();
        work.run(second, Outcome.ESCALATED);
        work.post(id, "retry", Map.of()).has(202);

        others.tell("acme", lost.completed(Outcome.RESOLVED));
        others.tell("acme", lost.started());
        others.tell("acme", lost.parked());

        org.awaitility.Awaitility.await().atMost(TestKafka.PATIENCE).untilAsserted(() -> assertThat(work.timeline(id))
                .endsWith("run_completed", "run_started", "run_parked"));
        assertThat(work.ticket(id).get("status").asString()).isEqualTo("received");
        work.run(work.requested(id), Outcome.RESOLVED);
    }

    @Test
    void aTicketThatDidNotFailIsNotRetried() {
        work.post(work.open("api"), "retry", Map.of()).has(409);
        work.post(work.ended(Outcome.RESOLVED), "retry", Map.of()).has(409);
    }

    @Test
    void tagsAreReplacedAndTheSameOnesChangeNothing() {
        String id = work.open("api");

        work.put(id, "tags", Map.of("tags", List.of("VIP", "größe:xl", "vip"))).has(200);
        assertThat(tagsOf(id)).containsExactly("größe:xl", "vip");
        assertThat(work.put(id, "tags", Map.of("tags", List.of("vip", "größe:xl")))
                        .json()
                        .get("version")
                        .asLong())
                .isEqualTo(2);
        work.put(id, "tags", Map.of("tags", List.of("vip", "late delivery"))).has(200);
        assertThat(tagsOf(id)).containsExactly("late delivery", "vip");
        work.put(id, "tags", Map.of("tags", List.of())).has(200);
        assertThat(tagsOf(id)).isEmpty();
        assertThat(work.ticket(id).get("version").asLong()).isEqualTo(4);
    }

    @Test
    void whatIsNoTagPriorityOrUserIsRefusedWithItsField() {
        String id = work.open("api");
        List<String> many = IntStream.range(0, 21).mapToObj(n -> "t" + n).toList();

        work.put(id, "tags", Map.of()).has(422);
        work.put(id, "tags", Map.of("tags", List.of(""))).has(422);
        work.put(id, "tags", Map.of("tags", List.of("a<b>"))).has(422);
        work.put(id, "tags", Map.of("tags", List.of("x".repeat(51)))).has(422);
        work.put(id, "tags", Map.of("tags", many))
                .isProblem(422, "Unprocessable Content", "tags", "must be at most 20");
        work.put(id, "priority", Map.of("priority", "asap"))
                .isProblem(422, "Unprocessable Content", "priority", "must be one of low, normal, high, urgent");
        work.put(id, "priority", Map.of()).has(422);
        work.put(id, "assignee", Map.of())
                .isProblem(422, "Unprocessable Content", "assignee", "is required: a user's name, or null for nobody");
        work.put(id, "assignee", Map.of("assignee", "two words")).has(422);
        work.put(id, "assignee", Map.of("assignee", 7)).has(422);
        work.put(id, "assignee", Map.of("assignee", "bob", "until", "monday")).has(400);
        work.post(id, "messages", Map.of("text", " ")).has(422);
        work.post(id, "messages", Map.of("text", "a\u0000b")).has(422);
        work.post(id, "messages", Map.of()).has(422);
        work.post(id, "replies", Map.of("text", "x".repeat(100_001))).has(422);
        work.post(id, "replies", Map.of("text", "x", "external_id", "")).has(422);
        work.post(id, "merge", Map.of("into", "nonsense")).has(422);
        work.post(id, "merge", Map.of()).has(422);
        work.post(id, "status", Map.of("status", "closed", "reason", "x".repeat(1_001)))
                .has(422);

        assertThat(work.ticket(id).get("version").asLong()).isEqualTo(1);
    }

    @Test
    void apersonsPriorityOutweighsTheAgents() {
        String id = work.open("api");
        work.put(id, "priority", Map.of("priority", "low")).has(200);
        work.put(id, "priority", Map.of("priority", "low")).has(200);
        Happenings run = Happenings.of(java.util.UUID.fromString(id));

        others.tell("acme", run.started());
        others.tell("acme", run.classified());
        work.run(run.withOtherRun(), Outcome.ESCALATED);

        assertThat(work.ticket(id).get("priority").asString()).isEqualTo("low");
    }

    @Test
    void aTicketIsAssignedAndTakenAway() {
        String id = work.open("api");
        work.put(id, "assignee", Map.of("assignee", "bob@acme.example")).has(200);
        assertThat(work.ticket(id).get("assignee").asString()).isEqualTo("bob@acme.example");

        Map<String, Object> nobody = new HashMap<>();
        nobody.put("assignee", null);
        work.put(id, "assignee", nobody).has(200);

        assertThat(work.ticket(id).has("assignee")).isFalse();
        assertThat(work.timeline(id)).containsExactly("ticket_received", "ticket_assigned", "ticket_unassigned");
    }

    @Test
    void aPersonsReplyWaitsForItsChannelAndANoteForNobody() {
        String id = work.open("email");

        work.post(id, "messages", Map.of("text", "A new lamp is on its way.")).has(201);
        work.post(id, "messages", Map.of("text", "She sounded angry.", "internal", true))
                .has(201);

        JsonNode ticket = work.ticket(id);
        assertThat(Work.strings(ticket.get("messages"), "direction")).containsExactly("inbound", "outbound", "note");
        assertThat(Work.strings(ticket.get("messages"), "state")).containsExactly("delivered", "pending", "delivered");
        assertThat(ticket.get("messages").get(1).get("author").asString()).isEqualTo("user:agent@acme.example");
        assertThat(ticket.get("reply").asString()).isEqualTo("A new lamp is on its way.");
    }

    @Test
    void aReplyThatNothingBringsHasFailedAndSaysWhatToDo() {
        String id = work.open("chat");

        JsonNode receipt = work.post(id, "messages", Map.of("text", "A new lamp is on its way."))
                .has(201)
                .json();

        assertThat(receipt.get("state").asString()).isEqualTo("failed");
        JsonNode ticket = work.ticket(id);
        assertThat(ticket.get("messages").get(1).get("state").asString()).isEqualTo("failed");
        assertThat(work.timeline(id)).containsExactly("ticket_received", "reply_written", "message_failed");
        JsonNode failed = ticket.get("timeline").get(2);
        assertThat(failed.get("summary").asString())
                .contains("nothing brings replies to customers of channel chat", "reply_by_email");
        assertThat(failed.get("data").get("message_id")).isEqualTo(receipt.get("message_id"));
        assertThat(ticket.get("version").asLong()).isEqualTo(3);
        assertThat(work.put(id, "tags", Map.of("tags", List.of("told")))
                        .has(200)
                        .json()
                        .get("version")
                        .asLong())
                .isEqualTo(4);
    }

    @Test
    void theSameRequestWritesOneMessage() {
        String id = work.open("email");
        String path = "/api/v1/tickets/" + id + "/messages";
        String key = "key-" + id;
        Map<String, String> headers = Map.of("Idempotency-Key", key);

        String first = work.agent()
                .post(path, "{\"text\":\"Hello\"}", headers)
                .has(201)
                .text();
        assertThat(work.agent()
                        .post(path, "{\"text\":\"Hello\"}", headers)
                        .has(200)
                        .text())
                .isEqualTo(first);
        work.agent().post(path, "{\"text\":\"Other\"}", headers).has(422);
        work.agent()
                .post(path, "{\"text\":\"Hello\",\"internal\":true}", headers)
                .has(422);

        assertThat(work.ticket(id).get("messages")).hasSize(2);
    }

    private List<String> tagsOf(String id) {
        return java.util.stream.StreamSupport.stream(work.ticket(id).get("tags").spliterator(), false)
                .map(JsonNode::asString)
                .toList();
    }
}

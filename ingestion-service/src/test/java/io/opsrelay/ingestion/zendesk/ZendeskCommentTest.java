package io.opsrelay.ingestion.zendesk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsrelay.contracts.RunEvent.Outcome;
import io.opsrelay.contracts.RunEvent.RunCompleted;
import io.opsrelay.contracts.RunEvent.RunStarted;
import io.opsrelay.ingestion.Api;
import io.opsrelay.ingestion.OtherServices;
import io.opsrelay.ingestion.ZendeskTest;
import io.opsrelay.security.Role;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What customers write at Zendesk on tickets that are here. */
@ZendeskTest
class ZendeskCommentTest {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String RUNS = "/api/v1/connectors/zendesk/runs";
    private static final String REPLY = "Dear Mary, we have sent you another lamp today.";

    @Autowired
    Api api;

    @Autowired
    OtherServices others;

    private final String client = "zec" + UUID.randomUUID().toString().substring(0, 8);
    private final FakeZendesk zendesk = new FakeZendesk();
    private String channelId;

    @BeforeEach
    void account() {
        String body = JSON.writeValueAsString(Map.of(
                "kind",
                "zendesk",
                "name",
                "desk",
                "settings",
                Map.of(
                        "subdomain",
                        "acme",
                        "base_url",
                        zendesk.url(),
                        "email",
                        FakeZendesk.EMAIL,
                        "write_back",
                        "public"),
                "secrets",
                Map.of("api_token", FakeZendesk.TOKEN, "webhook_secret", "hook")));
        channelId = api.as(client, Role.ADMIN)
                .post("/api/v1/channels", body)
                .has(201)
                .json()
                .get("channel_id")
                .asString();
    }

    @AfterEach
    void stop() {
        zendesk.close();
    }

    @Test
    void aCommentOfTheCustomerReopensTheAnsweredTicketAndTheNextAnswerIsWrittenBack() {
        String ticket = answered(1);
        zendesk.customerWrites(1, "The second one is broken, too.");

        JsonNode run = awaitRun(begin("{}"), "waiting");

        assertThat(run.get("comments_taken").asInt()).isEqualTo(1);
        assertThat(run.get("waiting").asInt()).isEqualTo(1);
        assertThat(item(run, 1).get("comments_taken").asInt()).isEqualTo(1);
        assertThat(item(run, 1).get("ticket_id").asString()).isEqualTo(ticket);
        assertThat(inbound(ticket)).containsExactly("The lamp came in pieces.", "The second one is broken, too.");
        JsonNode ours = ticket(ticket);
        assertThat(ours.get("status").asString()).isEqualTo("received");

        answer(ticket, ours.get("run_id").asString(), "A third one is on its way.");

        JsonNode done = awaitRun(run.get("run_id").asString(), "completed");
        assertThat(item(done, 1).get("comment_updated").asBoolean()).isTrue();
        assertThat(item(done, 1).get("draft_status").asString()).isEqualTo("sent");
        assertThat(zendesk.comments(1).getLast()).containsEntry("body", "A third one is on its way.");
    }

    @Test
    void eachCommentIsTakenOnceHoweverOftenTheTicketIsFetched() throws Exception {
        String ticket = answered(1);
        zendesk.customerWrites(1, "One.");
        zendesk.customerWrites(1, "Two.");
        zendesk.customerWrites(1, "Three.");

        awaitRun(begin("{}"), "waiting");
        JsonNode all = awaitRun(begin("{\"only_unprocessed\":false}"), "completed");
        JsonNode told = awaitRun(hook(), "completed");

        assertThat(inbound(ticket)).containsExactly("The lamp came in pieces.", "One.", "Two.", "Three.");
        assertThat(all.get("comments_taken").asInt()).isZero();
        assertThat(told.get("comments_taken").asInt()).isZero();
        zendesk.customerWrites(1, "Four.");
        JsonNode next = awaitRun(begin("{}"), "completed");
        assertThat(next.get("comments_taken").asInt()).isEqualTo(1);
        assertThat(item(next, 1).get("state").asString()).isEqualTo("succeeded");
        assertThat(item(next, 1).get("reason").asString()).contains("was added");
        assertThat(inbound(ticket)).endsWith("Three.", "Four.").hasSize(5);
    }

    @Test
    void whatDidNotChangeAtZendeskCostsNoCallForItsComments() {
        answered(1);
        awaitRun(begin("{}"), "completed");
        long before = commentCalls();

        awaitRun(begin("{\"only_unprocessed\":false}"), "completed");
        awaitRun(begin("{\"only_unprocessed\":false}"), "completed");

        assertThat(commentCalls()).isEqualTo(before);
    }

    @Test
    void whatAgentsThirdPersonsTheTelephoneAndWeWroteIsNotTheCustomers() {
        String ticket = answered(1);
        zendesk.write(1, FakeZendesk.AGENT, "Which lamp is it?", true);
        zendesk.write(1, FakeZendesk.AGENT, "She calls every week.", false);
        zendesk.write(1, 4_711, "I am only in copy.", true);
        zendesk.write(1, 1_001, "An internal one of the requester's.", false);
        zendesk.customerCalls(1);

        JsonNode run = awaitRun(begin("{}"), "completed");

        assertThat(run.get("comments_taken").asInt()).isZero();
        assertThat(item(run, 1).get("state").asString()).isEqualTo("skipped");
        assertThat(inbound(ticket)).containsExactly("The lamp came in pieces.");
        assertThat(ticket(ticket).get("status").asString()).isEqualTo("resolved");
    }

    @Test
    void ourOwnCommentIsNotTheCustomersEvenWhereTheAccountWroteTheTicketItself() {
        zendesk.ticketOf(FakeZendesk.BOT, 1, "Broken lamp", "The lamp came in pieces.", "bot@acme.example");
        String ticket = answered(1, false);

        JsonNode run = awaitRun(begin("{}"), "completed");

        assertThat(zendesk.comments(1)).singleElement().satisfies(comment -> assertThat(comment)
                .containsEntry("author_id", FakeZendesk.BOT)
                .containsEntry("public", true));
        assertThat(run.get("comments_taken").asInt()).isZero();
        assertThat(inbound(ticket)).containsExactly("The lamp came in pieces.");
    }

    @Test
    void whatStoodThereBeforeTheTicketWasTakenInComesWithIt() {
        zendesk.ticket(1, "Broken lamp", "The lamp came in pieces.", "mary@example.org");
        zendesk.customerWrites(1, "Is anybody there?");
        zendesk.customerSendsFile(1);

        JsonNode run = awaitRun(begin("{}"), "waiting");

        assertThat(item(run, 1).get("comments_taken").asInt()).isEqualTo(2);
        assertThat(inbound(item(run, 1).get("ticket_id").asString()))
                .containsExactly(
                        "The lamp came in pieces.",
                        "Is anybody there?",
                        "(No text, but files: 1. They are to be seen at Zendesk.)");
    }

    @Test
    void onATicketThatIsClosedHereAnotherBeginsWhoseAnswersGoToTheSameTicketThere() {
        String ticket = answered(1);
        api.as(client, Role.AGENT)
                .post("/api/v1/tickets/" + ticket + "/status", "{\"status\":\"closed\"}")
                .has(200);
        zendesk.customerWrites(1, "It broke again.");
        zendesk.customerWrites(1, "Are you there?");

        JsonNode run = awaitRun(begin("{}"), "waiting");

        assertThat(run.get("comments_taken").asInt()).isEqualTo(2);
        String another = item(run, 1).get("ticket_id").asString();
        assertThat(another).isNotEqualTo(ticket);
        assertThat(inbound(another)).containsExactly("It broke again.", "Are you there?");
        assertThat(inbound(ticket)).containsExactly("The lamp came in pieces.");
        answer(another, UUID.randomUUID().toString(), "We are here.");
        awaitRun(run.get("run_id").asString(), "completed");
        assertThat(zendesk.comments(1).getLast()).containsEntry("body", "We are here.");
        // And what comes then belongs to that one.
        zendesk.customerWrites(1, "Thank you.");
        String last = begin("{}");
        awaitFetched(last);
        assertThat(item(run(last), 1).get("ticket_id").asString()).isEqualTo(another);
        assertThat(inbound(another)).endsWith("Thank you.").hasSize(3);
        assertThat(ticket(ticket).get("status").asString()).isEqualTo("closed");
    }

    @Test
    void aWebhookBringsTheCommentThatItTellsOf() throws Exception {
        String ticket = answered(1);
        zendesk.customerWrites(1, "The second one is broken, too.");

        JsonNode run = awaitRun(hook(), "waiting");

        assertThat(run.get("comments_taken").asInt()).isEqualTo(1);
        assertThat(inbound(ticket)).containsExactly("The lamp came in pieces.", "The second one is broken, too.");
    }

    @Test
    void aPullAndWebhooksAtTheSameTimeTakeEachCommentOnce() throws Exception {
        String ticket = answered(1);
        List<String> runs = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            zendesk.customerWrites(1, "Word " + i);
            runs.add(hook());
            if (i == 3) {
                runs.add(begin("{}"));
            }
        }

        runs.forEach(this::awaitFetched);
        int taken = runs.stream()
                .mapToInt(run -> run(run).get("comments_taken").asInt())
                .sum();
        assertThat(taken).isEqualTo(6);
        assertThat(inbound(ticket))
                .containsExactly(
                        "The lamp came in pieces.", "Word 0", "Word 1", "Word 2", "Word 3", "Word 4", "Word 5");
    }

    @Test
    void aCommentThatMovesToTheNextPageWhileAnotherComesIsTakenOnce() {
        String ticket = answered(1);
        zendesk.customerWrites(1, "One.");
        zendesk.customerWrites(1, "Two.");
        List<Map<String, Object>> all = zendesk.comments(1);
        answerWithPage(true, all.get(2), all.get(1));
        answerWithPage(false, all.get(1), all.get(0));

        JsonNode run = awaitRun(begin("{}"), "waiting");

        assertThat(run.get("comments_taken").asInt()).isEqualTo(2);
        assertThat(inbound(ticket)).containsExactly("The lamp came in pieces.", "One.", "Two.");
    }

    private void answerWithPage(boolean more, Map<String, Object> newer, Map<String, Object> older) {
        String page = JSON.writeValueAsString(
                Map.of("comments", List.of(newer, older), "meta", Map.of("has_more", more, "after_cursor", "a place")));
        zendesk.answerNextTo("/api/v2/tickets/1/comments.json", 200, page, null);
    }

    @Test
    void aPageThatIsFetchedAgainAfterTroubleTakesNothingTwice() {
        String one = answered(1);
        String other = answered(2);
        zendesk.customerWrites(1, "I am the first.");
        zendesk.customerWrites(2, "I am the second.");
        long before = commentCallsFor(1);
        zendesk.answerNextTo("/api/v2/tickets/2/comments.json", 429, "{\"error\":\"TooManyRequests\"}", "1");
        zendesk.answerNextTo("/api/v2/tickets/2/comments.json", 503, "", null);

        JsonNode run = awaitRun(begin("{}"), "waiting");

        assertThat(run.get("comments_taken").asInt()).isEqualTo(2);
        assertThat(inbound(one)).containsExactly("The lamp came in pieces.", "I am the first.");
        assertThat(inbound(other)).containsExactly("The lamp came in pieces.", "I am the second.");
        assertThat(commentCallsFor(1) - before)
                .as("calls for the first one's, which was stored")
                .isEqualTo(1);
    }

    @Test
    void commentsThatCannotBeReadFailTheirTicketAloneAndAreReadWhenItChangesAgain() {
        String one = answered(1);
        String other = answered(2);
        zendesk.customerWrites(1, "I am the first.");
        zendesk.customerWrites(2, "I am the second.");
        zendesk.answerNextTo("/api/v2/tickets/1/comments.json", 404, "{\"error\":\"RecordNotFound\"}", null);

        JsonNode run = awaitRun(begin("{}"), "waiting");

        assertThat(item(run, 1).get("state").asString()).isEqualTo("failed");
        assertThat(item(run, 1).get("reason").asString())
                .contains("comments cannot be read")
                .contains("404");
        assertThat(inbound(other)).endsWith("I am the second.");
        zendesk.status(1, "pending");
        awaitRun(begin("{}"), "waiting");
        assertThat(inbound(one)).containsExactly("The lamp came in pieces.", "I am the first.");
    }

    @Test
    void ofAnErasedCustomersTicketNoCommentIsTakenAgain() {
        String email = "zec" + UUID.randomUUID() + "@example.org";
        zendesk.ticket(1, "Broken lamp", "The lamp came in pieces.", email);
        String ticket = answered(1, false);
        zendesk.customerWrites(1, "My name is Mary.");
        awaitRun(begin("{}"), "waiting");
        answer(ticket, ticket(ticket).get("run_id").asString(), REPLY);
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(ticket(ticket).get("status").asString()).isEqualTo("resolved"));
        Api.As admin = api.as(client, Role.ADMIN);
        String customer = ticket(ticket).path("customer").path("customer_id").asString();
        admin.post(
                        "/api/v1/customers/" + customer + "/erase",
                        "{\"confirm\":\"" + email + "\",\"reason\":\"Asked for it\"}")
                .has(200);
        await().atMost(PATIENCE).until(() -> zendesk.comments(1).size() == 3);

        JsonNode run = awaitRun(begin("{}"), "completed");

        assertThat(run.get("comments_taken").asInt()).isZero();
        assertThat(inbound(ticket)).containsExactly("[erased]", "[erased]");
    }

    private String answered(long id) {
        zendesk.ticket(id, "Broken lamp", "The lamp came in pieces.", "mary@example.org");
        return answered(id, true);
    }

    /** Fetched, and answered at Zendesk. */
    private String answered(long id, boolean fresh) {
        JsonNode run = awaitRun(begin("{}"), "waiting");
        assertThat(fresh ? item(run, id).get("comments_taken").asInt() : 0).isZero();
        String ticket = item(run, id).get("ticket_id").asString();
        answer(ticket, UUID.randomUUID().toString(), REPLY);
        awaitRun(run.get("run_id").asString(), "completed");
        assertThat(zendesk.comments(id)).hasSize(1);
        return ticket;
    }

    private void answer(String ticket, String run, String reply) {
        others.tell(client, new RunStarted(UUID.fromString(ticket), UUID.fromString(run), "local"));
        others.tell(
                client, new RunCompleted(UUID.fromString(ticket), UUID.fromString(run), Outcome.RESOLVED, reply, null));
    }

    private JsonNode ticket(String ticket) {
        return api.as(client, Role.VIEWER)
                .get("/api/v1/tickets/" + ticket)
                .has(200)
                .json();
    }

    private List<String> inbound(String ticket) {
        return ticket(ticket)
                .get("messages")
                .valueStream()
                .filter(message -> message.get("direction").asString().equals("inbound"))
                .map(message -> message.get("text").asString())
                .toList();
    }

    private long commentCalls() {
        return zendesk.requests().stream()
                .filter(request -> request.contains("/comments.json"))
                .count();
    }

    private long commentCallsFor(long id) {
        return zendesk.requests().stream()
                .filter(request -> request.contains("/tickets/" + id + "/comments"))
                .count();
    }

    private String begin(String body) {
        return api.as(client, Role.AGENT)
                .post(RUNS, body)
                .has(202)
                .json()
                .get("run_id")
                .asString();
    }

    private String hook() throws Exception {
        String body = "{\"type\":\"zen:event-type:ticket.comment_added\",\"subject\":\"zen:ticket:1\","
                + "\"detail\":{\"id\":\"1\"},\"event\":{\"comment\":{\"body\":\"not what is believed\"}}}";
        Instant at = Instant.now();
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("hook".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        String signature =
                Base64.getEncoder().encodeToString(mac.doFinal((at + body).getBytes(StandardCharsets.UTF_8)));
        return api.asNobody()
                .post(
                        "/webhooks/zendesk/" + channelId,
                        body,
                        Map.of(
                                "X-Zendesk-Webhook-Signature",
                                signature,
                                "X-Zendesk-Webhook-Signature-Timestamp",
                                at.toString()))
                .has(200)
                .json()
                .get("run_id")
                .asString();
    }

    private JsonNode awaitRun(String run, String state) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(run(run).get("state").asString())
                        .as(run(run).toString())
                        .isEqualTo(state));
        return run(run);
    }

    private void awaitFetched(String run) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(run(run).get("state").asString())
                        .as(run(run).toString())
                        .isIn("waiting", "completed"));
    }

    private JsonNode run(String run) {
        return api.as(client, Role.AGENT).get(RUNS + "/" + run).has(200).json();
    }

    private static JsonNode item(JsonNode run, long zendeskId) {
        for (JsonNode item : run.get("tickets")) {
            if (item.get("zendesk_id").asLong() == zendeskId) {
                return item;
            }
        }
        throw new AssertionError("no ticket " + zendeskId + " in " + run);
    }
}

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
import java.util.Base64;
import java.util.LinkedHashMap;
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

/** Runs against a Zendesk that speaks as the real one. */
@ZendeskTest
class ZendeskRunTest {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String RUNS = "/api/v1/connectors/zendesk/runs";
    private static final String REPLY = "Dear Mary, we have sent you another lamp today; please keep the pieces.";

    @Autowired
    Api api;

    @Autowired
    OtherServices others;

    private final String client = "zen" + UUID.randomUUID().toString().substring(0, 8);
    private final FakeZendesk zendesk = new FakeZendesk();
    private String channelId;

    @BeforeEach
    void account() {
        channelId = channel(client, Map.of(), Map.of("api_token", FakeZendesk.TOKEN, "webhook_secret", "hook"));
    }

    @AfterEach
    void stop() {
        zendesk.close();
    }

    @Test
    void ticketsArePulledAnsweredAndWrittenBackAsADraftWithATag() {
        zendesk.ticket(1, "Broken lamp", "The lamp came in pieces.", "mary@example.org");
        String run = begin("{\"industry\":\"retail\"}");

        JsonNode waiting = awaitRun(run, "waiting");
        assertThat(waiting.get("total").asInt()).isEqualTo(1);
        assertThat(waiting.get("waiting").asInt()).isEqualTo(1);
        String ticket = ticketOf(waiting, 1);
        JsonNode ours = api.as(client, Role.VIEWER)
                .get("/api/v1/tickets/" + ticket)
                .has(200)
                .json();
        assertThat(ours.get("channel").asString()).isEqualTo("zendesk");
        assertThat(ours.get("priority").asString()).isEqualTo("high");
        assertThat(ours.get("metadata").get("industry").asString()).isEqualTo("retail");

        complete(ticket, Outcome.RESOLVED, REPLY, null);

        JsonNode done = awaitRun(run, "completed");
        assertThat(done.get("successful").asInt()).isEqualTo(1);
        assertThat(done.get("total_millis").asLong()).isPositive();
        JsonNode item = done.get("tickets").get(0);
        assertThat(item.get("comment_added").asBoolean()).isTrue();
        assertThat(item.get("comment_updated").asBoolean()).isFalse();
        assertThat(item.get("draft_status").asString()).isEqualTo("draft");
        assertThat(item.get("draft_word_count").asInt()).isEqualTo(13);
        assertThat(item.get("preview").asString()).isEqualTo(REPLY.substring(0, 50));
        assertThat(zendesk.comments(1)).singleElement().satisfies(comment -> {
            assertThat(comment).containsEntry("body", REPLY).containsEntry("public", false);
        });
        assertThat(zendesk.tags(1)).containsExactly("vip", "opsrelay_processed");
    }

    @Test
    void anAccountMayBeSignedInToByOAuthAndAnswerTheCustomerItself() {
        String other = "oauth" + client;
        channel(other, Map.of("write_back", "public"), Map.of("oauth_token", FakeZendesk.OAUTH));
        zendesk.ticket(1, "Broken lamp", "The lamp came in pieces.", "mary@example.org");
        Api.As agent = api.as(other, Role.AGENT);
        String run = agent.post(RUNS, "{}").has(202).json().get("run_id").asString();
        JsonNode waiting = awaitRun(other, run, "waiting");

        complete(other, ticketOf(waiting, 1), Outcome.RESOLVED, REPLY, null);

        JsonNode done = awaitRun(other, run, "completed");
        assertThat(done.get("tickets").get(0).get("draft_status").asString()).isEqualTo("sent");
        assertThat(zendesk.comments(1)).singleElement().satisfies(comment -> assertThat(comment)
                .containsEntry("public", true));
        // The first client knows nothing of that run.
        api.as(client, Role.ADMIN).get(RUNS + "/" + run).has(404);
        assertThat(api.as(client, Role.ADMIN).get(RUNS).has(200).text()).doesNotContain(run);
    }

    @Test
    void withoutADescriptionTheSubjectServesAndWithNeitherTheTicketFailsAlone() {
        zendesk.ticket(1, "Only a subject", null, "mary@example.org");
        zendesk.ticket(2, null, " ", "mary@example.org");
        zendesk.ticket(3, "Nobody", "has an address", null);

        JsonNode run = awaitRun(begin("{}"), "waiting");

        assertThat(run.get("failed").asInt()).isEqualTo(2);
        String ticket = ticketOf(run, 1);
        assertThat(api.as(client, Role.VIEWER)
                        .get("/api/v1/tickets/" + ticket)
                        .json()
                        .get("body")
                        .asString())
                .isEqualTo("Only a subject");
        assertThat(item(run, 2).get("reason").asString()).isEqualTo("has neither a description nor a subject");
        assertThat(item(run, 3).get("reason").asString()).isEqualTo("its requester has no e-mail address");
    }

    @Test
    void theLimitHoldsAndTheNextRunGoesOnWhereTheLastOneEnded() {
        for (int id = 1; id <= 5; id++) {
            zendesk.ticket(id, "Ticket " + id, "Text", "mary@example.org");
        }

        assertThat(ids(awaitRun(begin("{\"limit\":2}"), "waiting"))).containsExactly(1, 2);
        assertThat(ids(awaitRun(begin("{\"limit\":2}"), "waiting"))).containsExactly(3, 4);
        assertThat(ids(awaitRun(begin("{\"limit\":2}"), "waiting"))).containsExactly(5);
        assertThat(zendesk.requests())
                .anyMatch(request -> request.contains("start_time=0"))
                .anyMatch(request -> request.contains("cursor=c4"));
    }

    @Test
    void whatWasProcessedIsSkippedWithItsTimeAndCountedUntilARunIsForced() {
        zendesk.ticket(1, "Broken lamp", "The lamp came in pieces.", "mary@example.org");
        String ticket = ticketOf(awaitRun(begin("{}"), "waiting"), 1);
        JsonNode meanwhile = awaitRun(begin("{\"only_unprocessed\":false}"), "completed");
        assertThat(item(meanwhile, 1).get("reason").asString()).isEqualTo("is being worked on");
        complete(ticket, Outcome.RESOLVED, REPLY, null);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(zendesk.comments(1)).hasSize(1));
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(api.as(client, Role.AGENT)
                        .get(RUNS)
                        .json()
                        .get("items")
                        .get(1)
                        .get("state")
                        .asString())
                .isEqualTo("completed"));

        JsonNode again = awaitRun(begin("{}"), "completed");
        assertThat(again.get("skipped").asInt()).isEqualTo(1);
        assertThat(item(again, 1).get("state").asString()).isEqualTo("skipped");
        assertThat(Instant.parse(item(again, 1).get("processed_at").asString())).isBefore(Instant.now());
        assertThat(item(again, 1).get("duplicates").asInt()).isEqualTo(2);
        assertThat(zendesk.comments(1)).hasSize(1);

        String forced = begin("{\"force\":true}");
        awaitRun(forced, "waiting");
        String requested = api.as(client, Role.VIEWER)
                .get("/api/v1/tickets/" + ticket)
                .json()
                .get("run_id")
                .asString();
        others.tell(client, new RunStarted(UUID.fromString(ticket), UUID.fromString(requested), "local"));
        others.tell(
                client,
                new RunCompleted(
                        UUID.fromString(ticket),
                        UUID.fromString(requested),
                        Outcome.RESOLVED,
                        "Another answer.",
                        null));
        JsonNode item = item(awaitRun(forced, "completed"), 1);
        assertThat(item.get("comment_added").asBoolean()).isFalse();
        assertThat(item.get("comment_updated").asBoolean()).isTrue();
        assertThat(zendesk.comments(1)).hasSize(2);
    }

    @Test
    void anAnswerThatIsLostBetweenWriteAndMarkLeavesOneComment() {
        zendesk.ticket(1, "Broken lamp", "The lamp came in pieces.", "mary@example.org");
        String run = begin("{}");
        String ticket = ticketOf(awaitRun(run, "waiting"), 1);
        zendesk.loseNextWrite();

        complete(ticket, Outcome.RESOLVED, REPLY, null);

        awaitRun(run, "completed");
        assertThat(zendesk.comments(1))
                .filteredOn(comment -> comment.get("body").equals(REPLY))
                .hasSize(1);
        assertThat(zendesk.writes()).hasSize(1);
        assertThat(zendesk.requests())
                .anyMatch(request -> request.contains("/comments.json"))
                .anyMatch(request -> request.contains("/comments.json") && request.contains("page%5Bafter%5D="));
    }

    @Test
    void aTicketThatSomebodyChangesMeanwhileKeepsTheirTags() {
        zendesk.ticket(1, "Broken lamp", "The lamp came in pieces.", "mary@example.org");
        String run = begin("{}");
        String ticket = ticketOf(awaitRun(run, "waiting"), 1);
        zendesk.changeBeforeNextWrite();

        complete(ticket, Outcome.RESOLVED, REPLY, null);

        awaitRun(run, "completed");
        assertThat(zendesk.comments(1)).hasSize(1);
        assertThat(zendesk.tags(1)).containsExactly("vip", "added-by-somebody", "opsrelay_processed");
    }

    @Test
    void aRefusedWriteFailsThatTicketAndSaysWhy() {
        zendesk.ticket(1, "Broken lamp", "The lamp came in pieces.", "mary@example.org");
        String run = begin("{}");
        String ticket = ticketOf(awaitRun(run, "waiting"), 1);
        zendesk.status(1, "closed");

        complete(ticket, Outcome.RESOLVED, REPLY, null);

        JsonNode item = item(awaitRun(run, "completed"), 1);
        assertThat(item.get("state").asString()).isEqualTo("failed");
        assertThat(item.get("draft_status").asString()).isEqualTo("failed");
        assertThat(item.get("reason").asString()).contains("422").contains("closed prevents ticket update");
        assertThat(zendesk.comments(1)).isEmpty();
    }

    @Test
    void anEscalatedTicketGetsATagAndNoComment() {
        zendesk.ticket(1, "Broken lamp", "The lamp came in pieces.", "mary@example.org");
        String run = begin("{}");
        String ticket = ticketOf(awaitRun(run, "waiting"), 1);

        complete(ticket, Outcome.ESCALATED, null, "a person must look");

        JsonNode item = item(awaitRun(run, "completed"), 1);
        assertThat(item.get("draft_status").asString()).isEqualTo("none");
        assertThat(zendesk.tags(1)).containsExactly("vip", "opsrelay_escalated");
        assertThat(zendesk.comments(1)).isEmpty();
    }

    @Test
    void nothingOfAnErasedCustomersAnswerIsKept() {
        String email = "zen" + UUID.randomUUID() + "@example.org";
        zendesk.ticket(1, "Broken lamp", "The lamp came in pieces.", email);
        String run = begin("{}");
        String ticket = ticketOf(awaitRun(run, "waiting"), 1);
        complete(ticket, Outcome.RESOLVED, REPLY, null);
        assertThat(item(awaitRun(run, "completed"), 1).get("preview").asString())
                .isNotEmpty();
        Api.As admin = api.as(client, Role.ADMIN);
        String customer = admin.get("/api/v1/tickets/" + ticket)
                .json()
                .path("customer")
                .path("customer_id")
                .asString();

        admin.post(
                        "/api/v1/customers/" + customer + "/erase",
                        "{\"confirm\":\"" + email + "\",\"reason\":\"Asked for it\"}")
                .has(200);

        JsonNode item = item(run(client, run), 1);
        assertThat(item.path("preview").asString("")).isEmpty();
        assertThat(item.get("draft_word_count").asInt()).isEqualTo(13);
    }

    @Test
    void aBusyZendeskIsWaitedForAsItSaysAndABrokenOneWithPauses() {
        zendesk.ticket(1, "Broken lamp", "The lamp came in pieces.", "mary@example.org");
        zendesk.answerNext("GET", 429, "{\"error\":\"TooManyRequests\"}", "1");
        zendesk.answerNext("GET", 503, "", null);
        Instant begun = Instant.now();

        JsonNode run = awaitRun(begin("{}"), "waiting");

        assertThat(Duration.between(begun, Instant.now())).isGreaterThan(Duration.ofSeconds(1));
        assertThat(run.get("total").asInt()).isEqualTo(1);
        assertThat(run.path("error").asString("")).isEmpty();
    }

    @Test
    void aWrongTokenEndsTheRunAndOneThatNeverAnswersIsGivenUp() {
        String other = "wrong" + client;
        channel(other, Map.of(), Map.of("api_token", "wrong"));
        String run = api.as(other, Role.AGENT)
                .post(RUNS, "{}")
                .has(202)
                .json()
                .get("run_id")
                .asString();
        assertThat(awaitRun(other, run, "failed").get("error").asString()).contains("401");

        for (int i = 0; i < 5; i++) {
            zendesk.answerNext("GET", 500, "", null);
        }
        assertThat(awaitRun(begin("{}"), "failed").get("error").asString()).contains("500");
    }

    @Test
    void aSecondRunIsRefusedWhileTheFirstFetches() {
        // It fetches for longer than any machine halts.
        zendesk.answerNext("GET", 429, "", "300");
        begin("{}");

        api.as(client, Role.AGENT).post(RUNS, "{}").has(409);
    }

    @Test
    void wrongBodiesAndClientsWithoutAnAccountAreRefused() {
        Api.As agent = api.as(client, Role.AGENT);
        agent.post(RUNS, "{\"limit\":0}").has(422);
        agent.post(RUNS, "{\"limit\":1001}").has(422);
        agent.post(RUNS, "{\"industry\":\" \"}").has(422);
        agent.post(RUNS, "{\"channel_id\":\"nobody\"}").has(422);
        agent.post(RUNS, "{\"limits\":1}").has(400);
        api.as("no" + client, Role.AGENT).post(RUNS, "{}").has(422);
        api.as(client, Role.VIEWER).post(RUNS, "{}").has(403);
        assertThat(agent.get(RUNS).has(200).json().get("items")).isEmpty();
    }

    @Test
    void aWebhookThatIsSignedBringsItsTicketOnce() throws Exception {
        zendesk.ticket(7, "Broken lamp", "The lamp came in pieces.", "mary@example.org");
        String body =
                "{\"type\":\"zen:event-type:ticket.created\",\"subject\":\"zen:ticket:7\",\"detail\":{\"id\":\"7\"}}";

        String first =
                hook(body, Instant.now(), "hook").has(200).json().get("run_id").asString();
        String ticket = ticketOf(awaitRun(first, "waiting"), 7);
        String second =
                hook(body, Instant.now(), "hook").has(200).json().get("run_id").asString();

        JsonNode item = item(awaitRun(second, "completed"), 7);
        assertThat(item.get("state").asString()).isEqualTo("skipped");
        assertThat(item.get("ticket_id").asString()).isEqualTo(ticket);
        assertThat(hook("{\"ticket_id\":7}", Instant.now(), "hook")
                        .has(200)
                        .json()
                        .get("status")
                        .asString())
                .isEqualTo("received");
        assertThat(hook("{\"type\":\"zen:event-type:user.created\"}", Instant.now(), "hook")
                        .has(200)
                        .json()
                        .get("status")
                        .asString())
                .isEqualTo("ignored");
    }

    @Test
    void aWebhookThatIsNotSignedTooOldOrOfNoChannelIsRefused() throws Exception {
        String body = "{\"ticket_id\":7}";
        hook(body, Instant.now(), "another").has(401);
        hook(body, Instant.now().minus(Duration.ofMinutes(6)), "hook").has(401);
        api.asNobody().post("/webhooks/zendesk/" + channelId, body).has(401);
        api.asNobody()
                .post("/webhooks/zendesk/nobody", body, signed(body, Instant.now(), "hook"))
                .has(401);
        hook("{", Instant.now(), "hook").has(400);
        assertThat(zendesk.requests()).isEmpty();
    }

    private Api.Answer hook(String body, Instant at, String secret) throws Exception {
        return api.asNobody().post("/webhooks/zendesk/" + channelId, body, signed(body, at, secret));
    }

    private static Map<String, String> signed(String body, Instant at, String secret) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        String signature =
                Base64.getEncoder().encodeToString(mac.doFinal((at + body).getBytes(StandardCharsets.UTF_8)));
        return Map.of("X-Zendesk-Webhook-Signature", signature, "X-Zendesk-Webhook-Signature-Timestamp", at.toString());
    }

    private String channel(String of, Map<String, String> settings, Map<String, String> secrets) {
        Map<String, String> all = new LinkedHashMap<>(settings);
        all.put("subdomain", "acme");
        all.put("base_url", zendesk.url());
        all.put("email", FakeZendesk.EMAIL);
        String body =
                JSON.writeValueAsString(Map.of("kind", "zendesk", "name", "desk", "settings", all, "secrets", secrets));
        return api.as(of, Role.ADMIN)
                .post("/api/v1/channels", body)
                .has(201)
                .json()
                .get("channel_id")
                .asString();
    }

    private String begin(String body) {
        return api.as(client, Role.AGENT)
                .post(RUNS, body)
                .has(202)
                .json()
                .get("run_id")
                .asString();
    }

    private JsonNode awaitRun(String run, String state) {
        return awaitRun(client, run, state);
    }

    private JsonNode awaitRun(String of, String run, String state) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(run(of, run).get("state").asString())
                        .as(run(of, run).toString())
                        .isEqualTo(state));
        return run(of, run);
    }

    private JsonNode run(String of, String run) {
        return api.as(of, Role.AGENT).get(RUNS + "/" + run).has(200).json();
    }

    private void complete(String ticket, Outcome outcome, String reply, String reason) {
        complete(client, ticket, outcome, reply, reason);
    }

    private void complete(String of, String ticket, Outcome outcome, String reply, String reason) {
        UUID run = UUID.randomUUID();
        others.tell(of, new RunStarted(UUID.fromString(ticket), run, "local"));
        others.tell(of, new RunCompleted(UUID.fromString(ticket), run, outcome, reply, reason));
    }

    private static JsonNode item(JsonNode run, long zendeskId) {
        for (JsonNode item : run.get("tickets")) {
            if (item.get("zendesk_id").asLong() == zendeskId) {
                return item;
            }
        }
        throw new AssertionError("no ticket " + zendeskId + " in " + run);
    }

    private static String ticketOf(JsonNode run, long zendeskId) {
        return item(run, zendeskId).get("ticket_id").asString();
    }

    private static java.util.List<Integer> ids(JsonNode run) {
        return java.util.stream.StreamSupport.stream(run.get("tickets").spliterator(), false)
                .map(item -> item.get("zendesk_id").asInt())
                .toList();
    }
}

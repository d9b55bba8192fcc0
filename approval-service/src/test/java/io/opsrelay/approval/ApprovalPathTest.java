package io.opsrelay.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jwt.SignedJWT;
import io.opsrelay.approval.Api.Answer;
import io.opsrelay.contracts.ActionEvent.ActionFailed;
import io.opsrelay.contracts.ActionEvent.ActionPrepared;
import io.opsrelay.contracts.ApprovalEvent;
import io.opsrelay.contracts.ApprovalEvent.ApprovalEdited;
import io.opsrelay.contracts.ApprovalEvent.ApprovalExpired;
import io.opsrelay.contracts.ApprovalEvent.ApprovalGranted;
import io.opsrelay.contracts.ApprovalEvent.ApprovalRejected;
import io.opsrelay.contracts.ApprovalEvent.ApprovalRequested;
import io.opsrelay.contracts.ApprovalEvent.ApprovalResponded;
import io.opsrelay.contracts.Effect;
import io.opsrelay.contracts.Grant;
import io.opsrelay.contracts.Money;
import io.opsrelay.security.Role;
import io.opsrelay.testing.OpsRelayTest;
import io.opsrelay.testing.RowSecurityKit;
import io.opsrelay.testing.TestDatabase;
import io.opsrelay.testing.TestKafka;
import io.opsrelay.testing.TestTokens;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A request's whole way, told to and by the service in events and over HTTP. */
@OpsRelayTest(service = "approval")
@SpringBootTest(
        classes = ApprovalApplication.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = "opsrelay.approval.expiry-poll=100ms")
class ApprovalPathTest {

    private static final String HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    @Autowired
    private TestKafka kafka;

    @Autowired
    private TestDatabase database;

    @LocalServerPort
    private int port;

    private TestEvents events;
    private Api approver;
    private Api admin;
    private UUID actionId;
    private UUID ticketId;

    @BeforeEach
    void anActionOfItsOwn() {
        events = new TestEvents(kafka);
        approver = Api.of(port, "acme", Role.APPROVER);
        admin = Api.of(port, "acme", Role.ADMIN);
        actionId = UUID.randomUUID();
        ticketId = UUID.randomUUID();
    }

    @Test
    void aRefundWaitsForAPersonAndItsGrantBindsWhatWasApproved() throws Exception {
        // given
        UUID id = request("ai:luna");
        Map<String, Object> item = approver.get("/api/v1/approvals?status=pending&ticket_id=" + ticketId)
                .items()
                .getFirst();
        assertThat(item)
                .containsEntry("approval_id", id.toString())
                .containsEntry("action_id", actionId.toString())
                .containsEntry("action_type", "refund")
                .containsEntry("arguments_hash", HASH)
                .containsEntry("rule", "refund-needs-person")
                .containsEntry("requester", "ai:luna")
                .containsEntry("version", 1);

        // when
        Answer answer = decide(approver, id, "approve", null);

        // then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body())
                .containsEntry("status", "approved")
                .containsEntry("decision", "approve")
                .containsEntry("decided_by", "user:approver@acme.example");
        ApprovalGranted granted =
                events.await(ApprovalGranted.class, e -> e.approvalId().equals(id));
        SignedJWT grant = SignedJWT.parse(granted.grant());
        assertThat(grant.verify(new ECDSAVerifier(TestTokens.approvalKey().toPublicJWK())))
                .isTrue();
        assertThat(grant.getHeader().getType().getType()).isEqualTo(Grant.TYPE);
        assertThat(grant.getJWTClaimsSet().getClaims())
                .containsEntry("iss", Grant.ISSUER)
                .containsEntry("sub", actionId.toString())
                .containsEntry("jti", id.toString())
                .containsEntry(Grant.CLIENT, "acme")
                .containsEntry(Grant.ACTION_TYPE, "refund")
                .containsEntry(Grant.VERSION, 1L)
                .containsEntry(Grant.ARGUMENTS_HASH, HASH)
                .containsEntry(Grant.REQUESTER, "ai:luna")
                .containsEntry(Grant.APPROVER, "user:approver@acme.example")
                .containsEntry(Grant.APPROVERS, List.of("user:approver@acme.example"));
        assertThat(Duration.between(
                        grant.getJWTClaimsSet().getIssueTime().toInstant(),
                        grant.getJWTClaimsSet().getExpirationTime().toInstant()))
                .isEqualTo(Duration.ofMinutes(15));
        assertThat(events.frames(id)).containsExactly("approval_requested", "approval_decided");
    }

    @Test
    void aRepeatedDecisionIsAnsweredLikeTheFirstAndADifferentOneRefused() {
        // given
        UUID id = request("ai:luna");
        Answer first = decide(approver, id, "approve", "fine");

        // when
        Answer again = decide(approver, id, "approve", null);

        // then
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(decide(approver, id, "reject", "no").status()).isEqualTo(409);
        assertThat(decide(admin, id, "approve", null).status()).isEqualTo(409);
        events.await(ApprovalGranted.class, e -> e.approvalId().equals(id));
        assertThat(eventsAbout(id)).hasSize(2);
    }

    @Test
    void ofManyDecisionsAtOnceOneCounts() throws Exception {
        // given
        UUID id = request("ai:luna");

        // when
        List<Integer> answers;
        try (ExecutorService people = Executors.newVirtualThreadPerTaskExecutor()) {
            answers = people
                    .invokeAll(IntStream.range(0, 10)
                            .<Callable<Integer>>mapToObj(i -> () -> decide(
                                            new Api(port, "acme", "approver" + i + "@acme.example", Role.APPROVER),
                                            id,
                                            i % 2 == 0 ? "approve" : "reject",
                                            "decided by " + i)
                                    .status())
                            .toList())
                    .stream()
                    .map(Future::resultNow)
                    .toList();
        }

        // then
        assertThat(answers)
                .containsOnlyOnce(200)
                .filteredOn(status -> status == 409)
                .hasSize(9);
        await().untilAsserted(() -> assertThat(eventsAbout(id)).hasSize(2));
    }

    @Test
    void nobodyApprovesWhatTheyAskedFor() {
        UUID id = request("user:approver@acme.example");

        assertThat(decide(approver, id, "approve", null).status()).isEqualTo(403);
        assertThat(decide(admin, id, "approve", null).status()).isEqualTo(200);
    }

    @Test
    void whoWidenedARequestIsItsRequesterToo() {
        // given
        UUID id = request("ai:luna");
        edit(approver, id, Map.of("amount", "30.00"));
        UUID wider = requestVersion(2, "30.00", "user:approver@acme.example");

        // then
        assertThat(decide(approver, wider, "approve", null).status()).isEqualTo(403);

        // when
        edit(admin, wider, Map.of("amount", "29.00"));
        UUID narrower = requestVersion(3, "29.00", "user:admin@acme.example");

        // then
        assertThat(decide(approver, narrower, "approve", null).status()).isEqualTo(403);
        assertThat(decide(admin, narrower, "approve", null).status()).isEqualTo(200);
    }

    @Test
    void anEditIsHandedToTheEngineAndReplacedByTheNextPreparation() {
        // given
        UUID id = request("ai:luna");

        // when
        Answer edited = edit(approver, id, Map.of("amount", "10.00"));

        // then
        assertThat(edited.status()).isEqualTo(200);
        assertThat(edited.body())
                .containsEntry("status", "cancelled")
                .containsEntry("decision", "edit")
                .containsEntry("reason", "half is enough")
                .containsEntry("edited_arguments", Map.of("amount", "10.00"));
        ApprovalEdited event =
                events.await(ApprovalEdited.class, e -> e.approvalId().equals(id));
        assertThat(event.version()).isEqualTo(1);
        assertThat(event.arguments()).isEqualTo(Map.of("amount", "10.00"));
        assertThat(edit(approver, id, Map.of("amount", "10.00")).status()).isEqualTo(200);
        assertThat(edit(approver, id, Map.of("amount", "11.00")).status()).isEqualTo(409);

        // when
        UUID next = requestVersion(2, "10.00", "user:approver@acme.example");

        // then
        assertThat(one(admin, id).get("superseded_by")).isEqualTo(next.toString());
        assertThat(decide(approver, next, "approve", null).status()).isEqualTo(200);
    }

    @Test
    void aRefusedEditChangesNothing() {
        UUID id = request("ai:luna");

        for (Object amount : List.of("-1", "0", "1.001", "1e3", "", 5)) {
            Answer answer = edit(approver, id, Map.of("amount", amount));
            assertThat(answer.status()).as(String.valueOf(amount)).isEqualTo(422);
            assertThat(answer.list("errors").getFirst()).containsEntry("field", "arguments.amount");
        }
        assertThat(edit(approver, id, Map.of("charge_id", "ch_2")).status()).isEqualTo(422);
        assertThat(edit(approver, id, Map.of()).status()).isEqualTo(422);
        assertThat(one(admin, id).get("status")).isEqualTo("pending");
    }

    @Test
    void aRejectionAndAnAnswerNeedTheirReason() {
        UUID rejected = request("ai:luna");
        assertThat(decide(approver, rejected, "reject", null).status()).isEqualTo(422);
        assertThat(decide(approver, rejected, "reject", "  ").status()).isEqualTo(422);
        assertThat(decide(approver, rejected, "reject", "too late").status()).isEqualTo(200);
        assertThat(events.await(ApprovalRejected.class, e -> e.approvalId().equals(rejected))
                        .reason())
                .isEqualTo("too late");

        actionId = UUID.randomUUID();
        UUID answered = request("ai:luna");
        assertThat(decide(approver, answered, "respond", null).status()).isEqualTo(422);
        assertThat(decide(approver, answered, "respond", "Ask for a photo.").status())
                .isEqualTo(200);
        assertThat(events.await(ApprovalResponded.class, e -> e.approvalId().equals(answered))
                        .response())
                .isEqualTo("Ask for a photo.");
    }

    @Test
    void aDecisionOfAnotherFormIsRefusedWithTheField() {
        UUID id = request("ai:luna");
        String path = "/api/v1/approvals/" + id + "/decide";

        assertThat(approver.post(path, Map.of()).status()).isEqualTo(422);
        assertThat(approver.post(path, Map.of("decision", "maybe")).status()).isEqualTo(400);
        assertThat(approver.post(path, Map.of("decision", "approve", "colour", "red"))
                        .status())
                .isEqualTo(400);
        assertThat(approver.post(path, Map.of("decision", "approve", "arguments", Map.of("amount", "1")))
                        .status())
                .isEqualTo(422);
        assertThat(approver.post(path, Map.of("decision", "reject", "reason", "x".repeat(2_001)))
                        .status())
                .isEqualTo(422);
        // The older path takes the same body.
        assertThat(approver.post("/api/v1/approvals/" + id, Map.of("decision", "approve"))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aStaleEntityTagIsRefused() {
        UUID id = request("ai:luna");
        String tag = approver.get("/api/v1/approvals/" + id).etag().orElseThrow();
        String path = "/api/v1/approvals/" + id + "/decide";

        assertThat(approver.post(path, Map.of("decision", "approve"), "If-Match", "\"7\"")
                        .status())
                .isEqualTo(412);
        assertThat(approver.post(path, Map.of("decision", "approve"), "If-Match", tag)
                        .status())
                .isEqualTo(200);
        assertThat(admin.post(path, Map.of("decision", "reject", "reason", "no"), "If-Match", tag)
                        .status())
                .isEqualTo(412);
        assertThat(approver.post(path, Map.of("decision", "approve"), "If-Match", tag)
                        .status())
                .as("a repetition of what was done")
                .isEqualTo(200);
    }

    @Test
    void whatNobodyDecidedLapsesOnce() {
        // given
        UUID id = request("ai:luna");
        JdbcClient behind = JdbcClient.create(database.admin());
        behind.sql("update approval.approval set expires_at = now() - interval '1 second' where approval_id = :id")
                .param("id", id)
                .update();

        // then
        assertThat(decide(approver, id, "approve", null).status())
                .as("before the timer has run")
                .isEqualTo(409);

        // when
        behind.sql("update approval.scheduled_tasks set execution_time = now() where task_instance = :task")
                .param("task", "acme/" + id)
                .update();

        // then
        events.await(ApprovalExpired.class, e -> e.approvalId().equals(id));
        assertThat(one(admin, id).get("status")).isEqualTo("expired");
        assertThat(decide(approver, id, "approve", null).status()).isEqualTo(409);
        assertThat(events.frames(id)).containsExactly("approval_requested", "approval_expired");
        assertThat(eventsAbout(id)).hasSize(2);
    }

    @Test
    void aTimerThatWentOffOnAnInstanceThatDiedGoesOffOnAnother() {
        // given
        UUID id = request("ai:luna");
        JdbcClient behind = JdbcClient.create(database.admin());
        behind.sql("update approval.approval set expires_at = now() - interval '1 second' where approval_id = :id")
                .param("id", id)
                .update();

        // when
        behind.sql("update approval.scheduled_tasks set execution_time = now() - interval '1 minute', picked = true,"
                        + " picked_by = 'who died', last_heartbeat = now() - interval '1 minute'"
                        + " where task_instance = :task")
                .param("task", "acme/" + id)
                .update();

        // then
        events.await(ApprovalExpired.class, e -> e.approvalId().equals(id));
        assertThat(events.frames(id)).containsExactly("approval_requested", "approval_expired");
    }

    @Test
    void policyAloneAllowsABugReport() {
        events.send("acme", prepared("bug_report", 1, "1.00", "ai:luna", null));

        ApprovalGranted granted =
                events.await(ApprovalGranted.class, e -> e.actionId().equals(actionId));
        assertThat(granted.approver()).isEqualTo("policy:bug-report-allowed");
        assertThat(one(admin, granted.approvalId()).body())
                .containsEntry("status", "approved")
                .containsEntry("decided_by", "policy:bug-report-allowed");
    }

    @Test
    void policyDeniesWhatNoRuleNames() {
        events.send("acme", prepared("launch_rocket", 1, "1.00", "ai:luna", null));

        ApprovalRejected rejected =
                events.await(ApprovalRejected.class, e -> e.actionId().equals(actionId));
        assertThat(rejected.by()).isEqualTo("policy:no-rule-matched");
    }

    @Test
    void aRequestWhoseActionDiedIsWithdrawn() {
        // given
        UUID id = request("ai:luna");

        // when
        events.send("acme", new ActionFailed(actionId, ticketId, "refund", "edit_invalid", "too much"));

        // then
        await().untilAsserted(() -> assertThat(one(admin, id).get("status")).isEqualTo("cancelled"));
        assertThat(decide(approver, id, "approve", null).status()).isEqualTo(409);
        assertThat(eventsAbout(id)).as("the request alone").hasSize(1);
    }

    @Test
    void aPreparationThatComesTwiceIsOneRequest() {
        // given
        ActionPrepared prepared = prepared("refund", 1, "25.00", "ai:luna", null);
        events.send("acme", prepared);
        events.send("acme", prepared);

        // when
        UUID next = requestVersion(2, "20.00", "user:admin@acme.example");

        // then
        assertThat(admin.get("/api/v1/approvals?action_id=" + actionId).items())
                .hasSize(2)
                .first()
                .satisfies(item -> assertThat(item).containsEntry("approval_id", next.toString()));
    }

    @Test
    void anotherClientFindsNothing() {
        UUID id = request("ai:luna");
        Api stranger = Api.of(port, "globex", Role.ADMIN);

        assertThat(stranger.get("/api/v1/approvals/" + id).status()).isEqualTo(404);
        assertThat(decide(stranger, id, "approve", null).status()).isEqualTo(404);
        assertThat(stranger.get("/api/v1/approvals?action_id=" + actionId).items())
                .isEmpty();
        assertThat(one(admin, id).get("status")).isEqualTo("pending");
    }

    @Test
    void rolesSayWhoMayReadAndWhoMayDecide() {
        UUID id = request("ai:luna");

        for (Role role : List.of(Role.VIEWER, Role.AGENT, Role.APPROVER, Role.SRE, Role.ADMIN)) {
            assertThat(Api.of(port, "acme", role).get("/api/v1/approvals/" + id).status())
                    .as(role.name())
                    .isEqualTo(200);
        }
        assertThat(Api.of(port, "acme", Role.INGEST).get("/api/v1/approvals").status())
                .isEqualTo(403);
        for (Role role : List.of(Role.VIEWER, Role.AGENT, Role.SRE, Role.INGEST)) {
            assertThat(decide(Api.of(port, "acme", role), id, "approve", null).status())
                    .as(role.name())
                    .isEqualTo(403);
        }
        assertThat(admin.get("/api/v1/approvals?status=bogus").status()).isEqualTo(400);
        assertThat(admin.get("/api/v1/approvals/bogus").status()).isEqualTo(404);
    }

    @Test
    void everyTableWithAClientIsProtected() {
        RowSecurityKit.of(database)
                .except("told_client", "holds the names of clients that get notices, and nothing else of them")
                .except("job", "ids only: jobs are claimed before their client is set")
                .except("outbox", "the service may only append rows of its client; the relay reads all")
                .verify();
    }

    private UUID request(String requester) {
        events.send("acme", prepared("refund", 1, "25.00", requester, null));
        return events.await(ApprovalRequested.class, e -> e.actionId().equals(actionId))
                .approvalId();
    }

    private UUID requestVersion(int version, String amount, String editor) {
        events.send("acme", prepared("refund", version, amount, "ai:luna", editor));
        return events.await(ApprovalRequested.class, e -> e.actionId().equals(actionId) && e.version() == version)
                .approvalId();
    }

    private ActionPrepared prepared(String type, int version, String amount, String requester, String editor) {
        return new ActionPrepared(
                actionId,
                ticketId,
                version,
                type,
                Map.of("order_id", "A-1", "charge_id", "ch_1", "amount", amount, "currency", "EUR"),
                HASH,
                new Effect(
                        "Refund " + amount + " EUR of order A-1",
                        new Money(new BigDecimal(amount), "EUR"),
                        Map.of("remaining_after", "0.00")),
                requester,
                editor,
                null);
    }

    private static Answer decide(Api who, UUID id, String decision, String reason) {
        Map<String, Object> body = new HashMap<>();
        body.put("decision", decision);
        if (reason != null) {
            body.put("reason", reason);
        }
        return who.post("/api/v1/approvals/" + id + "/decide", body);
    }

    private static Answer edit(Api who, UUID id, Map<String, Object> arguments) {
        return who.post(
                "/api/v1/approvals/" + id + "/decide",
                Map.of("decision", "edit", "reason", "half is enough", "arguments", arguments));
    }

    private static Answer one(Api who, UUID id) {
        return who.get("/api/v1/approvals/" + id);
    }

    private List<ApprovalEvent> eventsAbout(UUID id) {
        return List.of(
                        ApprovalRequested.class,
                        ApprovalGranted.class,
                        ApprovalRejected.class,
                        ApprovalResponded.class,
                        ApprovalEdited.class,
                        ApprovalExpired.class)
                .stream()
                .<ApprovalEvent>flatMap(
                        type -> events.all(type, e -> e.approvalId().equals(id)).stream())
                .toList();
    }
}

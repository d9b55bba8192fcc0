package io.opsrelay.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;
import static org.awaitility.Awaitility.await;

import io.opsrelay.action.FaultyPayments.Fault;
import io.opsrelay.contracts.ActionEvent.ActionFailed;
import io.opsrelay.contracts.ActionEvent.ActionOutcomeUnknown;
import io.opsrelay.contracts.ActionEvent.ActionPrepared;
import io.opsrelay.contracts.ActionEvent.ActionProposed;
import io.opsrelay.contracts.ActionEvent.ActionStarted;
import io.opsrelay.contracts.ActionEvent.ActionSucceeded;
import io.opsrelay.contracts.ApprovalEvent.ApprovalEdited;
import io.opsrelay.contracts.ApprovalEvent.ApprovalExpired;
import io.opsrelay.contracts.ApprovalEvent.ApprovalGranted;
import io.opsrelay.contracts.ApprovalEvent.ApprovalRejected;
import io.opsrelay.contracts.ApprovalEvent.ApprovalRequested;
import io.opsrelay.contracts.ContractJson;
import io.opsrelay.contracts.ExportEvent;
import io.opsrelay.contracts.ExportEvent.ExportAnswered;
import io.opsrelay.contracts.ExportEvent.ExportRequested;
import io.opsrelay.contracts.Grant;
import io.opsrelay.contracts.TicketEvent.Customer;
import io.opsrelay.contracts.TicketEvent.CustomerErased;
import io.opsrelay.security.Role;
import io.opsrelay.security.seal.SealedParts;
import io.opsrelay.security.seal.SealedParts.Keys;
import io.opsrelay.testing.RowSecurityKit;
import io.opsrelay.testing.TestDatabase;
import io.opsrelay.testing.TestKafka;
import io.opsrelay.testing.TestTokens;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** An action's whole way, told to and by the service in events. */
@ActionEngineTest
class ExecutionPathTest {

    private static final String DRY_RUN = "/api/v1/actions/dry_run";

    private static final Customer MARY = new Customer(UUID.randomUUID(), "Mary.Major@example.org", true);

    @Autowired
    private TestKafka kafka;

    @Autowired
    private TestDatabase database;

    @LocalServerPort
    private int port;

    private TestEvents events;
    private Api admin;
    private UUID actionId;
    private UUID approvalId;
    private String orderId;

    @BeforeEach
    void anActionOnAnOrderOfItsOwn() {
        events = new TestEvents(kafka);
        admin = Api.of(port, "acme", Role.ADMIN);
        actionId = UUID.randomUUID();
        approvalId = UUID.randomUUID();
        orderId = "T-" + UUID.randomUUID();
        JdbcClient.create(database.admin()).sql("""
                        insert into action.sandbox_charge (client_id, charge_id, id, order_id, amount, currency,
                            customer_email, created_at)
                        values ('acme', 'ch_' || :order, gen_random_uuid(), :order, 25, 'EUR', 'mary.major@example.org',
                            '2026-01-01T00:00:00Z')
                        """).param("order", orderId).update();
    }

    @Test
    void anApprovedRefundIsDoneOnceAndEveryStepIsTold() {
        // given
        ActionPrepared prepared = propose(MARY);
        assertThat(prepared.arguments())
                .containsEntry("order_id", orderId)
                .containsEntry("amount", "25.00")
                .containsEntry("currency", "EUR")
                .containsEntry("charge_id", "ch_" + orderId);
        assertThat(prepared.effect().summary()).contains("Refund 25.00 EUR of order " + orderId);
        assertThat(prepared.effect().details())
                .containsEntry("refundable_now", "25.00")
                .containsEntry("remaining_after", "0.00");
        assertThat(prepared.argumentsHash()).matches("[0-9a-f]{64}");

        // when
        askApproval(prepared);
        approve(prepared);

        // then
        ActionSucceeded done =
                events.await(ActionSucceeded.class, e -> e.actionId().equals(actionId));
        assertThat(done.provider()).isEqualTo("sandbox");
        assertThat(refunds()).singleElement().satisfies(refund -> assertThat(refund)
                .containsEntry("refund_id", done.result().get("refund_id"))
                .containsEntry("amount", "25.00")
                .containsEntry("idempotency_key", "opsrelay-" + actionId));
        Api.Answer action = action();
        assertThat(action.body())
                .containsEntry("status", "succeeded")
                .containsEntry("provider", "sandbox")
                .containsEntry("decided_by", Grants.APPROVER)
                .containsEntry("arguments_hash", prepared.argumentsHash());
        assertThat(action.list("steps"))
                .extracting(step -> step.get("step"))
                .containsExactly("requested", "prepared", "awaiting_approval", "approved", "executing", "succeeded");
        assertThat(events.frames(actionId))
                .containsExactly(
                        "action_requested",
                        "action_prepared",
                        "action_awaiting_approval",
                        "action_approved",
                        "action_executing",
                        "action_succeeded");
        assertThat(events.frameData(actionId)).as("whoever asked can be told").allSatisfy(data -> assertThat(
                        data.findValue("requester").asString())
                .isEqualTo(prepared.requester()));
        assertThat(events.all(ActionStarted.class, e -> e.actionId().equals(actionId)))
                .hasSize(1);
    }

    @Test
    void whatIsRefundedAlreadyCannotBeRefundedAgain() {
        // given
        ActionPrepared first = propose(MARY);
        askApproval(first);
        approve(first);
        events.await(ActionSucceeded.class, e -> e.actionId().equals(actionId));

        // when
        actionId = UUID.randomUUID();
        events.send("acme", proposal("refund", Map.of("order_id", orderId), MARY));

        // then
        assertThat(failure().code()).isEqualTo("nothing_left_to_refund");
        assertThat(refunds()).hasSize(1);
    }

    enum Forgery {
        KEY,
        TYPE,
        ISSUER,
        CLIENT,
        ACTION,
        APPROVAL,
        ACTION_TYPE,
        VERSION,
        HASH,
        REQUESTER,
        OWN_APPROVAL,
        REQUESTER_AMONG_APPROVERS,
        ONE_APPROVER_TWICE,
        APPROVER_NOT_AMONG_APPROVERS,
        NO_PERSON,
        NO_EXPIRY,
        NO_SIGNATURE
    }

    @ParameterizedTest
    @EnumSource(Forgery.class)
    void aForgedGrantExecutesNothingAndLeavesTheRealOneItsWay(Forgery forgery) {
        // given
        ActionPrepared prepared = propose(MARY);
        askApproval(prepared);

        // when
        events.send("acme", Grants.event(approvalId, prepared, forge(forgery, prepared)));

        // then
        await().untilAsserted(() -> assertThat(action().list("steps"))
                .extracting(step -> step.get("step"))
                .contains("grant_refused"));
        assertThat(action().get("status")).isEqualTo("awaiting_approval");
        assertThat(refunds()).isEmpty();

        // when
        approve(prepared);

        // then
        events.await(ActionSucceeded.class, e -> e.actionId().equals(actionId));
        assertThat(refunds()).hasSize(1);
    }

    private String forge(Forgery forgery, ActionPrepared prepared) {
        var claims = Grants.claims("acme", approvalId, prepared);
        return switch (forgery) {
            case KEY -> Grants.sign(claims, TestTokens.newKey(), Grant.TYPE);
            case TYPE -> Grants.sign(claims, TestTokens.approvalKey(), "at+jwt");
            case ISSUER -> Grants.sign(claims.issuer("somebody"));
            case CLIENT -> Grants.sign(claims.claim(Grant.CLIENT, "globex"));
            case ACTION -> Grants.sign(claims.subject(UUID.randomUUID().toString()));
            case APPROVAL -> Grants.sign(claims.jwtID(UUID.randomUUID().toString()));
            case ACTION_TYPE -> Grants.sign(claims.claim(Grant.ACTION_TYPE, "bug_report"));
            case VERSION -> Grants.sign(claims.claim(Grant.VERSION, 2));
            case HASH -> Grants.sign(claims.claim(Grant.ARGUMENTS_HASH, "0".repeat(64)));
            case REQUESTER -> Grants.sign(claims.claim(Grant.REQUESTER, "ai:jade"));
            case OWN_APPROVAL -> Grants.sign(claims.claim(Grant.APPROVER, prepared.requester()));
            case REQUESTER_AMONG_APPROVERS ->
                Grants.sign(claims.claim(Grant.APPROVERS, List.of(prepared.requester(), Grants.APPROVER)));
            case ONE_APPROVER_TWICE ->
                Grants.sign(claims.claim(Grant.APPROVERS, List.of(Grants.APPROVER, Grants.APPROVER)));
            case APPROVER_NOT_AMONG_APPROVERS ->
                Grants.sign(claims.claim(Grant.APPROVERS, List.of("user:bob", "user:ann")));
            case NO_PERSON ->
                Grants.sign(claims.claim(Grant.APPROVER, "policy:refund-at-once")
                        .claim(Grant.APPROVERS, List.of("policy:refund-at-once")));
            case NO_EXPIRY -> Grants.sign(claims.expirationTime(null));
            case NO_SIGNATURE -> {
                String signed = Grants.sign(claims);
                yield signed.substring(0, signed.lastIndexOf('.') + 1);
            }
        };
    }

    @Test
    void aGrantFromBeforeApproversWereNamedCounts() {
        // given
        ActionPrepared prepared = propose(MARY);
        askApproval(prepared);

        // when
        var claims = Grants.claims("acme", approvalId, prepared).claim(Grant.APPROVERS, null);
        events.send("acme", Grants.event(approvalId, prepared, Grants.sign(claims)));

        // then
        awaitStatus("succeeded");
    }

    @Test
    void aGenuineGrantThatComesTooLateEndsTheActionVisibly() {
        // given
        ActionPrepared prepared = propose(MARY);
        askApproval(prepared);

        // when
        var claims = Grants.claims("acme", approvalId, prepared)
                .expirationTime(Date.from(Instant.now().minusSeconds(60)));
        events.send("acme", Grants.event(approvalId, prepared, Grants.sign(claims)));

        // then
        assertThat(failure().code()).isEqualTo("approval_invalid");
        assertThat(refunds()).isEmpty();
    }

    @Test
    void aGrantSentUnderAnotherClientsNameTouchesNothing() {
        // given
        ActionPrepared prepared = propose(MARY);
        askApproval(prepared);

        // when
        events.send(
                "globex",
                Grants.event(approvalId, prepared, Grants.sign(Grants.claims("globex", approvalId, prepared))));
        // What comes after it on the ticket's partition shows that it was looked at.
        events.send("acme", new ApprovalRejected(approvalId, actionId, prepared.ticketId(), Grants.APPROVER, "no"));

        // then
        awaitStatus("rejected");
        assertThat(refunds()).isEmpty();
    }

    @Test
    void everyEventMayComeTwice() {
        // given
        ActionProposed proposal = proposal("refund", Map.of("order_id", orderId), MARY);
        UUID eventId = UUID.randomUUID();
        events.send("acme", proposal, eventId);
        events.send("acme", proposal, eventId);
        events.send("acme", proposal);
        ActionPrepared prepared =
                events.await(ActionPrepared.class, e -> e.actionId().equals(actionId));
        ApprovalGranted granted = grant(prepared);

        // when
        askApproval(prepared);
        askApproval(prepared);
        events.send("acme", granted);
        events.send("acme", granted);
        events.await(ActionSucceeded.class, e -> e.actionId().equals(actionId));
        events.send("acme", granted);
        events.send("acme", new ApprovalExpired(approvalId, actionId, prepared.ticketId()));
        events.send("acme", proposal);

        // then
        ActionPrepared after = another(prepared.ticketId());
        assertThat(after.actionId()).isNotEqualTo(prepared.actionId());
        assertThat(refunds()).hasSize(1);
        assertThat(journal()).containsExactly("refund");
        assertThat(events.all(ActionPrepared.class, e -> e.actionId().equals(prepared.actionId())))
                .hasSize(1);
        assertThat(events.all(ActionSucceeded.class, e -> e.actionId().equals(prepared.actionId())))
                .hasSize(1);
    }

    /** Proposes one more action on the ticket; when it is prepared, all that was sent before it has been handled. */
    private ActionPrepared another(UUID ticketId) {
        UUID other = UUID.randomUUID();
        events.send(
                "acme",
                new ActionProposed(
                        other,
                        ticketId,
                        UUID.randomUUID(),
                        "refund",
                        Map.of("order_id", "A-1020"),
                        "ai:luna",
                        MARY,
                        null));
        return events.await(ActionPrepared.class, e -> e.actionId().equals(other));
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void aLostAnswerIsVisibleAndSettledWithTheSameKey(Fault fault) {
        // given
        FaultyPayments.next("opsrelay-" + actionId, fault);
        ActionPrepared prepared = propose(MARY);
        askApproval(prepared);

        // when
        approve(prepared);

        // then
        events.await(ActionOutcomeUnknown.class, e -> e.actionId().equals(actionId));
        events.await(ActionSucceeded.class, e -> e.actionId().equals(actionId));
        assertThat(refunds()).hasSize(1);
        boolean done = fault == Fault.DO_AND_BREAK || fault == Fault.DO_AND_DIE || fault == Fault.DO_AND_HANG;
        // Either way the provider is asked before it is called again, and what it did it is not called for again.
        assertThat(journal()).isEqualTo(done ? List.of("refund", "find_refund") : List.of("find_refund", "refund"));
        assertThat(action().list("steps"))
                .extracting(step -> step.get("step"))
                .containsSequence("executing", "unknown");
    }

    @Test
    void anActionWhoseOutcomeIsOpenIsErasedInTheCommitThatEndsIt() {
        // given
        ActionPrepared prepared = propose(MARY);
        askApproval(prepared);
        JdbcClient actions = JdbcClient.create(database.admin());

        // when
        events.send("acme", new CustomerErased(prepared.ticketId(), MARY.customerId()));

        // then it keeps what settles it
        await().untilAsserted(() -> assertThat(rowOf(actions)).contains("\"erased\": true"));
        assertThat(rowOf(actions)).containsIgnoringCase("mary.major@example.org");

        // when
        events.send(
                "acme",
                new ApprovalRejected(
                        approvalId, actionId, prepared.ticketId(), Grants.APPROVER, "write to mary.major@example.org"));

        // then
        awaitStatus("rejected");
        assertThat(rowOf(actions)).doesNotContainIgnoringCase("mary.major").contains("erased@erased.invalid");
        assertThat(action().list("steps").toString()).doesNotContain("mary.major");
    }

    @Test
    void aCopyForTheCustomerHoldsTheActionsWithTheirStepsAndIsSealedForWhoAsked() {
        // given
        ActionPrepared prepared = propose(MARY);
        askApproval(prepared);
        approve(prepared);
        events.await(ActionSucceeded.class, e -> e.actionId().equals(actionId));
        Keys keys = SealedParts.newKeys();

        // when
        ConsumerRecord<String, byte[]> written = askedFor("acme", prepared.ticketId(), keys);

        // then
        assertThat(new String(written.value(), StandardCharsets.UTF_8))
                .doesNotContainIgnoringCase("mary.major", orderId, "order_id");
        JsonNode held = opened(written, keys);
        assertThat(held.at("/actions/0/action_id").asString()).isEqualTo(actionId.toString());
        assertThat(held.at("/actions/0/customer/email").asString()).isEqualToIgnoringCase("mary.major@example.org");
        assertThat(held.at("/actions/0/result/amount").asString()).isEqualTo("25.00");
        assertThat(held.at("/actions/0/steps").valueStream().map(step -> step.get("step")
                        .asString()))
                .containsExactly("requested", "prepared", "awaiting_approval", "approved", "executing", "succeeded");
        assertThat(held.toString()).doesNotContain("client_id");

        // when another client asks about the ticket, it is told nothing
        assertThat(opened(askedFor("globex", prepared.ticketId(), keys), keys))
                .isEqualTo(ContractJson.mapper().readTree("{\"actions\": []}"));
    }

    /** The record of the answer about the ticket. */
    private ConsumerRecord<String, byte[]> askedFor(String client, UUID ticketId, Keys keys) {
        UUID exportId = UUID.randomUUID();
        events.send(client, new ExportRequested(exportId, ticketId, UUID.randomUUID(), keys.publicKey()));
        return events.awaitRecord(ExportAnswered.class, e -> e.exportId().equals(exportId));
    }

    private static JsonNode opened(ConsumerRecord<String, byte[]> message, Keys keys) {
        ExportAnswered answered = ContractJson.mapper().readValue(message.value(), ExportAnswered.class);
        return ContractJson.mapper()
                .readTree(SealedParts.open(
                        keys.privateKey(),
                        List.of(answered.content()),
                        ExportEvent.belongsTo(answered.exportId(), answered.ticketId(), "action-engine")));
    }

    private String rowOf(JdbcClient actions) {
        return actions.sql("select to_jsonb(a)::text from action.action a where action_id = ?")
                .param(actionId)
                .query(String.class)
                .single();
    }

    @Test
    void twoRefundsOfOneChargeNeverExceedIt() {
        // given
        ActionPrepared first = propose(MARY);
        UUID firstAction = actionId;
        UUID firstApproval = approvalId;
        askApproval(first);
        actionId = UUID.randomUUID();
        approvalId = UUID.randomUUID();
        ActionPrepared second = propose(MARY);
        askApproval(second);

        // when
        ApprovalGranted secondGrant = grant(second);
        actionId = firstAction;
        approvalId = firstApproval;
        events.send("acme", grant(first));
        events.send("acme", secondGrant);

        // then
        ActionFailed refused = events.await(
                ActionFailed.class,
                e -> e.actionId().equals(first.actionId()) || e.actionId().equals(second.actionId()));
        assertThat(refused.code()).isEqualTo("amount_too_large");
        await().untilAsserted(() -> assertThat(refunds()).hasSize(1));
    }

    @Test
    void whatCannotBePreparedFailsWithACode() {
        assertThat(failureOf("refund", Map.of("order_id", "A-9999"), MARY)).isEqualTo("order_not_found");
        // Another customer's order is answered like one that does not exist.
        assertThat(failureOf("refund", Map.of("order_id", "A-1021"), MARY)).isEqualTo("order_not_found");
        assertThat(failureOf("refund", Map.of(), MARY)).isEqualTo("arguments_invalid");
        assertThat(failureOf(
                        "refund",
                        Map.of("order_id", orderId),
                        new Customer(UUID.randomUUID(), "mary.major@example.org", false)))
                .isEqualTo("customer_not_verified");
        assertThat(failureOf("launch_rocket", Map.of(), MARY)).isEqualTo("unknown_action_type");
    }

    @Test
    void anEditIsPreparedAnewAndOnlyItsOwnGrantCounts() {
        // given
        ActionPrepared first = propose(MARY);
        askApproval(first);
        ApprovalGranted grantOfFirst = grant(first);

        // when
        events.send(
                "acme",
                new ApprovalEdited(
                        approvalId, actionId, first.ticketId(), 1, Map.of("amount", "10.00"), Grants.APPROVER, "half"));

        // then
        ActionPrepared second =
                events.await(ActionPrepared.class, e -> e.actionId().equals(actionId) && e.version() == 2);
        assertThat(second.arguments()).containsEntry("amount", "10.00").containsEntry("order_id", orderId);
        assertThat(second.editor()).isEqualTo(Grants.APPROVER);
        assertThat(second.argumentsHash()).isNotEqualTo(first.argumentsHash());

        // when
        approvalId = UUID.randomUUID();
        askApproval(second);
        events.send("acme", grantOfFirst);
        approve(second);

        // then
        events.await(ActionSucceeded.class, e -> e.actionId().equals(actionId));
        assertThat(refunds()).singleElement().satisfies(refund -> assertThat(refund)
                .containsEntry("amount", "10.00"));
    }

    @Test
    void whatAnEditWouldDoIsSaidBeforeItIsSentAndChangesNothing() {
        // given
        ActionPrepared prepared = propose(MARY);
        askApproval(prepared);
        awaitStatus("awaiting_approval");
        Api approver = Api.of(port, "acme", Role.APPROVER);

        // when
        Api.Answer less = approver.post(DRY_RUN, edit(Map.of("amount", "10.00")));
        Api.Answer more = approver.post(DRY_RUN, edit(Map.of("amount", "25.01")));
        Api.Answer anothers = approver.post(DRY_RUN, edit(Map.of("order_id", "A-1021")));

        // then
        assertThat(less.status()).isEqualTo(200);
        assertThat(less.body()).containsEntry("possible", true).containsEntry("action_type", "refund");
        assertThat(less.object("effect").get("details"))
                .asInstanceOf(MAP)
                .containsEntry("remaining_after", "15.00")
                .containsEntry("order_id", orderId);
        assertThat(more.object("refusal")).containsEntry("code", "amount_too_large");
        assertThat(anothers.object("refusal")).containsEntry("code", "order_not_found");
        assertThat(action().body())
                .containsEntry("status", "awaiting_approval")
                .containsEntry("arguments_hash", prepared.argumentsHash());
        assertThat(journal()).isEmpty();
    }

    @Test
    void aDryRunOfAnEditIsForThoseWhoDecideWhatStillWaits() {
        // given
        ActionPrepared prepared = propose(MARY);
        askApproval(prepared);
        awaitStatus("awaiting_approval");
        Api approver = Api.of(port, "acme", Role.APPROVER);
        Map<String, Object> half = edit(Map.of("amount", "10.00"));

        // then
        for (Role role : List.of(Role.VIEWER, Role.AGENT, Role.INGEST)) {
            assertThat(Api.of(port, "acme", role).post(DRY_RUN, half).status())
                    .as(role.name())
                    .isEqualTo(403);
        }
        assertThat(Api.of(port, "globex", Role.APPROVER).post(DRY_RUN, half).status())
                .isEqualTo(404);
        for (Map<String, Object> malformed : List.<Map<String, Object>>of(
                edit(Map.of("amount", "-5.00")),
                edit(Map.of("charge_id", "ch_1")),
                Map.of("action_id", actionId, "action_type", "probe", "arguments", Map.of()),
                Map.of("action_id", actionId, "arguments", Map.of(), "break_glass", "it burns"))) {
            assertThat(approver.post(DRY_RUN, malformed).status())
                    .as(malformed.toString())
                    .isEqualTo(422);
        }

        // when
        approve(prepared);
        awaitStatus("succeeded");

        // then
        assertThat(approver.post(DRY_RUN, half).status()).isEqualTo(409);
    }

    private Map<String, Object> edit(Map<String, Object> arguments) {
        return Map.of("action_id", actionId, "arguments", arguments);
    }

    @Test
    void anEditThatAsksForTooMuchLeavesWhatWasAskedBeforeToBeDecidedAnew() {
        // given
        ActionPrepared prepared = propose(MARY);
        askApproval(prepared);

        // when
        events.send(
                "acme",
                new ApprovalEdited(
                        approvalId,
                        actionId,
                        prepared.ticketId(),
                        1,
                        Map.of("amount", "25.01"),
                        Grants.APPROVER,
                        "a cent more"));

        // then
        ActionPrepared again =
                events.await(ActionPrepared.class, e -> e.actionId().equals(actionId) && e.version() == 2);
        assertThat(again.arguments()).isEqualTo(prepared.arguments());
        assertThat(again.argumentsHash()).isEqualTo(prepared.argumentsHash());
        assertThat(again.editor()).isNull();
        assertThat(again.editRefused()).contains(Grants.APPROVER).contains("25.00");
        assertThat(prepared.editRefused()).isNull();

        // when
        approvalId = UUID.randomUUID();
        askApproval(again);
        approve(again);

        // then
        events.await(ActionSucceeded.class, e -> e.actionId().equals(actionId));
        assertThat(action().list("steps"))
                .extracting(step -> step.get("step"))
                .containsExactly(
                        "requested",
                        "prepared",
                        "awaiting_approval",
                        "requested",
                        "prepared",
                        "awaiting_approval",
                        "approved",
                        "executing",
                        "succeeded");
        assertThat(refunds()).hasSize(1);
    }

    @Test
    void anotherClientSeesNeitherTheActionNorTheLedger() {
        // given
        propose(MARY);

        // when
        Api stranger = Api.of(port, "globex", Role.ADMIN);

        // then
        assertThat(stranger.get("/api/v1/actions/" + actionId).status()).isEqualTo(404);
        assertThat(stranger.get("/api/v1/actions").items())
                .noneMatch(item -> item.get("action_id").equals(actionId.toString()));
        assertThat(stranger.get("/api/v1/sandbox/payments?order_id=" + orderId).status())
                .isEqualTo(404);
    }

    @Test
    void rolesSayWhoMayRead() {
        propose(MARY);
        for (Role role : List.of(Role.VIEWER, Role.AGENT, Role.APPROVER, Role.SRE, Role.ADMIN)) {
            assertThat(Api.of(port, "acme", role)
                            .get("/api/v1/actions/" + actionId)
                            .status())
                    .as(role.name())
                    .isEqualTo(200);
        }
        for (Role role : List.of(Role.VIEWER, Role.AGENT, Role.APPROVER, Role.SRE, Role.INGEST)) {
            assertThat(Api.of(port, "acme", role)
                            .get("/api/v1/sandbox/payments")
                            .status())
                    .as(role.name())
                    .isEqualTo(403);
        }
        assertThat(Api.of(port, "acme", Role.INGEST).get("/api/v1/actions").status())
                .isEqualTo(403);
        assertThat(admin.get("/api/v1/actions?status=bogus").status()).isEqualTo(400);
        assertThat(admin.get("/api/v1/actions?ticket_id=bogus").status()).isEqualTo(400);
        assertThat(admin.get("/api/v1/actions/bogus").status()).isEqualTo(404);
        assertThat(admin.get("/api/v1/actions?ticket_id=" + action().get("ticket_id"))
                        .items())
                .hasSize(1);
    }

    @Test
    void theLedgerIsPagedNewestFirst() {
        // when
        Api.Answer first = admin.get("/api/v1/sandbox/payments?limit=40");
        Api.Answer second = admin.get("/api/v1/sandbox/payments?limit=40&cursor=" + first.get("next_cursor"));

        // then
        assertThat(first.items()).hasSize(40);
        assertThat(first.items().getFirst()).containsEntry("order_id", "A-1060");
        assertThat(second.items().getFirst()).containsEntry("order_id", "A-1020");
        assertThat(second.items().get(19)).containsEntry("order_id", "A-1001");
    }

    @Test
    void everyTableWithAClientIsProtected() {
        RowSecurityKit.of(database)
                .except("job", "ids only: jobs are claimed before their client is set")
                .except("outbox", "the service may only append rows of its client; the relay reads all")
                .verify();
    }

    private ActionPrepared propose(Customer customer) {
        events.send("acme", proposal("refund", Map.of("order_id", orderId, "reason", "broken"), customer));
        return events.await(ActionPrepared.class, e -> e.actionId().equals(actionId));
    }

    private ActionProposed proposal(String type, Map<String, Object> arguments, Customer customer) {
        return new ActionProposed(
                actionId,
                UUID.randomUUID(),
                UUID.randomUUID(),
                type,
                new LinkedHashMap<>(arguments),
                "ai:luna",
                customer,
                null);
    }

    private void askApproval(ActionPrepared prepared) {
        events.send(
                "acme",
                new ApprovalRequested(
                        approvalId,
                        actionId,
                        prepared.ticketId(),
                        prepared.version(),
                        "refund",
                        "refund-needs-person",
                        Instant.now().plusSeconds(3600)));
    }

    private void approve(ActionPrepared prepared) {
        events.send("acme", grant(prepared));
    }

    private ApprovalGranted grant(ActionPrepared prepared) {
        return Grants.event(approvalId, prepared, Grants.sign(Grants.claims("acme", approvalId, prepared)));
    }

    private String failureOf(String type, Map<String, Object> arguments, Customer customer) {
        actionId = UUID.randomUUID();
        events.send("acme", proposal(type, arguments, customer));
        return failure().code();
    }

    private ActionFailed failure() {
        return events.await(ActionFailed.class, e -> e.actionId().equals(actionId));
    }

    private void awaitStatus(String status) {
        await().untilAsserted(() -> assertThat(action().get("status")).isEqualTo(status));
    }

    private Api.Answer action() {
        return admin.get("/api/v1/actions/" + actionId);
    }

    private List<Map<String, Object>> refunds() {
        Api.Answer payment = admin.get("/api/v1/sandbox/payments?order_id=" + orderId);
        BigDecimal sum = payment.list("refunds").stream()
                .map(refund -> new BigDecimal((String) refund.get("amount")))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        assertThat(sum).isLessThanOrEqualTo(new BigDecimal((String)
                payment.object("charge").get("amount")));
        return payment.list("refunds");
    }

    private List<String> journal() {
        return JdbcClient.create(database.admin())
                .sql("select operation from action.sandbox_call where idempotency_key = :key order by call_id")
                .param("key", "opsrelay-" + actionId)
                .query(String.class)
                .list();
    }
}

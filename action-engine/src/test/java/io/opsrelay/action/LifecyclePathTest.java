package io.opsrelay.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsrelay.action.catalogue.Answer;
import io.opsrelay.action.execution.OpenOutcomes;
import io.opsrelay.contracts.ActionEvent.ActionCancelled;
import io.opsrelay.contracts.ActionEvent.ActionPrepared;
import io.opsrelay.contracts.ActionEvent.ActionRequested;
import io.opsrelay.contracts.ActionEvent.ActionStarted;
import io.opsrelay.contracts.ActionEvent.ActionSucceeded;
import io.opsrelay.contracts.ApprovalEvent.ApprovalRequested;
import io.opsrelay.contracts.ApprovalEvent.ApprovalWithdrawn;
import io.opsrelay.contracts.ContractJson;
import io.opsrelay.contracts.Grant;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestDatabase;
import io.opsrelay.testing.TestKafka;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Actions that wait for their target, that end late, that are called off, tried again, undone and settled by people. */
@ActionEngineTest
class LifecyclePathTest {

    @Autowired
    private TestKafka kafka;

    @Autowired
    private TestDatabase database;

    @Autowired
    private OpenOutcomes outcomes;

    @LocalServerPort
    private int port;

    private TestEvents events;
    private ActionRig rig;
    private String target;

    @BeforeEach
    void aTargetOfItsOwn() {
        events = new TestEvents(kafka);
        rig = new ActionRig("acme", events, port);
        target = "probe/" + UUID.randomUUID();
    }

    @Test
    void twoActionsOnOneTargetNeverRunAtOnceAndKeepTheirOrder() {
        // given
        CountDownLatch latch = ProbeAction.hold(target);
        UUID first = rig.granted(ActionRig.probe(target));
        await().until(() -> ProbeAction.journal(target).contains("begin opsrelay-" + first));

        // when
        UUID second = rig.granted(ActionRig.probe(target));
        await().until(() -> rig.steps(second).contains("waits"));
        UUID third = rig.granted(ActionRig.probe(target));
        await().until(() -> rig.steps(third).contains("waits"));
        latch.countDown();

        // then
        rig.awaitStatus(third, "succeeded");
        rig.awaitStatus(second, "succeeded");
        assertThat(ProbeAction.journal(target))
                .containsExactly(Stream.of(first, second, third)
                        .flatMap(id -> Stream.of("begin opsrelay-" + id, "end opsrelay-" + id))
                        .toArray(String[]::new));
        assertThat(rig.steps(second))
                .containsExactly("requested", "prepared", "approved", "waits", "executing", "succeeded");
        assertThat(rig.action(second).list("steps").get(3).get("detail"))
                .isEqualTo("waits for " + first + ", which works on the same target");
        Instant firstEnded = at(first, "succeeded");
        assertThat(at(second, "executing")).isAfterOrEqualTo(firstEnded);
        assertThat(held()).isZero();
    }

    @Test
    void anotherTargetWaitsForNobody() {
        // given
        CountDownLatch latch = ProbeAction.hold(target);
        UUID first = rig.granted(ActionRig.probe(target));
        await().until(() -> ProbeAction.journal(target).contains("begin opsrelay-" + first));

        // when
        UUID other = rig.granted(ActionRig.probe(target + "/other"));

        // then
        rig.awaitStatus(other, "succeeded");
        assertThat(rig.action(first).get("status")).isEqualTo("executing");
        latch.countDown();
        rig.awaitStatus(first, "succeeded");
    }

    @Test
    void theSameTargetOfAnotherClientIsAnotherTarget() {
        // given
        CountDownLatch latch = ProbeAction.hold(target);
        UUID ours = rig.granted(ActionRig.probe(target));
        await().until(() -> ProbeAction.journal(target).contains("begin opsrelay-" + ours));

        // when
        ActionRig globex = new ActionRig("globex", events, port);
        UUID theirs = globex.granted(ActionRig.probe(target));

        // then
        await().until(() -> ProbeAction.journal(target).contains("begin opsrelay-" + theirs));
        assertThat(globex.action(ours).status()).isEqualTo(404);
        latch.countDown();
        rig.awaitStatus(ours, "succeeded");
        globex.awaitStatus(theirs, "succeeded");
    }

    @Test
    void whatIsUnknownKeepsItsTargetUntilItIsSettled() {
        // given
        ProbeAction.losesNext(target);
        CountDownLatch latch = ProbeAction.hold(target);
        UUID first = rig.granted(ActionRig.probe(target));
        await().until(() -> ProbeAction.journal(target).contains("begin opsrelay-" + first));
        UUID second = rig.granted(ActionRig.probe(target));
        await().until(() -> rig.steps(second).contains("waits"));

        // when
        latch.countDown();

        // then: it is asked after, and called again under its key, before the other begins
        rig.awaitStatus(second, "succeeded");
        assertThat(ProbeAction.journal(target))
                .startsWith("begin opsrelay-" + first, "end opsrelay-" + first, "find opsrelay-" + first)
                .endsWith("begin opsrelay-" + second, "end opsrelay-" + second);
        assertThat(rig.action(first).get("status")).isEqualTo("succeeded");
    }

    @Test
    void aLostAnswerMayTurnOutToBeARefusal() {
        // given
        ProbeAction.losesNext(target);
        ProbeAction.finds(target, new Answer.Refused("declined", "the target said no"));

        // when
        UUID action = rig.granted(ActionRig.probe(target));

        // then
        assertThat(rig.awaitStatus(action, "failed").object("failure")).containsEntry("code", "declined");
        assertThat(ProbeAction.journal(target))
                .filteredOn(line -> line.startsWith("begin"))
                .hasSize(1);
    }

    @Test
    void whatWasTakenIsAskedAfterAndNeverCalledAgain() {
        // given
        ProbeAction.answers(target, new Answer.Accepted(Map.of("refund_id", "re_1")));

        // when
        UUID action = rig.granted(ActionRig.probe(target));

        // then
        assertThat(rig.awaitStatus(action, "settling").object("result")).containsEntry("refund_id", "re_1");
        await().until(() -> ProbeAction.journal(target).stream()
                        .filter(line -> line.startsWith("find"))
                        .count()
                >= 2);
        assertThat(rig.action(action).get("status")).isEqualTo("settling");

        // when
        ProbeAction.finds(target, new Answer.Done(Map.of("refund_id", "re_1", "status", "succeeded")));

        // then
        rig.awaitStatus(action, "succeeded");
        assertThat(ProbeAction.journal(target))
                .filteredOn(line -> line.startsWith("begin"))
                .hasSize(1);
        assertThat(rig.steps(action))
                .containsExactly("requested", "prepared", "approved", "executing", "settling", "succeeded");
        assertThat(events.frames(action)).contains("action_settling", "action_succeeded");
        assertThat(held()).isZero();
    }

    @Test
    void aHintThatSomethingEndedMakesUsAskAtOnce() {
        // given
        ProbeAction.answers(target, new Answer.Accepted(Map.of()));
        UUID action = rig.granted(ActionRig.probe(target));
        rig.awaitStatus(action, "settling");
        ProbeAction.finds(target, new Answer.Refused("refund_failed", "the card is closed"));

        // when
        outcomes.askNow("acme", action);
        outcomes.askNow("acme", action);
        outcomes.askNow("globex", action);

        // then
        await().untilAsserted(() -> assertThat(rig.action(action).get("status")).isEqualTo("failed"));
        assertThat(rig.steps(action)).containsOnlyOnce("failed");
    }

    @Test
    void anAdminSettlesWhatNobodyElseCan() {
        // given
        ProbeAction.answers(target, new Answer.Accepted(Map.of()));
        UUID action = rig.granted(ActionRig.probe(target));
        rig.awaitStatus(action, "settling");
        Map<String, Object> body = Map.of("outcome", "not_done", "reason", "the provider says so on the phone");

        // then
        assertThat(rig.sre().post(path(action, "settle"), body).status()).isEqualTo(403);
        assertThat(rig.admin()
                        .post(path(action, "settle"), Map.of("outcome", "maybe", "reason", "x"))
                        .status())
                .isEqualTo(422);
        assertThat(rig.admin()
                        .post(path(action, "settle"), Map.of("outcome", "done"))
                        .status())
                .isEqualTo(422);
        assertThat(rig.action(action).get("status")).isEqualTo("settling");

        // when
        Api.Answer settled = rig.admin().post(path(action, "settle"), body);

        // then
        assertThat(settled.status()).isEqualTo(200);
        assertThat(settled.object("failure")).containsEntry("code", "settled_not_done");
        assertThat(rig.admin().post(path(action, "settle"), body).status()).isEqualTo(409);
        assertThat(held()).isZero();
    }

    @Test
    void whatHasNotBegunCanBeCalledOffByWhoAskedAndIsNeverCalled() {
        // given
        UUID action = rig.request(ActionRig.probe(target));
        ActionPrepared prepared = rig.prepared(action);

        // when
        Api.Answer cancelled = rig.sre().post(path(action, "cancel"), Map.of("reason", "not needed any more"));
        Api.Answer again = rig.sre().post(path(action, "cancel"), Map.of("reason", "not needed any more"));
        rig.grant(prepared);

        // then
        assertThat(cancelled.status()).isEqualTo(200);
        assertThat(cancelled.get("status")).isEqualTo("cancelled");
        assertThat(again.status()).isEqualTo(200);
        ActionCancelled event =
                events.await(ActionCancelled.class, e -> e.actionId().equals(action));
        assertThat(event.by()).isEqualTo("user:sre@acme.example");
        await().until(() -> rig.steps(action).contains("grant_refused"));
        assertThat(rig.action(action).get("status")).isEqualTo("cancelled");
        assertThat(ProbeAction.journal(target)).isEmpty();
        assertThat(events.frames(action)).contains("action_cancelled");
    }

    @Test
    void whoWaitsForATargetCanBeCalledOffAndLetsOthersPass() {
        // given
        CountDownLatch latch = ProbeAction.hold(target);
        UUID first = rig.granted(ActionRig.probe(target));
        await().until(() -> ProbeAction.journal(target).contains("begin opsrelay-" + first));
        UUID second = rig.granted(ActionRig.probe(target));
        await().until(() -> rig.steps(second).contains("waits"));
        UUID third = rig.granted(ActionRig.probe(target));
        await().until(() -> rig.steps(third).contains("waits"));

        // when
        assertThat(rig.sre()
                        .post(path(second, "cancel"), Map.of("reason", "no"))
                        .status())
                .isEqualTo(200);
        latch.countDown();

        // then
        rig.awaitStatus(third, "succeeded");
        assertThat(ProbeAction.journal(target)).doesNotContain("begin opsrelay-" + second);
        assertThat(held()).isZero();
    }

    @Test
    void whatHasBegunCannotBeCalledOff() {
        // given
        CountDownLatch latch = ProbeAction.hold(target);
        UUID action = rig.granted(ActionRig.probe(target));
        await().until(() -> ProbeAction.journal(target).contains("begin opsrelay-" + action));

        // when
        Api.Answer tooLate = rig.sre().post(path(action, "cancel"), Map.of("reason", "stop"));
        latch.countDown();
        rig.awaitStatus(action, "succeeded");
        Api.Answer over = rig.sre().post(path(action, "cancel"), Map.of("reason", "stop"));

        // then
        assertThat(tooLate.status()).isEqualTo(409);
        assertThat(String.valueOf(tooLate.get("detail"))).contains("wait for the outcome");
        assertThat(over.status()).isEqualTo(409);
        assertThat(String.valueOf(over.get("detail"))).contains("succeeded");
    }

    /** However a grant and a cancellation meet: either it is called off and never called, or called and not called off. */
    @Test
    void aCancellationAndABeginningNeverBothHappen() {
        for (int round = 0; round < 12; round++) {
            String one = target + "/" + round;
            UUID action = rig.request(ActionRig.probe(one));
            rig.grant(rig.prepared(action));
            int status = 0;
            while (status == 0) {
                Object now = rig.action(action).get("status");
                if (!"prepared".equals(now)) {
                    status = rig.sre()
                            .post(path(action, "cancel"), Map.of("reason", "race"))
                            .status();
                }
            }
            if (status == 200) {
                assertThat(rig.action(action).get("status")).isEqualTo("cancelled");
                assertThat(ProbeAction.journal(one)).isEmpty();
            } else {
                assertThat(status).isEqualTo(409);
                rig.awaitStatus(action, "succeeded");
            }
        }
    }

    @Test
    void aWithdrawnApprovalCallsTheActionOff() {
        // given
        UUID action = rig.request(ActionRig.probe(target));
        ActionPrepared prepared = rig.prepared(action);
        UUID approvalId = UUID.randomUUID();
        events.send(
                "acme",
                new ApprovalRequested(
                        approvalId,
                        action,
                        null,
                        1,
                        "probe",
                        "needs-a-person",
                        Instant.now().plusSeconds(3600)));
        rig.awaitStatus(action, "awaiting_approval");

        // when
        events.send("acme", new ApprovalWithdrawn(UUID.randomUUID(), action, null, "another one's"));
        events.send("acme", new ApprovalWithdrawn(approvalId, action, null, "the ticket went on"));

        // then
        assertThat(rig.awaitStatus(action, "cancelled").object("failure"))
                .containsEntry("reason", "the ticket went on");
        events.await(ActionCancelled.class, e -> e.actionId().equals(action));
        rig.grant(prepared);
        await().until(() -> rig.steps(action).contains("grant_refused"));
        assertThat(ProbeAction.journal(target)).isEmpty();
    }

    @Test
    void whatFailedIsTriedAgainByAnActionOfItsOwn() {
        // given
        ProbeAction.answers(target, new Answer.Refused("busy", "come back later"));
        UUID failed = rig.granted(ActionRig.probe(target));
        rig.awaitStatus(failed, "failed");
        ProbeAction.answers(target, new Answer.Done(Map.of()));

        // when
        UUID retry = ActionRig.accepted(rig.sre().post(path(failed, "retry"), Map.of()));
        UUID again = ActionRig.accepted(rig.sre().post(path(failed, "retry"), Map.of()));

        // then
        assertThat(retry).isNotEqualTo(failed).isEqualTo(again);
        ActionPrepared prepared = rig.prepared(retry);
        assertThat(prepared.arguments()).containsEntry("target", target);
        assertThat(ProbeAction.journal(target))
                .filteredOn(line -> line.startsWith("begin"))
                .hasSize(1);
        rig.grant(prepared);
        assertThat(rig.awaitStatus(retry, "succeeded").get("retry_of")).isEqualTo(failed.toString());
        assertThat(rig.sre().post(path(retry, "retry"), Map.of()).status()).isEqualTo(409);
        assertThat(events.all(ActionRequested.class, e -> e.actionId().equals(retry)))
                .hasSize(1);
    }

    @Test
    void whatWasDoneIsUndoneOnce() {
        // given
        UUID done = rig.granted(ActionRig.probe(target));
        rig.awaitStatus(done, "succeeded");
        Map<String, Object> body = ActionRig.probe(target);
        body.put("undoes", done.toString());

        // when
        UUID undo = rig.request(body);
        Api.Answer second = rig.sre().post("/api/v1/actions", body);

        // then
        assertThat(second.status()).isEqualTo(409);
        assertThat(rig.action(undo).get("undoes")).isEqualTo(done.toString());
        body.put("undoes", UUID.randomUUID().toString());
        assertThat(rig.sre().post("/api/v1/actions", body).status()).isEqualTo(422);
        body.put("undoes", undo.toString());
        assertThat(rig.sre().post("/api/v1/actions", body).status()).isEqualTo(409);
    }

    @Test
    void whatUndoesTouchesTheSameTarget() {
        // given
        UUID done = rig.granted(ActionRig.probe(target));
        rig.awaitStatus(done, "succeeded");
        Map<String, Object> body = ActionRig.probe(target + "-other");
        body.put("undoes", done.toString());

        // when
        UUID elsewhere = rig.request(body);

        // then
        Api.Answer failed = rig.awaitStatus(elsewhere, "failed");
        assertThat(String.valueOf(failed.get("failure")))
                .contains("undoes_another_target")
                .contains(target);
        body.putAll(ActionRig.probe(target));
        assertThat(rig.sre().post("/api/v1/actions", body).status())
                .as("what failed undoes nothing, so another one may")
                .isEqualTo(202);
    }

    @Test
    void policyHearsWhatTheActionTouches() {
        UUID action = rig.request(ActionRig.probe(target));

        ActionPrepared prepared = rig.prepared(action);

        assertThat(prepared.facts()).isNotNull().satisfies(facts -> {
            assertThat(facts.category()).isEqualTo("operations");
            assertThat(facts.risk()).isEqualTo("medium");
            assertThat(facts.reversible()).isTrue();
            assertThat(facts.target()).isEqualTo(target);
            assertThat(facts.environment()).isEqualTo("test");
            assertThat(facts.confidence()).isNull();
            assertThat(facts.breakGlass()).isNull();
        });
    }

    @Test
    void theCatalogueSaysWhatCanBeAskedForAndByWhom() {
        Map<String, Object> probe = rig.admin().get("/api/v1/actions/catalogue").items().stream()
                .filter(entry -> entry.get("action_type").equals("probe"))
                .findFirst()
                .orElseThrow();

        assertThat(probe)
                .containsEntry("category", "operations")
                .containsEntry("risk", "medium")
                .containsEntry("reversible", true)
                .containsEntry("accepting", true)
                .containsEntry("providers", List.of("probe"))
                .containsEntry("requesters", List.of("sre", "admin"))
                .containsKey("schema");
        assertThat(Api.of(port, "acme", Role.INGEST)
                        .get("/api/v1/actions/catalogue")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void aDryRunTellsTheEffectAndChangesNothing() {
        long before = count("action.action");

        Api.Answer answer = rig.sre().post("/api/v1/actions/dry_run", ActionRig.probe(target));
        Api.Answer refused = rig.sre().post("/api/v1/actions/dry_run", ActionRig.probe("nowhere"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body())
                .containsEntry("possible", true)
                .containsEntry("risk", "medium")
                .containsEntry("target", target)
                .containsEntry("diff", Map.of("before", Map.of("touches", 0), "after", Map.of("touches", 1)))
                .containsEntry("guardrails", List.of());
        assertThat(refused.get("possible")).isEqualTo(false);
        assertThat(refused.object("refusal")).containsEntry("code", "target_not_found");
        assertThat(count("action.action")).isEqualTo(before);
        assertThat(ProbeAction.journal(target)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"action_type\":\"launch_rocket\"}",
                "{\"action_type\":\"probe\"}",
                "{\"action_type\":\"probe\",\"arguments\":{\"target\":5}}",
                "{\"action_type\":\"probe\",\"arguments\":{\"target\":\"t\",\"count\":0}}",
                "{\"action_type\":\"probe\",\"arguments\":{\"target\":\"t\",\"bogus\":1}}",
                "{\"action_type\":\"probe\",\"arguments\":{\"target\":\"t\"},\"reason\":\" \"}",
                "{\"action_type\":\"refund\",\"arguments\":{\"order_id\":\"A-1001\",\"amount\":\"-5.00\"}}",
                "{\"action_type\":\"refund\",\"arguments\":{\"order_id\":\"A-1001\",\"amount\":\"5 or so\"}}",
                "{\"action_type\":\"refund\",\"arguments\":{\"order_id\":\"A-1001\",\"amount\":\"1e9\"}}",
                "{\"action_type\":\"refund\",\"arguments\":{\"order_id\":\"A-1001\",\"currency\":\"EUROS\"}}",
                "{\"action_type\":\"refund\",\"arguments\":{\"order_id\":\"\"}}",
                "{\"action_type\":\"restart_deployment\",\"arguments\":"
                        + "{\"service_name\":\"Bad Name!\",\"target_type\":\"gke\",\"reason\":\"slow\"}}",
                "{\"action_type\":\"restart_deployment\",\"arguments\":"
                        + "{\"service_name\":\"shop\",\"namespace\":\"a b\",\"target_type\":\"gke\",\"reason\":\"slow\"}}"
            })
    void whatIsWrongInFormIsRefusedAndBeginsNothing(String json) {
        long before = count("action.action");
        Map<?, ?> body = ContractJson.mapper().readValue(json, Map.class);

        assertThat(rig.admin().post("/api/v1/actions", body).status()).isEqualTo(422);
        assertThat(rig.admin().post("/api/v1/actions/dry_run", body).status()).isEqualTo(422);
        assertThat(count("action.action")).isEqualTo(before);
    }

    /** A pattern of JSON Schema matches anywhere in a text unless it is anchored at both ends. */
    @Test
    void everyPatternInTheCatalogueSpeaksOfTheWholeText() {
        List<String> patterns = rig.admin().get("/api/v1/actions/catalogue").items().stream()
                .flatMap(entry -> patternsIn(entry.get("schema")))
                .toList();

        assertThat(patterns)
                .hasSizeGreaterThan(5)
                .allSatisfy(pattern -> assertThat(pattern).startsWith("^").endsWith("$"));
    }

    private static Stream<String> patternsIn(Object schema) {
        return switch (schema) {
            case Map<?, ?> object ->
                object.entrySet().stream()
                        .flatMap(entry -> "pattern".equals(entry.getKey()) && entry.getValue() instanceof String pattern
                                ? Stream.of(pattern)
                                : patternsIn(entry.getValue()));
            case List<?> elements -> elements.stream().flatMap(LifecyclePathTest::patternsIn);
            case null, default -> Stream.empty();
        };
    }

    @Test
    void aPersonAsksForARefundAndAnotherOneDecides() {
        // given
        String order = order();
        Api agent = Api.of(port, "acme", Role.AGENT);
        Map<String, Object> body = refund(order, "mary.major@example.org");

        // when
        Api.Answer rehearsed = agent.post("/api/v1/actions/dry_run", body);
        UUID action = ActionRig.accepted(agent.post("/api/v1/actions", body));

        // then
        assertThat(rehearsed.body()).containsEntry("possible", true).containsEntry("target", "order/" + order);
        ActionPrepared prepared = rig.prepared(action);
        assertThat(prepared.requester()).isEqualTo("user:agent@acme.example");
        assertThat(prepared.arguments())
                .containsEntry("amount", "10.00")
                .containsEntry("charge_id", "ch_" + order)
                .containsEntry("customer_email", "mary.major@example.org");
        assertThat(prepared.facts()).isNotNull().satisfies(facts -> assertThat(facts.customerVerified())
                .as("nothing is known of a ticket's customer")
                .isNull());

        // when
        UUID approvalId = UUID.randomUUID();
        events.send(
                "acme",
                Grants.event(
                        approvalId,
                        prepared,
                        Grants.sign(Grants.claims("acme", approvalId, prepared)
                                .claim(Grant.APPROVER, prepared.requester()))));
        await().until(() -> rig.steps(action).contains("grant_refused"));
        rig.grant(prepared);

        // then
        rig.awaitStatus(action, "succeeded");
        assertThat(rig.admin().get("/api/v1/sandbox/payments?order_id=" + order).list("refunds"))
                .singleElement()
                .satisfies(refund -> assertThat(refund).containsEntry("amount", "10.00"));
    }

    @Test
    void aRefundIsForTheCustomerOfTheOrderAlone() {
        String order = order();
        Api agent = Api.of(port, "acme", Role.AGENT);

        UUID anothers = ActionRig.accepted(agent.post("/api/v1/actions", refund(order, "john@example.org")));

        assertThat(rig.awaitStatus(anothers, "failed").object("failure")).containsEntry("code", "order_not_found");
        Map<String, Object> nobodys = refund(order, "mary.major@example.org");
        nobodys.put("arguments", Map.of("order_id", order));
        assertThat(agent.post("/api/v1/actions/dry_run", nobodys).object("refusal"))
                .containsEntry("code", "arguments_invalid")
                .hasEntrySatisfying(
                        "reason", reason -> assertThat(reason).asString().contains("customer_email is missing"));
    }

    private static Map<String, Object> refund(String order, String customer) {
        return new HashMap<>(Map.of(
                "action_type",
                "refund",
                "arguments",
                Map.of("order_id", order, "amount", "10.00", "customer_email", customer)));
    }

    private String order() {
        String order = "T-" + UUID.randomUUID();
        JdbcClient.create(database.admin()).sql("""
                        insert into action.sandbox_charge (client_id, charge_id, id, order_id, amount, currency,
                            customer_email, created_at)
                        values ('acme', 'ch_' || :order, gen_random_uuid(), :order, 25, 'EUR', 'mary.major@example.org',
                            '2026-01-01T00:00:00Z')
                        """).param("order", order).update();
        return order;
    }

    @Test
    void rolesSayWhoMayAskAndCallOff() {
        for (Role role : List.of(Role.VIEWER, Role.AGENT, Role.APPROVER, Role.INGEST)) {
            assertThat(Api.of(port, "acme", role)
                            .post("/api/v1/actions", ActionRig.probe(target))
                            .status())
                    .as(role.name())
                    .isEqualTo(403);
        }
        UUID action = rig.request(ActionRig.probe(target));
        for (Role role : List.of(Role.VIEWER, Role.AGENT, Role.APPROVER, Role.INGEST)) {
            assertThat(Api.of(port, "acme", role)
                            .post(path(action, "cancel"), Map.of("reason", "no"))
                            .status())
                    .as(role.name())
                    .isEqualTo(403);
        }
        assertThat(Api.of(port, "globex", Role.ADMIN)
                        .post(path(action, "cancel"), Map.of("reason", "no"))
                        .status())
                .isEqualTo(404);
        assertThat(rig.sre().post(path(action, "cancel"), Map.of()).status()).isEqualTo(422);
        Map<String, Object> broken = ActionRig.probe(target);
        broken.put("break_glass", "it burns");
        assertThat(rig.sre().post("/api/v1/actions", broken).status()).isEqualTo(403);
        assertThat(rig.admin()
                        .post(path(action, "cancel"), Map.of("reason", "no"))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void theSameRequestUnderTheSameKeyIsTheSameAction() {
        String key = UUID.randomUUID().toString();
        UUID first =
                ActionRig.accepted(rig.sre().post("/api/v1/actions", ActionRig.probe(target), "Idempotency-Key", key));
        UUID again =
                ActionRig.accepted(rig.sre().post("/api/v1/actions", ActionRig.probe(target), "Idempotency-Key", key));
        Map<String, Object> other = new HashMap<>(ActionRig.probe(target));
        other.put("reason", "another one");

        assertThat(again).isEqualTo(first);
        assertThat(rig.sre()
                        .post("/api/v1/actions", other, "Idempotency-Key", key)
                        .status())
                .isEqualTo(422);
    }

    @Test
    void theLogIsFilteredByWhatPeopleLookFor() {
        UUID action = rig.granted(ActionRig.probe(target));
        rig.awaitStatus(action, "succeeded");
        Instant created = Instant.parse((String) rig.action(action).get("created_at"));

        for (String filter : List.of(
                "target=" + target,
                "target=" + target.substring(0, target.length() - 2) + "*",
                "target=" + target + "&requester=user:sre@acme.example&provider=probe&status=succeeded",
                "target=" + target + "&created_from=" + created + "&created_to=" + created.plusSeconds(1))) {
            assertThat(rig.admin().get("/api/v1/actions?" + filter).items())
                    .as(filter)
                    .extracting(item -> item.get("action_id"))
                    .containsExactly(action.toString());
        }
        for (String filter : List.of(
                "requester=user:nobody",
                "provider=stripe",
                "created_to=" + created,
                "status=failed",
                "action_type=refund")) {
            assertThat(rig.admin()
                            .get("/api/v1/actions?target=" + target + "&" + filter)
                            .items())
                    .as(filter)
                    .isEmpty();
        }
        assertThat(rig.admin().get("/api/v1/actions?created_from=yesterday").status())
                .isEqualTo(400);
        assertThat(events.all(ActionStarted.class, e -> e.actionId().equals(action)))
                .hasSize(1);
        assertThat(events.all(ActionSucceeded.class, e -> e.actionId().equals(action)))
                .hasSize(1);
    }

    private static String path(UUID action, String verb) {
        return "/api/v1/actions/" + action + "/" + verb;
    }

    private Instant at(UUID action, String step) {
        return rig.action(action).list("steps").stream()
                .filter(taken -> taken.get("step").equals(step))
                .map(taken -> Instant.parse((String) taken.get("at")))
                .findFirst()
                .orElseThrow();
    }

    private long held() {
        return JdbcClient.create(database.admin())
                .sql("select (select count(*) from action.target_lock where target = :target)"
                        + " + (select count(*) from action.target_queue where target = :target)")
                .param("target", target)
                .query(Long.class)
                .single();
    }

    private long count(String table) {
        return JdbcClient.create(database.admin())
                .sql("select count(*) from " + table)
                .query(Long.class)
                .single();
    }
}

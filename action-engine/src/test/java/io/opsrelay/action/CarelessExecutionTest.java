package io.opsrelay.action;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.action.FaultyPayments.Fault;
import io.opsrelay.action.execution.HastyExecution;
import io.opsrelay.benchmarks.history.History;
import io.opsrelay.benchmarks.history.HistoryChecker;
import io.opsrelay.contracts.ActionEvent.ActionPrepared;
import io.opsrelay.contracts.ActionEvent.ActionProposed;
import io.opsrelay.contracts.ActionEvent.ActionSucceeded;
import io.opsrelay.contracts.ApprovalEvent.ApprovalEdited;
import io.opsrelay.contracts.ApprovalEvent.ApprovalRequested;
import io.opsrelay.contracts.TicketEvent.Customer;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestDatabase;
import io.opsrelay.testing.TestKafka;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the checker of histories must catch: an effect done twice, and one done before anybody could know of it. */
@ActionEngineTest
class CarelessExecutionTest {

    private static final Customer MARY = new Customer(UUID.randomUUID(), "mary.major@example.org", true);

    @Autowired
    private TestKafka kafka;

    @Autowired
    private TestDatabase database;

    @LocalServerPort
    private int port;

    private final UUID actionId = UUID.randomUUID();
    private final String orderId = "T-" + UUID.randomUUID();
    private UUID approvalId = UUID.randomUUID();
    private TestEvents events;
    private Api admin;

    @BeforeEach
    void anActionOnAnOrderOfItsOwn() {
        events = new TestEvents(kafka);
        admin = Api.of(port, "acme", Role.ADMIN);
        JdbcClient.create(database.admin()).sql("""
            insert into action.sandbox_charge (client_id, charge_id, id, order_id, amount, currency,
                customer_email, created_at)
            values ('acme', 'ch_' || :order, gen_random_uuid(), :order, 25, 'EUR', 'mary.major@example.org',
                '2026-01-01T00:00:00Z')
            """).param("order", orderId).update();
    }

    @Test
    void anAnswerThatWasLostLeavesASoundHistory() {
        FaultyPayments.next(key(), Fault.DO_AND_BREAK);

        assertThat(HistoryChecker.violations(historyOfAPartialRefund())).isEmpty();
    }

    @Test
    void withAFreshKeyPerAttemptTheCheckerGoesRed() {
        FaultyPayments.withAFreshKeyPerAttempt(key());
        FaultyPayments.next(key(), Fault.DO_AND_BREAK);

        assertThat(HistoryChecker.violations(historyOfAPartialRefund()))
                .anyMatch(violation -> violation.contains("the provider did it 2 times"));
    }

    @Test
    void withTheCallBeforeTheIntentTheCheckerGoesRed() {
        HastyExecution.of(actionId);

        assertThat(HistoryChecker.violations(historyOfAPartialRefund()))
                .singleElement()
                .asString()
                .contains("is older than any intent");
    }

    private String key() {
        return "opsrelay-" + actionId;
    }

    /** A part of the charge, so that the provider itself would not refuse it a second time. */
    private History historyOfAPartialRefund() {
        events.send(
                "acme",
                new ActionProposed(
                        actionId,
                        UUID.randomUUID(),
                        UUID.randomUUID(),
                        "refund",
                        Map.of("order_id", orderId),
                        "ai:luna",
                        MARY,
                        null));
        ActionPrepared whole = prepared(1);
        askApproval(whole);
        events.send(
                "acme",
                new ApprovalEdited(
                        approvalId,
                        actionId,
                        whole.ticketId(),
                        1,
                        Map.of("amount", "10.00"),
                        "user:admin@acme.example",
                        "a part"));
        ActionPrepared part = prepared(2);
        approvalId = UUID.randomUUID();
        askApproval(part);
        events.send("acme", Grants.event(approvalId, part, Grants.sign(Grants.claims("acme", approvalId, part))));
        events.await(ActionSucceeded.class, e -> e.actionId().equals(actionId));
        return History.empty()
                .withActions(
                        List.of(new History.Approval(
                                "acme", approvalId.toString(), actionId.toString(), "approved", "approve")),
                        List.of(action()),
                        effects());
    }

    private ActionPrepared prepared(int version) {
        return events.await(ActionPrepared.class, e -> e.actionId().equals(actionId) && e.version() == version);
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

    private History.Action action() {
        Api.Answer action = admin.get("/api/v1/actions/" + actionId);
        return new History.Action(
                "acme",
                actionId.toString(),
                orderId,
                (String) action.get("status"),
                null,
                (String) action.get("approval_id"),
                (String) action.object("result").get("refund_id"),
                action.list("steps").stream()
                        .map(step ->
                                new History.Step((String) step.get("step"), Instant.parse((String) step.get("at"))))
                        .toList());
    }

    private List<History.Effect> effects() {
        return admin.get("/api/v1/sandbox/payments?order_id=" + orderId).list("refunds").stream()
                .map(refund -> new History.Effect(
                        "acme",
                        (String) refund.get("refund_id"),
                        orderId,
                        (String) refund.get("idempotency_key"),
                        Instant.parse((String) refund.get("created_at"))))
                .toList();
    }
}

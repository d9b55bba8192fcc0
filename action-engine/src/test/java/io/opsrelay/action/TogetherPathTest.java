package io.opsrelay.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsrelay.action.FaultyPayments.Fault;
import io.opsrelay.contracts.ActionEvent.ActionPrepared;
import io.opsrelay.contracts.ActionEvent.ActionProposed;
import io.opsrelay.contracts.TicketEvent.Customer;
import io.opsrelay.testing.TestDatabase;
import io.opsrelay.testing.TestKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Many refunds of one client at once share transactions, and each is done once whatever befalls the others. */
@ActionEngineTest
class TogetherPathTest {

    private static final int MANY = 40;
    private static final String MARY = "mary.major@example.org";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Autowired
    private TestKafka kafka;

    @Autowired
    private TestDatabase database;

    private TestEvents events;
    private JdbcClient behind;

    @BeforeEach
    void open() {
        events = new TestEvents(kafka);
        behind = JdbcClient.create(database.admin());
    }

    @Test
    void eachIsDoneOnceWhateverBefallsTheOthers() {
        // given
        List<UUID> actions = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            actions.add(proposed());
        }
        List<Fault> faults = List.of(Fault.values());
        for (int i = 0; i < faults.size(); i++) {
            FaultyPayments.next("opsrelay-" + actions.get(i * 5), faults.get(i));
        }
        await().atMost(PATIENCE).until(() -> in(actions, "prepared") == MANY);
        Set<UUID> wanted = new HashSet<>(actions);
        await().atMost(PATIENCE)
                .until(() -> events.all(ActionPrepared.class, e -> wanted.contains(e.actionId()))
                                .size()
                        == MANY);

        // when
        for (ActionPrepared prepared : events.all(ActionPrepared.class, e -> wanted.contains(e.actionId()))) {
            UUID approvalId = UUID.randomUUID();
            events.send(
                    "acme",
                    Grants.event(approvalId, prepared, Grants.sign(Grants.claims("acme", approvalId, prepared))));
        }

        // then
        await().atMost(PATIENCE).until(() -> in(actions, "succeeded") == MANY);
        assertThat(behind.sql("select count(*) from action.sandbox_refund where idempotency_key = any(:keys)")
                        .param(
                                "keys",
                                actions.stream().map(id -> "opsrelay-" + id).toArray(String[]::new))
                        .query(Integer.class)
                        .single())
                .isEqualTo(MANY);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                        behind.sql("select count(*) from action.target_lock" + " where action_id = any(:actions)")
                                .param("actions", actions.toArray(UUID[]::new))
                                .query(Integer.class)
                                .single())
                .isZero());
    }

    private UUID proposed() {
        UUID actionId = UUID.randomUUID();
        String order = "M-" + actionId;
        behind.sql("""
                        insert into action.sandbox_charge (client_id, charge_id, id, order_id, amount, currency,
                            customer_email, created_at)
                        values ('acme', 'ch_' || :order, gen_random_uuid(), :order, 25, 'EUR', :email,
                            '2026-01-01T00:00:00Z')
                        """).param("order", order).param("email", MARY).update();
        events.send(
                "acme",
                new ActionProposed(
                        actionId,
                        UUID.randomUUID(),
                        UUID.randomUUID(),
                        "refund",
                        Map.of("order_id", order),
                        "ai:luna",
                        new Customer(UUID.randomUUID(), MARY, true),
                        null));
        return actionId;
    }

    private int in(List<UUID> actions, String status) {
        return behind.sql("select count(*) from action.action where status = :status and action_id = any(:actions)")
                .param("status", status)
                .param("actions", actions.toArray(UUID[]::new))
                .query(Integer.class)
                .single();
    }
}

package io.opsrelay.approval.webhook;

import static io.opsrelay.approval.webhook.Receiver.answer;
import static io.opsrelay.approval.webhook.Receiver.endless;
import static io.opsrelay.approval.webhook.Receiver.hang;
import static io.opsrelay.approval.webhook.Receiver.reset;
import static io.opsrelay.approval.webhook.Receiver.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.approval.Admin;
import io.opsrelay.approval.Api.Answer;
import io.opsrelay.approval.ApprovalApplication;
import io.opsrelay.approval.Requests;
import io.opsrelay.approval.TestEvents;
import io.opsrelay.approval.notification.Notice;
import io.opsrelay.approval.notification.Notifications;
import io.opsrelay.approval.webhook.Receiver.Received;
import io.opsrelay.contracts.ActionEvent.ActionCancelled;
import io.opsrelay.contracts.ActionEvent.ActionFailed;
import io.opsrelay.contracts.ActionEvent.ActionOutcomeUnknown;
import io.opsrelay.contracts.ActionEvent.ActionSucceeded;
import io.opsrelay.contracts.ClientEvent.BreakerOpened;
import io.opsrelay.contracts.ClientEvent.KillSwitchTurned;
import io.opsrelay.contracts.ContractJson;
import io.opsrelay.security.Role;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.testing.OpsRelayTest;
import io.opsrelay.testing.TestDatabase;
import io.opsrelay.testing.TestKafka;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** A notice's way to an endpoint, whatever the endpoint does. */
@OpsRelayTest(service = "approval")
@SpringBootTest(
        classes = ApprovalApplication.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "opsrelay.webhooks.allow-private=true",
            // Longer than a machine halts: what answers is heard.
            "opsrelay.webhooks.timeout=7s",
            "opsrelay.webhooks.pauses=100ms,150ms,200ms,250ms,300ms",
            "opsrelay.webhooks.jitter=0",
            "opsrelay.webhooks.lanes=2"
        })
class WebhookPathTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Autowired
    private Notifications notifications;

    @Autowired
    private ClientTransactions transactions;

    @Autowired
    private TestDatabase database;

    @Autowired
    private TestKafka kafka;

    @Autowired
    private MeterRegistry meters;

    @LocalServerPort
    private int port;

    private final List<Receiver> receivers = new ArrayList<>();
    private String client;
    private Admin admin;
    private JdbcClient behind;

    @BeforeEach
    void aClientOfItsOwn() {
        client = "c" + UUID.randomUUID().toString().substring(0, 8);
        admin = Admin.of(port, client);
        behind = JdbcClient.create(database.admin());
    }

    @AfterEach
    void close() throws Exception {
        for (Receiver receiver : receivers) {
            receiver.close();
        }
    }

    @Test
    void aNoticeArrivesSignedOnceAndIsWrittenDown() throws Exception {
        // given
        Receiver receiver = receiver().always(answer(200, "thanks"));
        Answer endpoint = endpoint(receiver, "approval.*");
        UUID approval = UUID.randomUUID();
        UUID ticket = UUID.randomUUID();

        // when
        tell(new Notice(
                "approval.requested",
                approval,
                ticket,
                Map.of("effect", "Refund 25.00 € of order A-1"),
                Set.of(Role.APPROVER)));
        tell(notice("policy.changed"));

        // then
        Map<String, Object> delivery = awaitSettled(endpoint, "delivered", 1).getFirst();
        Received request = receiver.received().getFirst();
        assertThat(request.line()).isEqualTo("POST /hook HTTP/1.1");
        assertThat(request.header("content-type")).startsWith("application/json");
        assertThat(request.header("webhook-id")).isEqualTo(delivery.get("message_id"));
        assertThat(Verifier.verifies(secretOf(endpoint), request)).isTrue();
        assertThat(Verifier.verifies("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", request))
                .isFalse();
        JsonNode body = ContractJson.mapper().readTree(request.body());
        assertThat(body.propertyNames()).containsExactly("type", "timestamp", "data");
        assertThat(body.path("type").asString()).isEqualTo("approval.requested");
        assertThat(Duration.between(Instant.parse(body.path("timestamp").asString()), Instant.now()))
                .isLessThan(Duration.ofMinutes(1));
        assertThat(body.at("/data/effect").asString()).isEqualTo("Refund 25.00 € of order A-1");
        assertThat(body.at("/data/subject_id").asString()).isEqualTo(approval.toString());
        assertThat(body.at("/data/ticket_id").asString()).isEqualTo(ticket.toString());
        assertThat(delivery).containsEntry("event_type", "approval.requested").containsEntry("body", request.body());
        assertThat(attempts(delivery)).singleElement().satisfies(attempt -> assertThat(attempt)
                .containsEntry("status", 200)
                .containsEntry("answer", "thanks")
                .doesNotContainKey("error")
                .containsKey("duration_ms"));
        assertThat(receiver.received()).hasSize(1);
    }

    @Test
    void whenActionsAreStoppedAndMayGoOnIsTold() throws Exception {
        // given
        Receiver receiver = receiver();
        Answer endpoint = endpoint(receiver, "kill_switch.*");
        Receiver others = receiver();
        String otherClient = "c" + UUID.randomUUID().toString().substring(0, 8);
        Admin other = Admin.of(port, otherClient);
        Answer otherEndpoint =
                other.post("/api/v1/webhooks", Map.of("url", others.url(), "event_types", List.of("kill_switch.on")));
        assertThat(otherEndpoint.status()).isEqualTo(201);
        TestEvents events = new TestEvents(kafka);
        Instant at = Instant.parse("2026-11-28T00:00:00Z");

        // when: an admin of one client, then an operator for all
        events.send(client, new KillSwitchTurned(true, false, "user:ann", "refunds go wrong", at));
        awaitSettled(endpoint, "delivered", 1);
        events.send(
                KillSwitchTurned.OPERATORS, new KillSwitchTurned(true, true, "user:operator", "the bank is down", at));
        events.send(KillSwitchTurned.OPERATORS, new KillSwitchTurned(false, true, "user:operator", "it is back", at));

        // then
        awaitSettled(endpoint, "delivered", 3);
        assertThat(receiver.received())
                .extracting(request -> ContractJson.mapper().readTree(request.body()))
                .extracting(body -> body.path("type").asString() + " "
                        + body.at("/data/of_all").asBoolean() + " "
                        + body.at("/data/changed_by").asString() + ": "
                        + body.at("/data/reason").asString())
                .containsExactlyInAnyOrder(
                        "kill_switch.on false user:ann: refunds go wrong",
                        "kill_switch.on true user:operator: the bank is down",
                        "kill_switch.off true user:operator: it is back");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(others.received()).hasSize(1));
        assertThat(others.received().getFirst().body()).contains("the bank is down");
    }

    @Test
    void aTargetThatIsLeftAloneIsTold() throws Exception {
        // given
        Receiver receiver = receiver();
        Answer endpoint = endpoint(receiver, "breaker.opened");

        // when
        new TestEvents(kafka)
                .send(client, new BreakerOpened("order/A-1", 5, Instant.parse("2026-11-28T00:15:00Z"), "fuse"));

        // then
        awaitSettled(endpoint, "delivered", 1);
        JsonNode body =
                ContractJson.mapper().readTree(receiver.received().getFirst().body());
        assertThat(body.at("/data/target").asString()).isEqualTo("order/A-1");
        assertThat(body.at("/data/open_until").asString()).isEqualTo("2026-11-28T00:15:00Z");
    }

    @Test
    void whatIsRolledBackIsNotTold() throws Exception {
        // given
        Receiver receiver = receiver();
        Answer endpoint = endpoint(receiver, "*");

        // when
        assertThatIllegalStateException()
                .isThrownBy(() -> transactions.run(client, () -> {
                    notifications.tell(client, notice("approval.requested"));
                    throw new IllegalStateException("no");
                }));
        assertThatIllegalStateException()
                .as("outside a transaction nobody's subscription would be seen")
                .isThrownBy(() -> notifications.tell(client, notice("approval.requested")));
        tell(notice("approval.decided"));

        // then
        awaitSettled(endpoint, "delivered", 1);
        assertThat(receiver.received()).hasSize(1).first().satisfies(request -> assertThat(request.body())
                .contains("approval.decided"));
    }

    @Test
    void everythingButA2xxIsTriedAgainWithTheSameIdAndAFreshSignature() throws Exception {
        // given
        Receiver elsewhere = receiver();
        Receiver receiver = receiver()
                .first(
                        answer(500, "out of order"),
                        status(302, "Location", elsewhere.url()),
                        reset(),
                        hang(),
                        status(429, "Retry-After", "2"));
        Answer endpoint = endpoint(receiver, "*");

        // when
        tell(notice("approval.requested"));

        // then
        Map<String, Object> delivery = awaitSettled(endpoint, "delivered", 1).getFirst();
        assertThat(attempts(delivery).stream().map(attempt -> String.valueOf(attempt.get("error"))))
                .containsExactly(
                        "answered 500",
                        "answered 302, and redirects are not followed",
                        "broke the connection off",
                        "did not answer within 7000 ms",
                        "answered 429",
                        "null");
        assertThat(attempts(delivery).getFirst()).containsEntry("answer", "out of order");
        assertThat(receiver.received()).hasSize(6).allSatisfy(request -> {
            assertThat(request.header("webhook-id")).isEqualTo(delivery.get("message_id"));
            assertThat(request.body()).isEqualTo(delivery.get("body"));
            assertThat(Verifier.verifies(secretOf(endpoint), request)).isTrue();
        });
        assertThat(Duration.between(
                        receiver.received().get(4).at(),
                        receiver.received().get(5).at()))
                .as("Retry-After is longer than the pause")
                .isGreaterThan(Duration.ofMillis(1_900));
        assertThat(elsewhere.received()).isEmpty();
        assertThat(one(endpoint).body()).doesNotContainKey("failing_since");
    }

    @Test
    void anAnswerWithoutEndIsCutShort() throws Exception {
        // given
        Receiver receiver = receiver().always(endless());
        Answer endpoint = endpoint(receiver, "*");

        // when
        tell(notice("approval.requested"));

        // then
        Map<String, Object> delivery = awaitSettled(endpoint, "delivered", 1).getFirst();
        assertThat(String.valueOf(attempts(delivery).getFirst().get("answer")))
                .startsWith("yes! yes!")
                .hasSizeBetween(490, 500);
    }

    @Test
    void afterARotationBothSecretsSignUntilTheOldOneEnds() throws Exception {
        // given
        Receiver receiver = receiver();
        Answer endpoint = endpoint(receiver, "*");

        // when
        Answer rotated = admin.post(path(endpoint) + "/rotate-secret", Map.of());
        tell(notice("approval.requested"));
        awaitSettled(endpoint, "delivered", 1);

        // then
        assertThat(secretOf(rotated)).isNotEqualTo(secretOf(endpoint));
        assertThat(rotated.body()).containsKey("previous_secret_until");
        Received both = receiver.received().getFirst();
        assertThat(both.header("webhook-signature").split(" ")).hasSize(2);
        assertThat(Verifier.verifies(secretOf(endpoint), both)).isTrue();
        assertThat(Verifier.verifies(secretOf(rotated), both)).isTrue();

        // when
        behind.sql("update approval.webhook_endpoint set previous_until = now() where client_id = :client")
                .param("client", client)
                .update();
        tell(notice("approval.decided"));
        awaitSettled(endpoint, "delivered", 2);

        // then
        Received one = receiver.received().get(1);
        assertThat(Verifier.verifies(secretOf(endpoint), one)).isFalse();
        assertThat(Verifier.verifies(secretOf(rotated), one)).isTrue();
    }

    @Test
    void anEndpointThatIsGoneIsDisabledAndOthersAreTold() throws Exception {
        // given
        Receiver gone = receiver().always(status(410));
        Receiver watch = receiver();
        Answer endpoint = endpoint(gone, "approval.*");
        Answer watching = endpoint(watch, "webhook.disabled");
        double before = disabled("gone");

        // when
        tell(notice("approval.requested"));
        awaitSettled(watching, "delivered", 1);
        tell(notice("approval.decided"));

        // then
        assertThat(one(endpoint).body()).containsEntry("disabled", true).containsEntry("disabled_reason", "gone");
        assertThat(gone.received()).hasSize(1);
        assertThat(deliveries(endpoint, "")).hasSize(1);
        JsonNode body =
                ContractJson.mapper().readTree(watch.received().getFirst().body());
        assertThat(body.at("/data/webhook_id").asString()).isEqualTo(endpoint.get("webhook_id"));
        assertThat(disabled("gone")).isEqualTo(before + 1);
        assertThat(admin.post(path(endpoint) + "/test", Map.of()).status()).isEqualTo(409);
    }

    @Test
    void whatIsGivenUpCanBeSentAgain() throws Exception {
        // given
        Receiver receiver = receiver().always(status(500));
        Answer endpoint = endpoint(receiver, "*");
        Instant since = Instant.now().minusSeconds(60);
        tell(notice("approval.requested"));
        tell(notice("approval.decided"));
        tell(notice("approval.expired"));
        List<Map<String, Object>> failed = awaitSettled(endpoint, "failed", 3);
        assertThat(attempts(failed.getFirst())).hasSize(6);
        assertThat(one(endpoint).body()).containsKey("failing_since").containsEntry("disabled", false);
        receiver.always(status(204));

        // when
        Map<String, Object> first = failed.getFirst();
        Answer replayed = admin.post(path(endpoint) + "/deliveries/" + first.get("delivery_id") + "/replay", Map.of());

        // then
        assertThat(replayed.status()).isEqualTo(202);
        Map<String, Object> delivered = awaitSettled(endpoint, "delivered", 1).getFirst();
        assertThat(delivered.get("message_id")).isEqualTo(first.get("message_id"));
        assertThat(attempts(delivered)).hasSize(7);
        assertThat(receiver.received().getLast().header("webhook-id")).isEqualTo(first.get("message_id"));

        // when
        Answer all = admin.post(path(endpoint) + "/replay", Map.of("since", since.toString()));

        // then
        assertThat(all.status()).isEqualTo(202);
        assertThat(all.body()).containsEntry("replayed", 2).containsEntry("more", false);
        awaitSettled(endpoint, "delivered", 3);
        assertThat(one(endpoint).body()).doesNotContainKey("failing_since");
        assertThat(admin.post(path(endpoint) + "/replay", Map.of("since", since.toString()))
                        .body())
                .containsEntry("replayed", 0);
    }

    @Test
    void whatFailsForFiveDaysIsDisabled() throws Exception {
        // given
        Receiver receiver = receiver().always(status(500));
        Answer endpoint = endpoint(receiver, "*");
        behind.sql("update approval.webhook_endpoint set failing_since = now() - interval '4 days 23 hours'"
                        + " where client_id = :client")
                .param("client", client)
                .update();

        // when
        tell(notice("approval.requested"));
        awaitSettled(endpoint, "failed", 1);

        // then
        assertThat(one(endpoint).body()).containsEntry("disabled", false);

        // when
        behind.sql("update approval.webhook_endpoint set failing_since = now() - interval '5 days 1 minute'"
                        + " where client_id = :client")
                .param("client", client)
                .update();
        tell(notice("approval.decided"));
        awaitSettled(endpoint, "failed", 2);

        // then
        assertThat(one(endpoint).body()).containsEntry("disabled", true).containsEntry("disabled_reason", "failing");

        // when it is enabled again
        Answer enabled = admin.call(
                "PUT", path(endpoint), Map.of("url", receiver.url(), "event_types", List.of("*"), "disabled", false));

        // then
        assertThat(enabled.body())
                .containsEntry("disabled", false)
                .doesNotContainKeys("disabled_reason", "failing_since");
    }

    @Test
    void whatWaitsForADisabledEndpointIsNotSent() throws Exception {
        // given: time enough to disable it before the next attempt
        Receiver receiver = receiver().always(status(429, "Retry-After", "10"));
        Answer endpoint = endpoint(receiver, "*");
        tell(notice("approval.requested"));
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(deliveries(endpoint, ""))
                .singleElement()
                .satisfies(item -> assertThat(attempts(item)).hasSize(1)));

        // when
        admin.call("PUT", path(endpoint), Map.of("url", receiver.url(), "event_types", List.of("*"), "disabled", true));

        // then
        Map<String, Object> failed = awaitSettled(endpoint, "failed", 1).getFirst();
        assertThat(attempts(failed).getLast()).containsEntry("error", "not sent: a person disabled it");
        assertThat(receiver.received()).hasSize(1);
    }

    @Test
    void aSlowEndpointHoldsUpNobodyElse() throws Exception {
        // given
        Receiver slow = receiver().always(hang());
        Receiver quick = receiver();
        endpoint(slow, "*");
        Answer quickly = endpoint(quick, "*");

        // when
        transactions.run(client, () -> {
            for (int i = 0; i < 40; i++) {
                notifications.tell(client, notice("approval.requested"));
            }
        });

        // then
        awaitSettled(quickly, "delivered", 40);
        assertThat(slow.received().size())
                .as("asked while the other got all of its forty")
                .isLessThan(40);
        await().atMost(PATIENCE).until(() -> slow.received().size() >= 6);
        // One that was given up counts until the endpoint notices it.
        assertThat(slow.mostAtOnce()).isBetween(2, 4);
        slow.always(status(204));
    }

    @Test
    void aFaultBetweenTheAnswerAndItsNoteMakesItComeAgainWithTheSameId() throws Exception {
        // given
        Receiver receiver = receiver();
        Answer endpoint = endpoint(receiver, "*");
        receiver.first((request, socket) -> {
            try (Connection lock = database.admin().getConnection()) {
                lock.setAutoCommit(false);
                try (PreparedStatement row = lock.prepareStatement(
                        "select 1 from approval.webhook_delivery where message_id = ?::uuid for update")) {
                    row.setString(1, request.header("webhook-id"));
                    row.execute();
                }
                status(204).answer(request, socket);
                // The note waits for the lock; its session is ended there, as a crash would.
                await().atMost(PATIENCE)
                        .until(() -> behind.sql("""
                                        select count(pg_terminate_backend(pid)) from pg_stat_activity
                                        where datname = current_database() and usename = 'approval_app'
                                          and wait_event_type = 'Lock'""").query(Integer.class).single() > 0);
                lock.rollback();
            }
        });

        // when
        tell(notice("approval.requested"));

        // then
        Map<String, Object> delivery = awaitSettled(endpoint, "delivered", 1).getFirst();
        assertThat(receiver.received()).hasSize(2).allSatisfy(request -> assertThat(request.header("webhook-id"))
                .isEqualTo(delivery.get("message_id")));
        assertThat(attempts(delivery)).as("the note of the first was lost").hasSize(1);
    }

    @Test
    void aTestAsksOneEndpointAlone() throws Exception {
        // given
        Receiver receiver = receiver();
        Receiver other = receiver();
        Answer endpoint = endpoint(receiver, "policy.changed");
        endpoint(other, "*");

        // when
        Answer test = admin.post(path(endpoint) + "/test", Map.of());

        // then
        assertThat(test.status()).isEqualTo(202);
        assertThat(test.body()).containsEntry("event_type", "webhook.test").containsEntry("status", "pending");
        awaitSettled(endpoint, "delivered", 1);
        assertThat(Verifier.verifies(secretOf(endpoint), receiver.received().getFirst()))
                .isTrue();
        assertThat(other.received()).isEmpty();
    }

    @Test
    void theLogIsFilteredAndPaged() throws Exception {
        // given
        Receiver receiver = receiver();
        Answer endpoint = endpoint(receiver, "*");
        tell(notice("approval.requested"));
        tell(notice("approval.decided"));
        tell(notice("policy.changed"));
        awaitSettled(endpoint, "delivered", 3);

        // then
        assertThat(deliveries(endpoint, "?event_type=policy.changed")).hasSize(1);
        assertThat(deliveries(endpoint, "?status=failed")).isEmpty();
        assertThat(deliveries(endpoint, "?from=" + Instant.now().plusSeconds(60)))
                .isEmpty();
        assertThat(deliveries(endpoint, "?to=" + Instant.now().plusSeconds(60))).hasSize(3);
        Answer page = admin.get(path(endpoint) + "/deliveries?limit=2");
        assertThat(page.items()).hasSize(2).first().satisfies(item -> assertThat(item)
                .containsEntry("event_type", "policy.changed"));
        assertThat(deliveries(endpoint, "?limit=2&cursor=" + page.get("next_cursor")))
                .singleElement()
                .satisfies(item -> assertThat(item).containsEntry("event_type", "approval.requested"));
        assertThat(admin.get(path(endpoint) + "/deliveries?status=lost").status())
                .isEqualTo(400);
        assertThat(admin.get(path(endpoint) + "/deliveries?from=yesterday").status())
                .isEqualTo(400);
        assertThat(admin.get(path(endpoint) + "/deliveries/" + UUID.randomUUID())
                        .status())
                .isEqualTo(404);
    }

    @Test
    void whatIsOldIsDeletedAndWhatIsOnItsWayStays() throws Exception {
        // given
        Receiver receiver = receiver().first(status(204)).always(status(429, "Retry-After", "600"));
        Answer endpoint = endpoint(receiver, "*");
        tell(notice("approval.requested"));
        awaitSettled(endpoint, "delivered", 1);
        tell(notice("approval.decided"));
        await().atMost(PATIENCE).until(() -> receiver.received().size() == 2);

        // when
        behind.sql("update approval.webhook_delivery set created_at = now() - interval '31 days' where client_id"
                        + " = :client")
                .param("client", client)
                .update();
        behind.sql("update approval.job set due_at = now() where client_id = :client and kind = 'prune'")
                .param("client", client)
                .update();

        // then
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(deliveries(endpoint, ""))
                .singleElement()
                .satisfies(item -> assertThat(item).containsEntry("status", "pending")));
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                        behind.sql("select count(*) from approval.webhook_attempt where client_id = :client")
                                .param("client", client)
                                .query(Integer.class)
                                .single())
                .isEqualTo(1));
    }

    @Test
    void whatIsDeletedIsGoneWithAllThatWasSent() throws Exception {
        // given
        Receiver receiver = receiver();
        Answer endpoint = endpoint(receiver, "*");
        tell(notice("approval.requested"));
        awaitSettled(endpoint, "delivered", 1);

        // when
        assertThat(admin.call("DELETE", path(endpoint), null).status()).isEqualTo(204);
        tell(notice("approval.decided"));

        // then
        assertThat(admin.get(path(endpoint)).status()).isEqualTo(404);
        assertThat(admin.get(path(endpoint) + "/deliveries").status()).isEqualTo(404);
        for (String table : List.of("webhook_endpoint", "webhook_delivery", "webhook_attempt")) {
            assertThat(behind.sql("select count(*) from approval." + table + " where client_id = :client")
                            .param("client", client)
                            .query(Integer.class)
                            .single())
                    .as(table)
                    .isZero();
        }
    }

    @Test
    void aDeletionWaitsForWhatIsJustBeingSettledAndLeavesNothingBehind() throws Exception {
        // given a notice that is being written down, uncommitted
        Answer endpoint = endpoint(receiver(), "*");
        try (ExecutorService people = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> deleted = transactions.call(client, () -> {
                notifications.tell(client, notice("approval.requested"));

                // when the endpoint is deleted at that moment
                Future<Integer> answer = people.submit(
                        () -> admin.call("DELETE", path(endpoint), null).status());
                await().atMost(PATIENCE)
                        .until(() -> behind.sql("""
                        select count(*) from pg_stat_activity where datname = current_database()
                          and wait_event_type = 'Lock' and query like '%webhook_endpoint%'""").query(Integer.class).single() > 0);
                return answer;
            });

            // then
            assertThat(deleted).succeedsWithin(PATIENCE).isEqualTo(204);
        }
        assertThat(behind.sql("select count(*) from approval.webhook_delivery where client_id = :client")
                        .param("client", client)
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @Test
    void howActionsEndIsToldToWhoAskedForIt() throws Exception {
        // given
        TestEvents events = new TestEvents(kafka);
        Receiver receiver = receiver().always(answer(200, "thanks"));
        Answer endpoint = endpoint(receiver, "action.*");
        UUID action = UUID.randomUUID();
        UUID unprepared = UUID.randomUUID();

        // when
        events.send(client, Requests.scaling(action, 1, 5, "user:sre", null));
        events.send(client, new ActionOutcomeUnknown(action, null, "scale_deployment", "timeout of mary@example.org"));
        events.send(client, new ActionSucceeded(action, null, "scale_deployment", "kubernetes", Map.of("seen", "x")));
        events.send(client, new ActionFailed(unprepared, null, "refund", "order_not_found", "no order of mary"));
        events.send(client, new ActionCancelled(UUID.randomUUID(), null, "refund", "user:ann", "mary said so"));

        // then
        List<Map<String, Object>> deliveries = awaitSettled(endpoint, "delivered", 4);
        assertThat(deliveries)
                .extracting(delivery -> delivery.get("event_type"))
                .containsExactlyInAnyOrder("action.unknown", "action.succeeded", "action.failed", "action.cancelled");
        assertThat(receiver.received())
                .allSatisfy(request -> assertThat(request.body()).doesNotContain("mary"));
        JsonNode done = receiver.received().stream()
                .map(request -> ContractJson.mapper().readTree(request.body()))
                .filter(body -> body.path("type").asString().equals("action.succeeded"))
                .findFirst()
                .orElseThrow();
        assertThat(done.at("/data/effect").asString()).isEqualTo("Scale web from 3 to 5");
        assertThat(done.at("/data/provider").asString()).isEqualTo("kubernetes");
        assertThat(done.at("/data/target").asString()).isEqualTo("kubernetes/web");
        assertThat(done.at("/data/subject_id").asString()).isEqualTo(action.toString());
        assertThat(done.at("/data").has("result")).isFalse();
    }

    private double disabled(String reason) {
        return meters.counter("opsrelay.webhooks.disabled", "reason", reason).count();
    }

    private Receiver receiver() throws Exception {
        Receiver receiver = new Receiver();
        receivers.add(receiver);
        return receiver;
    }

    private Answer endpoint(Receiver receiver, String... types) {
        Answer created = admin.post("/api/v1/webhooks", Map.of("url", receiver.url(), "event_types", List.of(types)));
        assertThat(created.status()).isEqualTo(201);
        return created;
    }

    private static String path(Answer endpoint) {
        return "/api/v1/webhooks/" + endpoint.get("webhook_id");
    }

    private static String secretOf(Answer endpoint) {
        return String.valueOf(endpoint.get("secret"));
    }

    private Answer one(Answer endpoint) {
        return admin.get(path(endpoint));
    }

    private static Notice notice(String type) {
        return new Notice(type, UUID.randomUUID(), null, Map.of("rule", "refund-needs-person"), Set.of(Role.APPROVER));
    }

    private void tell(Notice notice) {
        transactions.run(client, () -> notifications.tell(client, notice));
    }

    private List<Map<String, Object>> deliveries(Answer endpoint, String query) {
        return admin.get(path(endpoint) + "/deliveries" + query).items();
    }

    private List<Map<String, Object>> awaitSettled(Answer endpoint, String status, int howMany) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(deliveries(endpoint, "?status=" + status))
                .hasSize(howMany));
        return deliveries(endpoint, "?status=" + status);
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> attempts(Map<String, Object> delivery) {
        return (List<Map<String, Object>>) delivery.get("attempts");
    }
}

package io.opsrelay.action.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.stripe.net.Webhook;
import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.action.ActionEngineTest;
import io.opsrelay.action.Api;
import io.opsrelay.action.FaultyPayments;
import io.opsrelay.action.Grants;
import io.opsrelay.action.TestEvents;
import io.opsrelay.action.stripe.FakeStripe.Fault;
import io.opsrelay.contracts.ActionEvent.ActionFailed;
import io.opsrelay.contracts.ActionEvent.ActionOutcomeUnknown;
import io.opsrelay.contracts.ActionEvent.ActionPrepared;
import io.opsrelay.contracts.ActionEvent.ActionProposed;
import io.opsrelay.contracts.ActionEvent.ActionSucceeded;
import io.opsrelay.contracts.ApprovalEvent.ApprovalRequested;
import io.opsrelay.contracts.Money;
import io.opsrelay.contracts.TicketEvent.Customer;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestDatabase;
import io.opsrelay.testing.TestKafka;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A refund's whole way to Stripe and back, with everything between that may go wrong. */
@ActionEngineTest
class StripePathTest implements WithStripe {

    private static final Customer MARY = new Customer(UUID.randomUUID(), "Mary.Major@example.org", true);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @Autowired
    private TestKafka kafka;

    @Autowired
    private TestDatabase database;

    @Autowired
    private MeterRegistry meters;

    @LocalServerPort
    private int port;

    private final UUID actionId = UUID.randomUUID();
    private final UUID approvalId = UUID.randomUUID();
    private final String orderId = "T-" + UUID.randomUUID();
    private final String key = "opsrelay-" + actionId;
    private TestEvents events;
    private Api admin;
    private String chargeId;

    @BeforeEach
    void anOrderOfItsOwn() {
        events = new TestEvents(kafka);
        admin = Api.of(port, SHOP, Role.ADMIN);
        chargeId = WithStripe.charge(orderId, new Money(new BigDecimal("25.00"), "EUR"));
    }

    @Test
    void anApprovedRefundIsMadeOnceAtStripe() {
        // given
        ActionPrepared prepared = propose();
        assertThat(prepared.arguments())
                .containsEntry("provider", "stripe")
                .containsEntry("charge_id", chargeId)
                .containsEntry("amount", "25.00");

        // when
        approve(prepared);

        // then
        ActionSucceeded done =
                events.await(ActionSucceeded.class, e -> e.actionId().equals(actionId));
        assertThat(done.provider()).isEqualTo("stripe");
        assertThat(STRIPE.refundsWith(key)).singleElement().satisfies(refund -> assertThat(refund)
                .containsEntry("id", done.result().get("refund_id"))
                .containsEntry("amount", 2500L));
        assertOnceAtMost();
    }

    @Test
    void aPendingRefundEndsWhenStripeSaysThatThereIsNews() {
        // given
        STRIPE.beginWith(chargeId, "pending");
        approve(propose());
        awaitStatus("settling");
        assertThat(action().object("result")).containsEntry("waits_for", "the bank");
        String refundId = (String) STRIPE.refundsWith(key).getFirst().get("id");

        // when: news that is none; the body alone is not believed
        assertThat(deliver("refund.updated", refundId).statusCode()).isEqualTo(200);
        await().atMost(PATIENCE).until(() -> asked("/v1/refunds") >= 1);
        assertThat(action().get("status")).isEqualTo("settling");

        // when
        STRIPE.end(refundId, "succeeded");
        HttpResponse<String> first = deliver("refund.updated", refundId);
        HttpResponse<String> again = deliver("charge.refund.updated", refundId);

        // then
        assertThat(List.of(first.statusCode(), again.statusCode())).containsExactly(200, 200);
        events.await(ActionSucceeded.class, e -> e.actionId().equals(actionId));
        assertOnceAtMost();
        assertThat(STRIPE.journal(key)).hasSize(1);
    }

    @Test
    void aPendingRefundThatFailsIsFoundOutByAsking() {
        // given
        STRIPE.beginWith(chargeId, "pending");
        approve(propose());
        awaitStatus("settling");

        // when
        STRIPE.end((String) STRIPE.refundsWith(key).getFirst().get("id"), "failed");
        tenMinutesPass();

        // then
        assertThat(failure().code()).isEqualTo("refund_failed");
        assertThat(STRIPE.journal(key)).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"CLOSE_BEFORE", "DO_AND_CLOSE", "DO_AND_ERROR", "DOWN", "LIMIT", "DO_AND_HANG"})
    void aLostAnswerIsVisibleAndThenSettled(Fault fault) {
        // given
        STRIPE.next(key, fault);

        // when
        approve(propose());

        // then
        events.await(ActionOutcomeUnknown.class, e -> e.actionId().equals(actionId));
        events.await(ActionSucceeded.class, e -> e.actionId().equals(actionId));
        assertThat(STRIPE.refundsWith(key)).hasSize(1);
        assertOnceAtMost();
    }

    @ParameterizedTest
    @EnumSource(
            value = FaultyPayments.Fault.class,
            names = {"DIE_BEFORE", "DO_AND_DIE"})
    void aWorkerThatDiesLeavesOneRefund(FaultyPayments.Fault fault) {
        FaultyPayments.next(key, fault);

        approve(propose());

        events.await(ActionSucceeded.class, e -> e.actionId().equals(actionId));
        assertThat(STRIPE.refundsWith(key)).hasSize(1);
        assertOnceAtMost();
    }

    @Test
    void aSavedErrorWithoutARefundStaysUnknownUntilTheKeysTimeIsOver() {
        // given
        STRIPE.next(key, Fault.ERROR);

        // when
        approve(propose());

        // then
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(action().list("steps"))
                .anyMatch(step -> String.valueOf(step.get("detail")).contains("nothing is sent any more")));
        assertThat(action().get("status")).isEqualTo("unknown");

        // when
        JdbcClient.create(database.admin())
                .sql("update action.stripe_refund_attempt set first_sent_at = now() - interval '25 hours'"
                        + " where idempotency_key = :key")
                .param("key", key)
                .update();

        // then
        assertThat(failure().code()).isEqualTo("refund_not_made");
        assertThat(STRIPE.refundsWith(key)).isEmpty();
        assertThat(STRIPE.journal(key)).hasSize(2);
    }

    @Test
    void whatWasGivenBackElsewhereMeanwhileIsNotGivenBackAgain() {
        // given
        ActionPrepared prepared = propose();

        // when
        STRIPE.set(chargeId, "amount_refunded", 2500);
        approve(prepared);

        // then
        assertThat(failure().code()).isEqualTo("amount_too_large");
        assertThat(STRIPE.refundsWith(key)).isEmpty();
    }

    @Test
    void aRefundThatFailsAfterItCountedAsDoneIsSeen() {
        // given
        approve(propose());
        events.await(ActionSucceeded.class, e -> e.actionId().equals(actionId));
        String refundId = (String) STRIPE.refundsWith(key).getFirst().get("id");
        double before = failedLate();

        // when
        STRIPE.end(refundId, "failed");
        deliver("refund.failed", refundId);
        deliver("refund.updated", refundId);

        // then
        assertThat(failedLate()).isEqualTo(before + 1);
        assertThat(action().get("status")).isEqualTo("succeeded");
        assertThat(action().list("steps"))
                .filteredOn(step -> step.get("step").equals("failed_late"))
                .singleElement()
                .satisfies(
                        step -> assertThat(String.valueOf(step.get("detail"))).contains(refundId, "another way"));
    }

    private double failedLate() {
        return meters.counter("opsrelay.stripe.refunds.failed.late", "outcome", "failed")
                .count();
    }

    @Test
    void onlyAFreshSignatureOfTheEndpointsSecretOpensTheDoor() throws Exception {
        String event = "{\"type\":\"refund.updated\",\"data\":{\"object\":{\"object\":\"refund\"}}}";
        long now = Instant.now().getEpochSecond();

        assertThat(deliver(CHANNEL, event, null).statusCode()).isEqualTo(400);
        assertThat(deliver(CHANNEL, event, "nonsense").statusCode()).isEqualTo(400);
        HttpResponse<String> forged = deliver(CHANNEL, event, sign(event, "whsec_of_somebody_else", now));
        assertThat(forged.statusCode()).isEqualTo(400);
        assertThat(forged.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(deliver(CHANNEL, event + " ", sign(event, SECRET, now)).statusCode())
                .isEqualTo(400);
        assertThat(deliver(CHANNEL, event, sign(event, SECRET, now - 301)).statusCode())
                .isEqualTo(400);
        assertThat(deliver("no-such-channel", event, sign(event, SECRET, now)).statusCode())
                .isEqualTo(404);
        assertThat(deliver(CHANNEL, event, sign(event, SECRET, now)).statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"charge.succeeded\",\"data\":{\"object\":{\"object\":\"charge\"}}}",
                "{\"type\":\"refund.updated\",\"data\":{\"object\":{\"object\":\"refund\",\"metadata\":{}}}}",
                "{\"type\":\"refund.updated\",\"data\":{\"object\":{\"object\":\"refund\",\"status\":\"failed\","
                        + "\"metadata\":{\"opsrelay_key\":\"opsrelay-00000000-0000-0000-0000-000000000000\"}}}}",
                "{\"type\":\"refund.updated\",\"data\":{\"object\":{\"object\":\"refund\","
                        + "\"metadata\":{\"opsrelay_key\":\"opsrelay-' or 1=1\"}}}}",
                "{\"type\":\"refund.updated\",\"data\":null}",
            })
    void anEventWithoutNewsForUsIsTakenAndChangesNothing(String event) throws Exception {
        assertThat(deliver(CHANNEL, event, sign(event, SECRET, Instant.now().getEpochSecond()))
                        .statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no json", "[]", "{}", "{\"type\":7}"})
    void whatIsNoEventIsRefused(String body) throws Exception {
        assertThat(deliver(CHANNEL, body, sign(body, SECRET, Instant.now().getEpochSecond()))
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedBeforeItIsRead() throws Exception {
        String body = "{\"type\":\"" + "x".repeat(64 * 1024) + "\"}";

        assertThat(deliver(CHANNEL, body, sign(body, SECRET, Instant.now().getEpochSecond()))
                        .statusCode())
                .isEqualTo(413);
    }

    @Test
    void besideItThereIsNoDoor() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/webhooks/other"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();

        assertThat(HTTP.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(404);
    }

    /** Each refund that the journal says was made stands for one action of ours that knows it. */
    private void assertOnceAtMost() {
        Map<String, Long> made = STRIPE.journal().stream()
                .filter(entry -> entry.done() != null
                        && entry.key() != null
                        && entry.key().startsWith("opsrelay-"))
                .collect(java.util.stream.Collectors.groupingBy(
                        entry -> String.valueOf(entry.key()), java.util.stream.Collectors.counting()));
        assertThat(made.values()).allMatch(times -> times == 1);
        assertThat(STRIPE.journal(key))
                .filteredOn(entry -> entry.done() != null)
                .singleElement()
                .satisfies(entry -> assertThat(action().object("result")).containsEntry("refund_id", entry.done()));
    }

    private long asked(String path) {
        return STRIPE.journal().stream()
                .filter(entry -> entry.method().equals("GET") && entry.path().equals(path))
                .count();
    }

    private HttpResponse<String> deliver(String type, String refundId) {
        String event = STRIPE.event(type, refundId);
        try {
            return deliver(CHANNEL, event, sign(event, SECRET, Instant.now().getEpochSecond()));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpResponse<String> deliver(String channel, String body, String signature) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + "/webhooks/stripe/" + channel))
                .header("Content-Type", "application/json; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (signature != null) {
            request.header("Stripe-Signature", signature);
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String sign(String body, String secret, long at) throws Exception {
        return Webhook.Signature.generateSignatureHeader(body, secret, at);
    }

    private ActionPrepared propose() {
        events.send(
                SHOP,
                new ActionProposed(
                        actionId,
                        UUID.randomUUID(),
                        UUID.randomUUID(),
                        "refund",
                        Map.of("order_id", orderId),
                        "ai:luna",
                        MARY,
                        null));
        return events.await(ActionPrepared.class, e -> e.actionId().equals(actionId));
    }

    private void approve(ActionPrepared prepared) {
        events.send(
                SHOP,
                new ApprovalRequested(
                        approvalId,
                        actionId,
                        prepared.ticketId(),
                        prepared.version(),
                        "refund",
                        "refund-needs-person",
                        Instant.now().plusSeconds(3600)));
        events.send(SHOP, Grants.event(approvalId, prepared, Grants.sign(Grants.claims(SHOP, approvalId, prepared))));
    }

    private ActionFailed failure() {
        return events.await(ActionFailed.class, e -> e.actionId().equals(actionId));
    }

    private void awaitStatus(String status) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(action().get("status")).isEqualTo(status));
    }

    /** For the question about the pending refund, that is. */
    private void tenMinutesPass() {
        JdbcClient.create(database.admin())
                .sql("update action.job set due_at = now() where subject = :action")
                .param("action", actionId)
                .update();
    }

    private Api.Answer action() {
        return admin.get("/api/v1/actions/" + actionId);
    }
}

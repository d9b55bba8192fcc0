package io.opsrelay.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsrelay.e2e.system.Answer;
import io.opsrelay.e2e.system.OpsRelay;
import io.opsrelay.e2e.system.Person;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The steps that the scenarios are made of. Each waits for what it names, and says what it saw instead. */
final class Steps {

    /** Customer of acme's orders A-1001 to A-1020, 25.00 EUR each. */
    static final String MARY = "mary.major@example.org";

    static final Duration PATIENCE = Duration.ofSeconds(120);

    /** The channel of recordings by which mail comes in, and what signs it. */
    static final String CHANNEL = "recorded";

    static final String CHANNEL_SECRET =
            "whsec_" + Base64.getEncoder().encodeToString("no secret outside of recordings".getBytes(UTF_8));

    /** Subject of a recording's ticket whose text holds what no model may see. */
    static final String PERSONAL = "Something personal";

    /** What the file of a recording's ticket holds. */
    static final String FILE = "The lamp, as it came out of its box.\n";

    private Steps() {}

    /** Posts a ticket; answers its id. */
    static String postTicket(Person sender, String subject, String body) {
        Answer answer = sender.post("/api/v1/tickets", ticket(subject, body)).expect(202);
        assertThat(answer.text("status")).isEqualTo("received");
        return answer.text("ticket_id");
    }

    static Map<String, Object> ticket(String subject, String body) {
        return Map.of("subject", subject, "body", body, "customer_email", MARY);
    }

    /** Mary wants her money back for the order. */
    static String postRefundRequest(Person sender, String orderId) {
        return postTicket(
                sender, "Broken lamp", "The lamp came in pieces, I want my money back. It was order " + orderId + ".");
    }

    static JsonNode ticketOf(Person reader, String ticketId) {
        return reader.get("/api/v1/tickets/" + ticketId).expect(200).json();
    }

    /** Waits until the ticket has that status. */
    static JsonNode awaitStatus(Person reader, String ticketId, String status) {
        await("ticket " + ticketId + " " + status).atMost(PATIENCE).untilAsserted(() -> {
            JsonNode ticket = ticketOf(reader, ticketId);
            assertThat(ticket.path("status").asString())
                    .as(() -> "status of the ticket with the timeline " + events(ticket))
                    .isEqualTo(status);
        });
        return ticketOf(reader, ticketId);
    }

    /** The events of a ticket's timeline, in its order. */
    static List<String> events(JsonNode ticket) {
        List<String> events = new ArrayList<>();
        ticket.path("timeline").forEach(entry -> events.add(entry.path("event").asString()));
        return events;
    }

    /** The one approval of the ticket that waits for a person; waits for it. */
    static JsonNode awaitPendingApproval(Person reader, String ticketId) {
        await("a pending approval of ticket " + ticketId).atMost(PATIENCE).untilAsserted(() -> assertThat(
                        pendingApproval(reader, ticketId))
                .as(() -> "pending approval; timeline " + events(ticketOf(reader, ticketId)))
                .isPresent());
        return pendingApproval(reader, ticketId).orElseThrow();
    }

    static Optional<JsonNode> pendingApproval(Person reader, String ticketId) {
        for (JsonNode approval : reader.get("/api/v1/approvals?status=pending&limit=200")
                .expect(200)
                .json()
                .path("items")) {
            if (approval.path("ticket_id").asString("").equals(ticketId)) {
                return Optional.of(approval);
            }
        }
        return Optional.empty();
    }

    static Answer approve(Person approver, JsonNode approval) {
        return decide(approver, approval, "approve", "the photo shows it");
    }

    static Answer decide(Person approver, JsonNode approval, String decision, String reason) {
        return approver.post(decisionPath(approval), Map.of("decision", decision, "reason", reason));
    }

    static Answer edit(Person approver, JsonNode approval, String reason, Map<String, Object> arguments) {
        Map<String, Object> body = new HashMap<>(Map.of("decision", "edit", "reason", reason));
        body.put("arguments", arguments);
        return approver.post(decisionPath(approval), body);
    }

    private static String decisionPath(JsonNode approval) {
        return "/api/v1/approvals/" + approval.path("approval_id").asString() + "/decide";
    }

    /** Somebody writes to {@link #CHANNEL} of acme. */
    static Answer postMail(OpsRelay opsRelay, String from, String subject, String text) {
        String channel = "";
        for (JsonNode known : opsRelay.as("admin@acme.example")
                .get("/api/v1/channels")
                .expect(200)
                .json()
                .path("items")) {
            if (known.path("name").asString().equals(CHANNEL)) {
                channel = known.path("channel_id").asString();
            }
        }
        String id = "msg_" + UUID.randomUUID();
        byte[] body = JsonMapper.shared()
                .writeValueAsBytes(Map.of(
                        "from", from,
                        "to", CHANNEL + "@acme.example",
                        "subject", subject,
                        "text", text,
                        "message_id", id + "@example.org"));
        long now = Instant.now().getEpochSecond();
        return opsRelay.nobody()
                .post(
                        "/webhooks/email/inbound/" + channel,
                        "application/json",
                        body,
                        Map.of(
                                "webhook-id",
                                id,
                                "webhook-timestamp",
                                Long.toString(now),
                                "webhook-signature",
                                "v1," + signature(id + "." + now + "." + new String(body, UTF_8))));
    }

    private static String signature(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(
                    Base64.getDecoder().decode(CHANNEL_SECRET.substring("whsec_".length())), "HmacSHA256"));
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    /** Waits until the action has that status. */
    static JsonNode awaitAction(Person reader, String actionId, String status) {
        await("action " + actionId + " " + status).atMost(PATIENCE).untilAsserted(() -> {
            JsonNode action =
                    reader.get("/api/v1/actions/" + actionId).expect(200).json();
            assertThat(action.path("status").asString())
                    .as("status of " + action)
                    .isEqualTo(status);
        });
        return reader.get("/api/v1/actions/" + actionId).expect(200).json();
    }

    /** What the sandbox's ledger says was paid back for one of acme's orders. */
    static List<JsonNode> refunds(OpsRelay opsRelay, String orderId) {
        JsonNode payment = opsRelay.as("admin@acme.example")
                .get("/api/v1/sandbox/payments?order_id=" + orderId)
                .expect(200)
                .json();
        assertThat(payment.path("order_id").asString()).isEqualTo(orderId);
        List<JsonNode> refunds = new ArrayList<>();
        payment.path("refunds").forEach(refunds::add);
        return refunds;
    }

    /** Fails unless exactly these amounts, in EUR, were paid back for the order. */
    static List<JsonNode> expectRefunds(OpsRelay opsRelay, String orderId, String... amounts) {
        List<JsonNode> refunds = refunds(opsRelay, orderId);
        assertThat(refunds)
                .as("refunds of " + orderId)
                .extracting(refund -> refund.path("amount").asString() + " "
                        + refund.path("currency").asString())
                .containsExactlyInAnyOrder(
                        Arrays.stream(amounts).map(amount -> amount + " EUR").toArray(String[]::new));
        return refunds;
    }
}

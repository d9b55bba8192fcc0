package io.opsrelay.e2e;

import static io.opsrelay.e2e.Steps.approve;
import static io.opsrelay.e2e.Steps.awaitAction;
import static io.opsrelay.e2e.Steps.awaitPendingApproval;
import static io.opsrelay.e2e.Steps.awaitStatus;
import static io.opsrelay.e2e.Steps.decide;
import static io.opsrelay.e2e.Steps.postTicket;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsrelay.e2e.system.OpsRelay;
import io.opsrelay.e2e.system.Person;
import io.opsrelay.e2e.system.RunningSystem;
import io.opsrelay.e2e.upgrade.Reading;
import io.opsrelay.e2e.upgrade.Recording;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes the recording of this version that {@link UpgradeIT} tries with all later ones: everything that can be made by the
 * public API without another system is there once. No test by its name, so that it runs only when called for:
 * {@code mvn verify -pl deploy/e2e -am -Dit.test=RecordVersion -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false}
 */
@RunningSystem
class RecordVersion {

    private final OpsRelay opsRelay;
    private final Person admin;
    private final Person agent;
    private final Person approver;
    /** Answers that shall stay as they are, however late they are compared: nothing in them ends with its time. */
    private final List<Reading> readings = new ArrayList<>();

    RecordVersion(OpsRelay opsRelay) {
        this.opsRelay = opsRelay;
        this.admin = opsRelay.as("admin@acme.example");
        this.agent = opsRelay.as("agent@acme.example");
        this.approver = opsRelay.as("approver@acme.example");
    }

    @Test
    void record() throws IOException {
        Recording recording = Recording.named(LocalDate.now(ZoneOffset.UTC).toString());
        rules();
        knowledge();
        doors();
        actions();
        desk();
        mail();
        otherClients();
        decisions();

        opsRelay.freeze("agent-service");
        refund("Unread: a refund", "A-1004");
        postTicket(agent, "Unread: a question", "How long do refunds take?");
        opsRelay.record(recording);
        recording.add(readings);
    }

    /** What admins allow. It comes first, so that what follows happens under it. */
    private void rules() {
        ObjectNode workflow =
                (ObjectNode) admin.get("/api/v1/agent/workflow").expect(200).json();
        workflow.remove(List.of("version", "changed_by", "changed_at"));
        ((ObjectNode) workflow.path("thresholds")).put("least_confidence", 0.45);
        admin.put("/api/v1/agent/workflow", workflow).expect(200);
        readAs(admin, "/api/v1/agent/workflow");

        admin.put(
                        "/api/v1/guardrails",
                        Map.of(
                                "reason",
                                "a week of many refunds",
                                "rules",
                                List.of(
                                        Map.of(
                                                "name",
                                                "refunds-of-a-day",
                                                "kind",
                                                "daily_cap",
                                                "action_types",
                                                List.of("refund"),
                                                "count",
                                                200,
                                                "sums",
                                                Map.of("EUR", "5000.00"),
                                                "zone",
                                                "Europe/Berlin"),
                                        Map.of(
                                                "name", "fuse",
                                                "kind", "breaker",
                                                "failures", 3,
                                                "within", "PT10M",
                                                "open_for", "PT15M"))))
                .expect(200);
        readAs(admin, "/api/v1/guardrails", "/api/v1/guardrails/versions/1");

        admin.put(
                        "/api/v1/ai/employees/otto",
                        Map.of(
                                "display_name",
                                "Otto",
                                "role",
                                "Night shift",
                                "tone",
                                "formal",
                                "primary_metric",
                                Map.of("name", "nights", "unit", "nights"),
                                "tools",
                                List.of(),
                                "intents",
                                List.of("nothing_of_the_day"),
                                "languages",
                                List.of("en"),
                                "enabled",
                                false))
                .expect(200);
        readAs(admin, "/api/v1/ai/employees/otto");
    }

    /** What the agent is taught. */
    private void knowledge() {
        admin.put(
                        "/api/v1/agent/knowledge/articles/lamps",
                        Map.of(
                                "id", "lamps",
                                "title", "Lamps",
                                "language", "en",
                                "format", "markdown",
                                "content", "# Lamps\n\nLamps are sent in *two* boxes."))
                .expect(200);
        readAs(admin, "/api/v1/agent/knowledge/articles/lamps");
        admin.put(
                        "/api/v1/agent/orders",
                        List.of(Map.of(
                                "order_id", "A-1001",
                                "customer_email", Steps.MARY,
                                "status", "shipped",
                                "total", 25.00,
                                "currency", "EUR",
                                "items", "a lamp")))
                .expect(200);
        readAs(admin, "/api/v1/agent/orders/A-1001");
        admin.post("/api/v1/agent/classifier/examples", List.of(Map.of("text", "My lamp flickers", "label", "lamps")))
                .expect(200);
    }

    /** Who is told, and by which doors mail comes in. */
    private void doors() {
        String webhook = admin.post(
                        "/api/v1/webhooks",
                        Map.of(
                                "url", "https://hooks.acme.invalid/opsrelay",
                                "event_types", List.of("approval.*"),
                                "description", "nobody is there"))
                .expect(201)
                .text("webhook_id");
        // It fails from the first notice on.
        readAs(admin, "/api/v1/webhooks/" + webhook + "#/url");
        admin.put(
                        "/api/v1/notifications/settings",
                        Map.of(
                                "recipients",
                                List.of(Map.of(
                                        "address", "desk@acme.example",
                                        "role", "approver",
                                        "event_types", List.of("approval.requested")))))
                .expect(200);
        readAs(admin, "/api/v1/notifications/settings");
        admin.post(
                        "/api/v1/canned-replies",
                        Map.of(
                                "name",
                                "Late parcel",
                                "text",
                                "Dear {customer_name}, we look for it.",
                                "language",
                                "en"))
                .expect(201);
        readAs(agent, "/api/v1/canned-replies");
        String channel = admin.post(
                        "/api/v1/channels",
                        Map.of(
                                "kind",
                                "email-generic",
                                "name",
                                Steps.CHANNEL,
                                "addresses",
                                List.of(Steps.CHANNEL + "@acme.example"),
                                "settings",
                                Map.of("vouches_for_sender", "true")))
                .expect(201)
                .text("channel_id");
        admin.post(
                        "/api/v1/channels/" + channel + "/secrets/signing_secret/rotate",
                        Map.of("value", Steps.CHANNEL_SECRET))
                .expect(200);
        // The secret before is good for a day only.
        readAs(admin, "/api/v1/channels#/items/0/addresses");
    }

    private void actions() {
        String paid = refund("Finished: paid", "A-1001");
        approve(approver, awaitPendingApproval(approver, paid)).expect(200);
        awaitStatus(agent, paid, "resolved");
        String rejected = refund("Finished: rejected", "A-1002");
        decide(approver, awaitPendingApproval(approver, rejected), "reject", "the return period is over")
                .expect(200);
        awaitStatus(agent, rejected, "resolved");
        String waiting = refund("Waiting for a person", "A-1003");
        awaitPendingApproval(approver, waiting);
        awaitStatus(agent, waiting, "awaiting_approval");
        String reset = postTicket(agent, "Password", "I forgot my password and cannot sign in. Please reset it.");
        awaitStatus(agent, reset, "resolved");
        String bug =
                postTicket(agent, "A bug", "I found a bug: the app crashes with an error whenever I press export.");
        awaitStatus(agent, bug, "resolved");

        readAs(agent, "/api/v1/tickets/" + paid, "/api/v1/tickets/" + rejected);
        readAs(admin, "/api/v1/agent/runs?ticket_id=" + paid);
        readAs(admin, "/api/v1/approvals?ticket_id=" + paid, "/api/v1/approvals?ticket_id=" + rejected);
        readAs(admin, "/api/v1/actions?status=succeeded&action_type=refund");
        readAs(admin, "/api/v1/actions?status=succeeded&action_type=password_reset");
        readAs(admin, "/api/v1/actions?status=succeeded&action_type=bug_report");
        readAs(admin, "/api/v1/sandbox/payments?order_id=A-1001");

        String held = opsRelay.as("sre@acme.example")
                .post(
                        "/api/v1/scale_deployment",
                        Map.of(
                                "service_name", "agent-service",
                                "target_type", "standalone",
                                "replicas", 4,
                                "reason", "a busy night"))
                .expect(202)
                .text("action_id");
        awaitAction(admin, held, "awaiting_approval");
        readAs(admin, "/api/v1/actions/" + held);
    }

    private void desk() {
        String ticket = postTicket(agent, "On the desk", "How long do refunds take?");
        awaitStatus(agent, ticket, "resolved");
        String path = "/api/v1/tickets/" + ticket;
        agent.put(path + "/tags", Map.of("tags", List.of("vip", "lamps"))).expect(200);
        agent.put(path + "/priority", Map.of("priority", "high")).expect(200);
        agent.put(path + "/category", Map.of("category", "lamps", "reason", "it is about lamps"))
                .expect(200);
        agent.put(path + "/assignee", Map.of("assignee", "agent@acme.example")).expect(200);
        agent.post(path + "/messages", Map.of("text", "She called twice.", "internal", true))
                .expect(201);
        agent.post(
                        path + "/attachments",
                        "text/plain",
                        Steps.FILE.getBytes(StandardCharsets.UTF_8),
                        Map.of("Content-Disposition", "attachment; filename=\"lamp.txt\""))
                .expect(201);
        agent.post(path + "/messages", Map.of("text", "We look into it.")).expect(201);
        String twin = fromUpstream();
        agent.post("/api/v1/tickets/" + twin + "/merge", Map.of("into", ticket, "reason", "the same question"))
                .expect(200);
        readAs(agent, path, path + "/attachments", "/api/v1/tickets/" + twin);

        // The correction has reached the classifier.
        await("the example").atMost(Steps.PATIENCE).untilAsserted(() -> assertThat(
                        admin.get("/api/v1/agent/classifier/examples")
                                .expect(200)
                                .text())
                .contains("correction"));
        readAs(admin, "/api/v1/agent/classifier/examples");
    }

    private void mail() {
        String ticket = Steps.postMail(
                        opsRelay,
                        Steps.MARY,
                        Steps.PERSONAL,
                        "How long do refunds take? Write to mary.private@example.org, my card is 4111 1111 1111 1111.")
                .expect(200)
                .text("ticket_id");
        awaitStatus(agent, ticket, "resolved");
        await("the answer on its way").atMost(Steps.PATIENCE).untilAsserted(() -> assertThat(
                        agent.get("/api/v1/tickets/" + ticket + "/emails")
                                .expect(200)
                                .json()
                                .path("items"))
                .allMatch(mail -> mail.path("state").asString().equals("sent"))
                .isNotEmpty());
        String redactions = "/api/v1/agent/tickets/" + ticket + "/redactions";
        admin.post(redactions + "/reveal", Map.of("reason", "she wants to be called"))
                .expect(200);
        readAs(agent, "/api/v1/tickets/" + ticket, "/api/v1/tickets/" + ticket + "/emails");
        readAs(admin, redactions);

        String customer = customer("bob@example.org", "Finished: of somebody who is blocked");
        admin.post("/api/v1/customers/" + customer + "/notes", Map.of("text", "Writes at night"))
                .expect(201);
        admin.post(
                        "/api/v1/customers/" + customer + "/identities",
                        Map.of("type", "external", "source", "crm", "value", "4711"))
                .expect(201);
        admin.post("/api/v1/customers/" + customer + "/block", Map.of("reason", "Spam"))
                .expect(200);
        Steps.postMail(opsRelay, "bob@example.org", "Buy lamps", "Cheap lamps!")
                .expect(200)
                .text("filed_id");
        readAs(admin, "/api/v1/customers/" + customer, "/api/v1/customers/" + customer + "/notes");
        readAs(admin, "/api/v1/mails/filed");

        String erased = customer("carol@example.org", "Of somebody who is erased");
        admin.post(
                        "/api/v1/customers/" + erased + "/erase",
                        Map.of("confirm", "carol@example.org", "reason", "Asked for it"))
                .expect(200);
        readAs(admin, "/api/v1/customers/" + erased);
    }

    /** The ticket that another system wrote; what else it wrote is a dead letter. */
    private String fromUpstream() {
        send("{\"subject\":\"From upstream\",\"body\":\"How long do refunds take?\",\"customer_email\":\"" + Steps.MARY
                + "\",\"external_id\":\"4711\"}");
        send("{\"subject\":\"Nobody wrote this\"}");
        String letter =
                awaitOnly(admin, "/api/v1/dead-letters").path("letter_id").asString();
        readAs(admin, "/api/v1/dead-letters/" + letter);
        String ticket = awaitOnly(agent, "/api/v1/tickets?channel=upstream")
                .path("ticket_id")
                .asString();
        awaitStatus(agent, ticket, "resolved");
        return ticket;
    }

    private static JsonNode awaitOnly(Person person, String path) {
        await(path).atMost(Steps.PATIENCE).untilAsserted(() -> assertThat(
                        person.get(path).expect(200).json().path("items"))
                .hasSize(1));
        return person.get(path).expect(200).json().path("items").path(0);
    }

    private void send(String value) {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", opsRelay.kafka()), new StringSerializer(), new StringSerializer())) {
            ProducerRecord<String, String> record = new ProducerRecord<>("opsrelay.upstream.tickets", value);
            record.headers().add("source", "demo".getBytes(StandardCharsets.UTF_8));
            producer.send(record);
        }
    }

    /** Clients at whom nothing happens any more: their logs and numbers stay as they are. */
    private void otherClients() {
        Person globex = opsRelay.as("admin@globex.example");
        Person operator = opsRelay.as("operator@opsrelay.example");
        operator.post(
                        "/api/v1/clients",
                        Map.of("client_id", "initech", "name", "Initech", "sources", List.of("orders")))
                .expect(201);
        readAs(operator, "/api/v1/clients/initech");

        String ticket =
                postTicket(opsRelay.as("agent@globex.example"), "Finished: a question", "How long do refunds take?");
        awaitStatus(globex, ticket, "resolved");
        globex.post("/api/v1/kill_switch", Map.of("on", true, "reason", "holidays"))
                .expect(200);
        readAs(globex, "/api/v1/tickets/" + ticket, "/api/v1/ai/activities", "/api/v1/kill_switch");
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        String day = "/api/v1/dashboard/stats?bucket=day&from=%sT00:00:00Z&to=%sT00:00:00Z"
                .formatted(today, today.plusDays(1));
        await("the numbers").atMost(Steps.PATIENCE).untilAsserted(() -> assertThat(globex.get(day)
                        .expect(200)
                        .json()
                        .path("totals")
                        .path("completed")
                        .asInt())
                .isEqualTo(1));
        readAs(globex, day + "#/totals");
        readSealed(globex, "/api/v1/actions/audit");
    }

    /** Policies, and a request with one of the two votes that one of them asked for. */
    private void decisions() {
        ObjectNode shipped =
                (ObjectNode) admin.get("/api/v1/policies").expect(200).json();
        List<JsonNode> rules = new ArrayList<>();
        shipped.path("rules").forEach(rules::add);
        List<Object> strict = new ArrayList<>(rules);
        strict.addFirst(Map.of(
                "name", "two-people-for-every-refund",
                "when", Map.of("action_types", List.of("refund")),
                "then", Map.of("decision", "approve", "approvers", Map.of("count", 2, "roles", List.of("approver")))));
        admin.put("/api/v1/policies", Map.of("rules", strict)).expect(200);
        String voted = refund("Voted: one of two", "A-1005");
        approve(approver, awaitPendingApproval(approver, voted)).expect(200);
        awaitStatus(agent, voted, "awaiting_approval");
        admin.put("/api/v1/policies", Map.of("rules", rules)).expect(200);
        readAs(admin, "/api/v1/policies", "/api/v1/policies/versions/1", "/api/v1/policies/versions");
        readSealed(admin, "/api/v1/tickets/audit");
    }

    /** The id of the customer with that address, who has one ticket, which is resolved. */
    private String customer(String address, String subject) {
        String ticket = agent.post(
                        "/api/v1/tickets",
                        Map.of("subject", subject, "body", "How long do refunds take?", "customer_email", address))
                .expect(202)
                .text("ticket_id");
        awaitStatus(agent, ticket, "resolved");
        return admin.get("/api/v1/customers?q=" + address)
                .expect(200)
                .json()
                .path("items")
                .path(0)
                .path("customer_id")
                .asString();
    }

    private String refund(String subject, String order) {
        return postTicket(agent, subject, "The lamp came in pieces, I want my money back. It was order " + order + ".");
    }

    /** Reads an audit log once all of it is in its chain. */
    private void readSealed(Person person, String path) {
        await("the chain of " + path).atMost(Steps.PATIENCE).untilAsserted(() -> assertThat(
                        person.get(path).expect(200).json().path("items"))
                .isNotEmpty()
                .allMatch(entry -> entry.path("sealed").asBoolean()));
        readAs(person, path);
    }

    private void readAs(Person person, String... paths) {
        for (String path : paths) {
            readings.add(
                    Reading.of(person.name(), path, person.get(path).expect(200).json()));
        }
    }
}

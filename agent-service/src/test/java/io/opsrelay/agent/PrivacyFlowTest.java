package io.opsrelay.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opsrelay.contracts.ActionEvent.ActionProposed;
import io.opsrelay.contracts.ApprovalEvent.ApprovalResponded;
import io.opsrelay.contracts.ContractJson;
import io.opsrelay.contracts.ExportEvent;
import io.opsrelay.contracts.ExportEvent.ExportAnswered;
import io.opsrelay.contracts.ExportEvent.ExportRequested;
import io.opsrelay.contracts.Headers;
import io.opsrelay.contracts.RunEvent.RunCompleted;
import io.opsrelay.contracts.RunEvent.RunParked;
import io.opsrelay.contracts.TicketEvent.Customer;
import io.opsrelay.contracts.TicketEvent.ReplyDrafted;
import io.opsrelay.contracts.TicketEvent.TicketClassified;
import io.opsrelay.contracts.TicketEvent.TicketReceived;
import io.opsrelay.contracts.Topics;
import io.opsrelay.security.Role;
import io.opsrelay.security.seal.SealedParts;
import io.opsrelay.security.seal.SealedParts.Keys;
import io.opsrelay.testing.OpsRelayTest;
import io.opsrelay.testing.TestDatabase;
import io.opsrelay.testing.TestKafka;
import io.opsrelay.testing.TestTokens;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import tools.jackson.databind.JsonNode;

/** What becomes of personal data in a ticket: out before anything reads it, back only where it may go. */
@OpsRelayTest(service = "agent")
@SpringBootTest(properties = "opsrelay.knowledge.demo-clients=acme")
@AutoConfigureMockMvc
class PrivacyFlowTest {

    private static final String LETTER =
            "The lamp came in pieces, I want my money back. Call +49 30 23125432 or write to jane.doe@example.org.\n"
                    + "Kind regards,\nJane Doe";

    @Autowired
    private TestKafka kafka;

    @Autowired
    private TestDatabase database;

    @Autowired
    private MockMvcTester http;

    @Test
    void aClassificationTellsWhatWasTakenOutAndWhereTheTextPoints() {
        TicketReceived ticket = told("acme", "Order A-2001", LETTER);

        TicketClassified classified = acme().await(ticket.ticketId(), TicketClassified.class);

        assertThat(classified.category()).isEqualTo("refund_request");
        assertThat(classified.redactions()).isEqualTo(Map.of("phone", 1, "email", 1, "name", 1));
        assertThat(classified.region()).isEqualTo("DE");
        assertThat(classified.industry()).isEqualTo("retail");
        assertThat(acme().await(ticket.ticketId(), ActionProposed.class).arguments())
                .isEqualTo(Map.of("order_id", "A-2001"));
    }

    @Test
    void theValuesAreKeptEncrypted() throws SQLException {
        TicketReceived ticket = told("acme", "Order A-2002", LETTER);
        acme().await(ticket.ticketId(), RunParked.class);

        byte[] sealed = admin().sql("select sealed from agent.ticket_redaction where ticket_id = :ticket")
                .param("ticket", ticket.ticketId())
                .query((row, n) -> row.getBytes(1))
                .single();

        assertThat(new String(sealed, StandardCharsets.UTF_16BE)).doesNotContain("jane");
        assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("jane", "j\0a\0n");
    }

    @Test
    void whatGoesToTheCustomerHasTheCustomersOwnValuesAndNobodyElses() {
        TicketReceived ticket = told("acme", "Order A-2003", LETTER);
        acme().await(ticket.ticketId(), RunParked.class);

        acme().tell(new ApprovalResponded(
                UUID.randomUUID(),
                acme().await(ticket.ticketId(), ActionProposed.class).actionId(),
                ticket.ticketId(),
                "user:approver@acme.example",
                "Dear [NAME_1], we write to [EMAIL_1], not to [EMAIL_2]."));

        assertThat(acme().await(ticket.ticketId(), RunCompleted.class).reply())
                .isEqualTo("Dear Jane Doe, we write to jane.doe@example.org, not to [EMAIL_2].");
    }

    @Test
    void tokensOfOneTicketStandForNothingInAnother() {
        TicketReceived other = told("acme", "Order A-2004", "I want a refund for the broken lamp, please.");
        acme().await(other.ticketId(), RunParked.class);

        acme().tell(new ApprovalResponded(
                UUID.randomUUID(),
                acme().await(other.ticketId(), ActionProposed.class).actionId(),
                other.ticketId(),
                "user:approver@acme.example",
                "Dear [NAME_1]"));

        assertThat(acme().await(other.ticketId(), RunCompleted.class).reply()).isEqualTo("Dear [NAME_1]");
    }

    @Test
    void aTextInALanguageWithoutTemplatesIsAnsweredInEnglishAndTheRunSaysSo() {
        TicketReceived ticket =
                told("acme", "Dov'è il mio ordine?", "Lo aspetto da due settimane e nessuno mi risponde.");

        TicketClassified classified = acme().await(ticket.ticketId(), TicketClassified.class);
        ReplyDrafted reply = acme().await(ticket.ticketId(), ReplyDrafted.class);
        acme().await(ticket.ticketId(), RunCompleted.class);

        assertThat(classified.language()).isEqualTo("it");
        assertThat(reply.text()).contains("Hello");
        assertThat(get("/api/v1/agent/runs?ticket_id=" + ticket.ticketId(), "acme", Role.VIEWER))
                .hasStatusOk()
                .bodyText()
                .contains("the text is in it, and there are no templates in it: answered in en");
    }

    @Test
    void tokensAreSeenByDeskAgentsAndValuesByAdministratorsWhoSayWhy() {
        TicketReceived ticket = told("acme", "Order A-2005", LETTER);
        acme().await(ticket.ticketId(), RunParked.class);
        String redactions = "/api/v1/agent/tickets/" + ticket.ticketId() + "/redactions";

        assertThat(get(redactions, "acme", Role.AGENT))
                .hasStatusOk()
                .bodyText()
                .contains("[EMAIL_1]", "\"email\":1")
                .doesNotContain("jane.doe");
        assertThat(get(redactions, "acme", Role.VIEWER)).hasStatus(403);
        assertThat(get(redactions, "globex", Role.ADMIN)).hasStatus(404);

        assertThat(reveal(redactions, "acme", Role.AGENT, "{\"reason\":\"curious\"}"))
                .hasStatus(403);
        assertThat(reveal(redactions, "acme", Role.ADMIN, "{\"reason\":\" \"}")).hasStatus(400);
        assertThat(reveal(redactions, "acme", Role.ADMIN, "{}")).hasStatus(400);
        assertThat(reveal(redactions, "globex", Role.ADMIN, "{\"reason\":\"curious\"}"))
                .hasStatus(404);
        assertThat(get(redactions, "acme", Role.AGENT))
                .bodyJson()
                .extractingPath("reveals")
                .asArray()
                .isEmpty();

        assertThat(reveal(redactions, "acme", Role.ADMIN, "{\"reason\":\"the customer asks\"}"))
                .hasStatusOk()
                .bodyText()
                .contains("\"[EMAIL_1]\":\"jane.doe@example.org\"");
        assertThat(get(redactions, "acme", Role.AGENT))
                .bodyText()
                .contains("\"revealed_by\":\"user:someone@acme.example\"", "the customer asks");
    }

    @Test
    void aCopyForTheCustomerHoldsTheRunsWithWhatWasTakenOutPutBackAndIsSealedForWhoAsked() {
        TicketReceived ticket = told("acme", "Order A-2011", LETTER);
        acme().await(ticket.ticketId(), RunParked.class);
        acme().tell(new ApprovalResponded(
                UUID.randomUUID(),
                acme().await(ticket.ticketId(), ActionProposed.class).actionId(),
                ticket.ticketId(),
                "user:approver@acme.example",
                "Dear [NAME_1], we \"write\" to [EMAIL_1]."));
        acme().await(ticket.ticketId(), RunCompleted.class);
        reveal(
                "/api/v1/agent/tickets/" + ticket.ticketId() + "/redactions",
                "acme",
                Role.ADMIN,
                "{\"reason\":\"the customer asks\"}");
        assertThat(admin().sql("select to_jsonb(r)::text from agent.run r where ticket_id = ?")
                        .param(ticket.ticketId())
                        .query(String.class)
                        .single())
                .contains("[NAME_1]");
        Keys keys = SealedParts.newKeys();

        ConsumerRecord<String, byte[]> written = asked("acme", ticket.ticketId(), keys);

        ExportAnswered answered = answered(written);
        assertThat(new String(written.value(), StandardCharsets.UTF_8)
                        + new String(Base64.getDecoder().decode(answered.content()), StandardCharsets.ISO_8859_1))
                .doesNotContain("jane.doe", "Jane Doe", "came in pieces", "A-2011", "user:approver");
        assertThat(answered.ticketId()).isEqualTo(ticket.ticketId());
        assertThat(answered.service()).isEqualTo("agent-service");
        assertThat(answered.parts()).isEqualTo(1);
        assertThatThrownBy(() -> opened(answered, SealedParts.newKeys())).isInstanceOf(IllegalArgumentException.class);
        JsonNode held = opened(answered, keys);
        assertThat(held.at("/runs/0/status").asString()).isEqualTo("finished");
        assertThat(held.at("/runs/0/ticket/subject").asString()).isEqualTo("Order A-2011");
        assertThat(held.at("/shown_to/0/revealed_by").asString()).isEqualTo("user:someone@acme.example");
        assertThat(held.toString())
                .contains("Dear Jane Doe, we \\\"write\\\" to jane.doe@example.org.")
                .doesNotContain("client_id");
    }

    @Test
    void aCopyOfAnotherClientsTicketHoldsNothing() {
        TicketReceived ticket = told("acme", "Order A-2012", LETTER);
        acme().await(ticket.ticketId(), RunParked.class);
        Keys keys = SealedParts.newKeys();

        ConsumerRecord<String, byte[]> written = asked("globex", ticket.ticketId(), keys);

        assertThat(opened(answered(written), keys))
                .isEqualTo(ContractJson.mapper().readTree("""
                        {"runs": [], "taught": [], "shown_to": [], "judgements": []}"""));
        assertThat(TestKafka.header(written, Headers.CLIENT)).isEqualTo("globex");
    }

    @Test
    void aCopyThatIsAskedForTwiceByOneEventIsAnsweredOnce() {
        TicketReceived ticket = told("acme", "Order A-2013", LETTER);
        acme().await(ticket.ticketId(), RunParked.class);
        ExportRequested twice = request(ticket.ticketId(), SealedParts.newKeys());
        UUID eventId = UUID.randomUUID();

        new Tickets(kafka).send("acme", twice, eventId);
        new Tickets(kafka).send("acme", twice, eventId);
        asked("acme", ticket.ticketId(), SealedParts.newKeys());

        assertThat(kafka.all(Topics.EXPORT))
                .filteredOn(message -> answered(message).exportId().equals(twice.exportId()))
                .hasSize(1);
    }

    /** The record of the answer about a ticket, asked for as ingestion-service does. */
    private ConsumerRecord<String, byte[]> asked(String client, UUID ticketId, Keys keys) {
        ExportRequested request = request(ticketId, keys);
        new Tickets(kafka).send(client, request);
        return kafka.await(
                Topics.EXPORT, message -> answered(message).exportId().equals(request.exportId()));
    }

    private static ExportRequested request(UUID ticketId, Keys keys) {
        return new ExportRequested(UUID.randomUUID(), ticketId, UUID.randomUUID(), keys.publicKey());
    }

    private static ExportAnswered answered(ConsumerRecord<String, byte[]> message) {
        return ContractJson.mapper().readValue(message.value(), ExportAnswered.class);
    }

    private static JsonNode opened(ExportAnswered answered, Keys keys) {
        return ContractJson.mapper()
                .readTree(SealedParts.open(
                        keys.privateKey(),
                        List.of(answered.content()),
                        ExportEvent.belongsTo(answered.exportId(), answered.ticketId(), answered.service())));
    }

    @Test
    void whoSawTheValuesCannotBeUnwritten() {
        JdbcClient app = JdbcClient.create(database.app());

        assertThatThrownBy(() -> app.sql("delete from agent.redaction_reveal").update())
                .rootCause()
                .hasMessageContaining("permission denied");
        assertThatThrownBy(() -> app.sql("update agent.redaction_reveal set reason = 'none'")
                        .update())
                .rootCause()
                .hasMessageContaining("permission denied");
    }

    @Test
    void aDryRunTellsWhatTheAgentWouldMakeOfATextAndStoresNothing() {
        int before = rows();

        MvcTestResult answer =
                classify(Role.VIEWER, "{\"text\":\"Order A-2006: refund please, to jane.doe@example.org\"}");

        assertThat(answer).hasStatusOk().bodyJson().isLenientlyEqualTo("""
                        {"category": "refund_request", "out_of_scope": false, "language": "en", "method": "local",
                         "redacted_text": "Order A-2006: refund please, to [EMAIL_1]",
                         "redactions": [{"kind": "email", "start": 32, "end": 52}], "industry": "retail"}""");
        assertThat(answer).bodyJson().extractingPath("candidates[0].category").isEqualTo("refund_request");
        assertThat(answer)
                .bodyText()
                .contains("\"confidence\":", "\"language_confidence\":", "\"sentiment\":", "\"priority\":")
                .contains("\"model_version\":", "\"processing_millis\":")
                .doesNotContain("\"region\"", "jane.doe");
        assertThat(rows()).isEqualTo(before);
    }

    @Test
    void aDryRunOfNothingIsRefusedWithTheReason() {
        for (String body : new String[] {"{}", "{\"text\":\"\"}", "{\"text\":\" \\n\"}", "{\"text\":null}"}) {
            assertThat(classify(Role.AGENT, body))
                    .hasStatus(400)
                    .bodyText()
                    .contains("must not be empty: there is nothing to classify");
        }
        assertThat(classify(Role.AGENT, "{\"text\":\"hello\",\"client\":\"globex\"}"))
                .hasStatus(400);
        assertThat(classify(Role.INGEST, "{\"text\":\"hello\"}")).hasStatus(403);
    }

    @Test
    void anEnormousTextIsReadAsFarAsItIsExaminedOrRefused() {
        assertThat(classify(Role.AGENT, "{\"text\":\"" + "1-".repeat(400_000) + "\"}"))
                .hasStatusOk()
                .bodyText()
                .contains("more characters were left out]");
        assertThat(classify(Role.AGENT, "{\"text\":\"" + "@".repeat(2_000_000) + "\"}"))
                .hasStatus(413);
    }

    private int rows() {
        return admin().sql("select (select count(*) from agent.run) + (select count(*) from agent.ticket_redaction)")
                .query(Integer.class)
                .single();
    }

    private JdbcClient admin() {
        return JdbcClient.create(database.admin());
    }

    private TicketTalk acme() {
        return new TicketTalk(kafka, "acme");
    }

    private TicketReceived told(String client, String subject, String body) {
        TicketReceived ticket = new TicketReceived(
                UUID.randomUUID(),
                "api",
                subject,
                body,
                new Customer(UUID.randomUUID(), "jane@example.org", true),
                null,
                null,
                Map.of());
        new TicketTalk(kafka, client).tell(ticket);
        return ticket;
    }

    private MvcTestResult get(String uri, String client, Role role) {
        return http.get()
                .uri(uri)
                .header("Authorization", TestTokens.bearer(client, "someone@" + client + ".example", role))
                .exchange();
    }

    private MvcTestResult reveal(String redactions, String client, Role role, String body) {
        return post(redactions + "/reveal", client, role, body);
    }

    private MvcTestResult classify(Role role, String body) {
        return post("/api/v1/agent/classify", "acme", role, body);
    }

    private MvcTestResult post(String uri, String client, Role role, String body) {
        return http.post()
                .uri(uri)
                .header("Authorization", TestTokens.bearer(client, "someone@" + client + ".example", role))
                .contentType(MediaType.APPLICATION_JSON)
                .content(body)
                .exchange();
    }
}

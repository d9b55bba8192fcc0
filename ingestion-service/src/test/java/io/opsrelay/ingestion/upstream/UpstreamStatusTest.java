package io.opsrelay.ingestion.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsrelay.contracts.Headers;
import io.opsrelay.contracts.Topics;
import io.opsrelay.ingestion.Api;
import io.opsrelay.ingestion.UpstreamServiceTest;
import io.opsrelay.ingestion.UpstreamSystems;
import io.opsrelay.ingestion.ticket.NewTicket;
import io.opsrelay.ingestion.ticket.Tickets;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestKafka;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Statuses that other systems set on tickets that are here. */
@UpstreamServiceTest
class UpstreamStatusTest {

    private static final String LETTERS = Topics.UPSTREAM + Topics.DEAD_LETTER_SUFFIX;
    private static final String HELPDESK = "https://helpdesk.example/events";
    private static final String UPDATED = "com.example.ticket.updated";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Autowired
    Api api;

    @Autowired
    UpstreamSystems systems;

    @Autowired
    TestKafka kafka;

    @Autowired
    Tickets tickets;

    private final String number = "s" + UUID.randomUUID().toString().substring(0, 8);
    private int events;

    @Test
    void aStatusSetsTheTicketsInTheNameOfTheSource() {
        String ticket = created(number);

        tell("solved", "2026-05-03T10:00:00Z");

        awaitStatus(ticket, "resolved");
        JsonNode entry = statusEntries(ticket).getFirst();
        assertThat(entry.get("actor").asString()).isEqualTo("upstream:" + HELPDESK);
        assertThat(entry.get("summary").asString()).isEqualTo("Set from received to resolved by upstream:" + HELPDESK);
        ConsumerRecord<String, byte[]> told = kafka.await(
                Topics.TICKET,
                message -> ticket.equals(message.key())
                        && "io.opsrelay.ticket.status_set.v1".equals(TestKafka.header(message, Headers.TYPE)));
        assertThat(new String(told.value(), StandardCharsets.UTF_8))
                .contains("\"status\":\"resolved\"")
                .contains("\"by\":\"upstream:" + HELPDESK + "\"");
    }

    @Test
    void theSameAgainAndAnOlderOneChangeNothing() {
        String ticket = created(number);
        tell("solved", "2026-05-03T10:00:00Z");
        tell("reopened", "2026-05-03T09:00:00Z");
        tell("solved", "2026-05-03T10:00:00Z");
        tell("open", "2026-05-03T09:30:00Z");
        awaitAllRead();

        assertThat(statuses(ticket)).containsExactly("resolved");

        tell("reopened", "2026-05-03T11:00:00Z");
        tell("solved", "2026-05-03T10:00:00Z");
        tell("reopened", "2026-05-03T11:00:00Z");
        awaitAllRead();

        assertThat(statuses(ticket)).containsExactly("resolved", "escalated");
        assertThat(status(ticket)).isEqualTo("escalated");
    }

    @Test
    void twoOfOneMomentBothCountInTheirOrderAndOnceOnly() {
        String ticket = created(number);
        for (int i = 0; i < 2; i++) {
            tell("solved", "2026-05-03T10:00:00Z");
            tell("closed", "2026-05-03T10:00:00Z");
        }
        awaitAllRead();

        assertThat(statuses(ticket)).containsExactly("resolved", "closed");
        assertThat(letters()).isEmpty();
    }

    @Test
    void whatTheTicketIsAlreadyChangesNothingAndIsRememberedAsTheNewest() {
        String ticket = created(number);
        setStatus(ticket, "resolved");
        tell("solved", "2026-05-03T10:00:00Z");
        tell("reopened", "2026-05-03T09:00:00Z");
        awaitAllRead();

        assertThat(statuses(ticket)).containsExactly("resolved");
        assertThat(statusEntries(ticket).getFirst().get("actor").asString()).startsWith("user:");
    }

    @Test
    void aRecordMayMakeTheTicketAndSetItsStatus() {
        send("{\"number\":\"%s\",\"title\":\"A lamp\",\"description\":{\"text\":\"It broke.\"},".formatted(number)
                + "\"requester\":{\"emails\":[\"mary@example.org\"]},\"status\":\"closed\","
                + "\"status_at\":\"2026-05-03T10:00:00Z\"}");

        awaitStatus(ticketOf("acme", number), "closed");
    }

    @Test
    void ofATicketThatIsNotHereTheStatusIsSetAsideAndServesOnceItIs() {
        tell("solved", "2026-05-03T10:00:00Z");
        ConsumerRecord<String, byte[]> letter = kafka.await(LETTERS, message -> number.equals(message.key()));
        assertThat(TestKafka.header(letter, Headers.DEAD_REASON))
                .isEqualTo("no ticket of the source has external_id " + number + ", whose status could be set");
        assertThat(TestKafka.header(letter, Headers.DEAD_CLIENT)).isEqualTo("acme");
        Api.As admin = api.as("acme", Role.ADMIN);
        String letterId = await().atMost(PATIENCE)
                .until(
                        () -> admin.get("/api/v1/dead-letters?state=open&reason=" + number)
                                .has(200)
                                .json()
                                .get("items"),
                        items -> items.size() == 1)
                .get(0)
                .get("letter_id")
                .asString();

        String ticket = created(number);
        admin.post("/api/v1/dead-letters/" + letterId + "/replay", "{}").has(202);

        awaitStatus(ticket, "resolved");
    }

    @Test
    void whatAPersonCouldNotSetIsSetAsideWithTheReason() {
        String ticket = created(number);
        tell("closed", "2026-05-03T10:00:00Z");
        tell("solved", "2026-05-03T11:00:00Z");

        ConsumerRecord<String, byte[]> letter = kafka.await(LETTERS, message -> number.equals(message.key()));
        assertThat(TestKafka.header(letter, Headers.DEAD_REASON)).contains("closed, and that is for good");
        assertThat(TestKafka.header(letter, Headers.DEAD_CLIENT)).isEqualTo("acme");
        assertThat(statuses(ticket)).containsExactly("closed");
    }

    @Test
    void ofAMergedTicketItGoesToTheOneThatItWentInto() {
        String ticket = created(number);
        String target = created(number + "-b");
        api.as("acme", Role.AGENT)
                .post("/api/v1/tickets/" + ticket + "/merge", "{\"into\":\"" + target + "\",\"reason\":\"the same\"}")
                .has(200);

        tell("reopened", Instant.now().toString());
        awaitStatus(target, "escalated");
        tell("solved", Instant.now().minusSeconds(30).toString());
        tell("solved", "2026-05-03T10:00:00Z");
        awaitAllRead();

        assertThat(statuses(target)).containsExactly("escalated");
        assertThat(status(ticket)).isEqualTo("closed");
        assertThat(letters()).isEmpty();
    }

    @Test
    void ofAClosedTicketItGoesToTheNewestOneThatAReplyHasBegun() {
        String ticket = created(number);
        tell("closed", "2026-05-03T10:00:00Z");
        awaitStatus(ticket, "closed");
        String second = replied(ticket, "1");
        tell("closed", "2026-05-03T10:00:00Z");
        tell("solved", "2026-05-03T11:00:00Z");
        awaitAllRead();
        assertThat(status(second))
                .as("what was set before the reply came says nothing of it")
                .isEqualTo("received");

        tell("closed", Instant.now().toString());
        awaitStatus(second, "closed");
        String third = replied(second, "2");
        tell("solved", Instant.now().toString());

        awaitStatus(third, "resolved");
        assertThat(statuses(ticket)).containsExactly("closed");
        assertThat(statuses(second)).containsExactly("closed");
        assertThat(letters()).isEmpty();
    }

    @Test
    void aRecordThatBeginsAnotherTicketByItsCommentSetsTheStatusOfThatOne() {
        String ticket = created(number);
        tell("closed", "2026-05-03T10:00:00Z");
        awaitStatus(ticket, "closed");

        for (int twice = 0; twice < 2; twice++) {
            send("{\"number\":\"%s\",\"title\":\"A lamp\",\"description\":{\"text\":\"It broke.\"},".formatted(number)
                    + "\"requester\":{\"emails\":[\"mary@example.org\"]},\"status\":\"reopened\",\"status_at\":\""
                    + Instant.now().plusSeconds(60) + "\",\"comment\":{\"id\":\"" + number
                    + "-c\",\"text\":\"Broken anew.\"}}");
        }

        String another = continued(ticket);
        awaitStatus(another, "escalated");
        assertThat(status(ticket)).isEqualTo("closed");
    }

    @Test
    void anotherClientsTicketOfThatIdIsNotTouchedNorAnotherSources() {
        systems.plain("globex-crm", number, UpstreamSystems.ticket(number, "Globex"));
        systems.plain("crm", number, UpstreamSystems.ticket(number, "Another source"));
        String globex = ticketOf("globex", number);
        String crm = ticketOf("acme", number);

        tell("closed", "2026-05-03T10:00:00Z");

        ConsumerRecord<String, byte[]> letter = kafka.await(LETTERS, message -> number.equals(message.key()));
        assertThat(TestKafka.header(letter, Headers.DEAD_REASON)).startsWith("no ticket of the source");
        assertThat(api.as("globex", Role.VIEWER)
                        .get("/api/v1/tickets/" + globex)
                        .json()
                        .get("status")
                        .asString())
                .isEqualTo("received");
        assertThat(status(crm)).isEqualTo("received");
    }

    @Test
    void anUnknownStatusIsSetAsideOrPassedOverAsConfigured() {
        String ticket = created(number);
        tell("pondering", "2026-05-03T10:00:00Z");

        ConsumerRecord<String, byte[]> letter = kafka.await(LETTERS, message -> number.equals(message.key()));
        assertThat(TestKafka.header(letter, Headers.DEAD_REASON))
                .isEqualTo("status (at /status) is not mapped: pondering");
        assertThat(status(ticket)).isEqualTo("received");

        String other = number + "-t";
        String begun = UpstreamSystems.ticket(other, "Of the tracker");
        systems.plain("tracker", number + "t", begun.replaceFirst("\\{", "{\"state\":\"pondering\","));
        systems.plain("tracker", number + "t", "{\"external_id\":\"" + other + "\",\"state\":\"dreaming\"}");
        String tracked = ticketOf("acme", other);
        assertThat(status(tracked)).isEqualTo("received");
        systems.plain("tracker", number + "t", "{\"external_id\":\"" + other + "\",\"state\":\"Done\"}");
        awaitStatus(tracked, "closed");
        assertThat(kafka.all(LETTERS)).noneMatch(message -> (number + "t").equals(message.key()));
    }

    @Test
    void aCommentThatSeveralEventsBringIsOneMessage() {
        String ticket = created(number);
        for (int i = 0; i < 3; i++) {
            send("{\"number\":\"%s\",\"title\":\"A lamp\",\"description\":{\"text\":\"It broke.\"},".formatted(number)
                    + "\"requester\":{\"emails\":[\"mary@example.org\"]},"
                    + "\"comment\":{\"id\":\"" + number + "-c\",\"text\":\"Still broken.\"}}");
        }
        awaitAllRead();

        assertThat(api.as("acme", Role.VIEWER)
                        .get("/api/v1/tickets/" + ticket)
                        .json()
                        .get("messages")
                        .valueStream()
                        .map(message -> message.get("text").asString()))
                .containsExactly("It broke.", "Still broken.");
    }

    /** The customer writes to a closed ticket, and another one begins. */
    private String replied(String ticket, String message) {
        tickets.continueWith(
                "acme",
                UUID.fromString(ticket),
                new NewTicket(
                        "email",
                        "email",
                        "",
                        "And another thing.",
                        "mary@example.org",
                        true,
                        null,
                        number + "-reply-" + message,
                        Map.of(),
                        "customer"));
        return continued(ticket);
    }

    private String continued(String ticket) {
        return await().atMost(PATIENCE)
                .until(
                        () -> api.as("acme", Role.VIEWER)
                                .get("/api/v1/tickets/" + ticket)
                                .has(200)
                                .json()
                                .path("continued_in"),
                        found -> found.isArray() && found.size() == 1)
                .get(0)
                .asString();
    }

    private String created(String externalId) {
        send("{\"number\":\"%s\",\"title\":\"A lamp\",\"description\":{\"text\":\"It broke.\"},".formatted(externalId)
                + "\"requester\":{\"emails\":[\"mary@example.org\"]}}");
        return ticketOf("acme", externalId);
    }

    private void tell(String status, String at) {
        send("{\"number\":\"%s\",\"status\":\"%s\",\"status_at\":\"%s\"}".formatted(number, status, at));
    }

    /** All of a test go to one partition, in their order. */
    private void send(String data) {
        systems.binary(HELPDESK, number + "-" + ++events, UPDATED, number, data);
    }

    private void awaitAllRead() {
        created(number + "-last-" + events);
    }

    private List<ConsumerRecord<String, byte[]>> letters() {
        return kafka.all(LETTERS).stream()
                .filter(message -> number.equals(message.key()))
                .toList();
    }

    private String ticketOf(String client, String externalId) {
        return await().atMost(PATIENCE)
                .until(
                        () -> api.as(client, Role.VIEWER)
                                .get("/api/v1/tickets?external_id=" + externalId)
                                .has(200)
                                .json()
                                .get("items"),
                        found -> found.size() == 1)
                .get(0)
                .get("ticket_id")
                .asString();
    }

    private void setStatus(String ticket, String status) {
        api.as("acme", Role.AGENT)
                .post("/api/v1/tickets/" + ticket + "/status", "{\"status\":\"" + status + "\",\"reason\":\"a test\"}")
                .has(200);
    }

    private void awaitStatus(String ticket, String status) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(status(ticket)).isEqualTo(status));
    }

    private String status(String ticket) {
        return api.as("acme", Role.VIEWER)
                .get("/api/v1/tickets/" + ticket)
                .has(200)
                .json()
                .get("status")
                .asString();
    }

    private List<String> statuses(String ticket) {
        return statusEntries(ticket).stream()
                .map(entry -> entry.get("data").get("to").asString())
                .toList();
    }

    private List<JsonNode> statusEntries(String ticket) {
        return api.as("acme", Role.VIEWER)
                .get("/api/v1/tickets/" + ticket)
                .has(200)
                .json()
                .get("timeline")
                .valueStream()
                .filter(entry -> entry.get("event").asString().equals("ticket_status_set"))
                .toList();
    }
}

package io.opsrelay.ingestion.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsrelay.contracts.Headers;
import io.opsrelay.contracts.Topics;
import io.opsrelay.ingestion.Api;
import io.opsrelay.ingestion.UpstreamServiceTest;
import io.opsrelay.ingestion.UpstreamSystems;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestDatabase;
import io.opsrelay.testing.TestKafka;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/** What other systems wrote of a customer, and could not be used, is erased with the customer. */
@UpstreamServiceTest
class UpstreamErasureTest {

    private static final String LETTERS = Topics.UPSTREAM + Topics.DEAD_LETTER_SUFFIX;
    private static final String HELPDESK = "https://helpdesk.example/events";

    @Autowired
    Api api;

    @Autowired
    UpstreamSystems systems;

    @Autowired
    TestKafka kafka;

    @Autowired
    TestDatabase database;

    private final String id = UUID.randomUUID().toString().substring(0, 8);
    private final String number = "n" + id;
    private final String name = "mary" + id;
    private final String secret = "secret-" + UUID.randomUUID();
    private Api.As admin;
    private String customer;
    private int events;

    @BeforeEach
    void aCustomersTicketThatIsOver() {
        admin = api.as("acme", Role.ADMIN);
        send(number, number, ticketOf(name + "@example.org", ""));
        String ticket = await().atMost(TestKafka.PATIENCE)
                .until(
                        () -> admin.get("/api/v1/tickets?external_id=" + number)
                                .has(200)
                                .json()
                                .get("items"),
                        items -> items.size() == 1)
                .get(0)
                .get("ticket_id")
                .asString();
        admin.post("/api/v1/tickets/" + ticket + "/status", "{\"status\":\"closed\",\"reason\":\"a test\"}")
                .has(200);
        customer = admin.get("/api/v1/tickets/" + ticket)
                .has(200)
                .json()
                .at("/customer/customer_id")
                .asString();
    }

    @Test
    void recordsAreKnownByTheTicketOrTheAddressThatTheirSourcesMappingReads() {
        // No address at all, but the ticket's id.
        UUID ofTicket = setAside("a" + id, statusOf(number));
        // The address in a way in which no search for its letters finds it.
        UUID ofAddress = setAside("b" + id, ticketOf("\\u004d" + name.substring(1) + "\\u0040EXAMPLE.org", "P9"));
        UUID ofNeither = setAside("c" + id, statusOf("another-" + number));

        erase();

        for (UUID erased : List.of(ofTicket, ofAddress)) {
            JsonNode letter = letter(erased);
            assertThat(letter.at("/letter/state").asString()).isEqualTo("discarded");
            assertThat(letter.at("/letter/note").asString()).isEqualTo("the customer was erased");
            assertThat(letter.toString()).doesNotContain(secret).doesNotContain(number);
            assertThat(letter.at("/letter/key").isMissingNode())
                    .as("a key that another system chose")
                    .isTrue();
        }
        assertThat(letter(ofNeither).toString()).contains(secret);
        assertThat(letter(ofNeither).at("/letter/state").asString()).isEqualTo("open");
    }

    @Test
    void aRecordOfAnErasedCustomersTicketThatIsSetAsideLaterIsErasedAsItIsWrittenDown() {
        erase();

        UUID ofNeither = setAside("c" + id, statusOf("another-" + number));
        UUID late = setAside("a" + id, statusOf(number));

        assertThat(letter(late).at("/letter/state").asString()).isEqualTo("discarded");
        assertThat(letter(late).toString()).doesNotContain(secret).doesNotContain(number);
        assertThat(letter(ofNeither).toString()).contains(secret);
    }

    private void erase() {
        admin.post(
                        "/api/v1/customers/" + customer + "/erase",
                        "{\"confirm\":\"" + name + "@example.org\",\"reason\":\"Asked for it\"}")
                .has(200);
    }

    private String ticketOf(String address, String severity) {
        return "{\"number\":\"%s\",\"title\":\"%s\",\"description\":{\"text\":\"It broke.\"},\"severity\":\"%s\","
                        .formatted(severity.isEmpty() ? number : "x" + number, secret, severity)
                + "\"requester\":{\"emails\":[\"" + address + "\"]}}";
    }

    /** With a status that nobody knows the meaning of. */
    private String statusOf(String externalId) {
        return "{\"number\":\"%s\",\"status\":\"pondering\",\"by\":\"%s\"}".formatted(externalId, secret);
    }

    private void send(String key, String eventKey, String data) {
        systems.binary(HELPDESK, eventKey + "-" + ++events, "com.example.ticket.updated", key, data);
    }

    /** Sends what cannot be used, and tells as which letter it was written down. */
    private UUID setAside(String key, String data) {
        send(key, key, data);
        ConsumerRecord<String, byte[]> dead = kafka.await(LETTERS, message -> key.equals(message.key()));
        String origin = TestKafka.header(dead, Headers.DEAD_ORIGIN);
        return await().atMost(TestKafka.PATIENCE)
                .until(
                        () -> new JdbcTemplate(database.admin())
                                .queryForList(
                                        "select letter_id from ingestion.dead_letter where origin = ?",
                                        UUID.class,
                                        origin),
                        found -> found.size() == 1)
                .getFirst();
    }

    private JsonNode letter(UUID letterId) {
        return admin.get("/api/v1/dead-letters/" + letterId).has(200).json();
    }
}

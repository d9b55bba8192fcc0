package io.opsrelay.ingestion.ticket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opsrelay.ingestion.Api;
import io.opsrelay.ingestion.IngestionServiceTest;
import io.opsrelay.security.Role;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.testing.TestDatabase;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

@IngestionServiceTest
class TicketSearchTest {

    private final String client = "search-" + UUID.randomUUID().toString().substring(0, 8);

    @Autowired
    Api api;

    @Autowired
    Tickets tickets;

    @Autowired
    ClientTransactions transactions;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    TestDatabase database;

    @BeforeEach
    void aFewTickets() {
        store(client, "lamp", "Broken lamp", "It came in pieces. Ümläute GROẞ, naïve café.", "mary.major@example.org");
        store(client, "login", "Cannot log in", "The password reset mail never came.", "john.stiles@example.com");
        store(client, "pay", "Payment refused", "My card was refused twice; lamp order A-1001.", "li@example.net");
        store("globex", "foreign-" + client, "Broken lamp", "It came in pieces, too. " + client, "eve@globex.example");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '#',
            value = {
                "lamp                 | pay lamp",
                "LAMP                 | pay lamp",
                "lamp broken          | lamp",
                "lam                  | pay lamp",
                "lam broken           | none",
                "brok lam             | none",
                "broken lam           | lamp",
                "\"came in pieces\"   | lamp",
                "\"pieces in came\"   | none",
                "lamp -broken         | pay",
                "lamp -brok           | pay lamp",
                "password or card     | pay login",
                "refused twi          | pay",
                "mary.major@example.org | lamp",
                "Mary.Major           | lamp",
                "major                | lamp",
                "stiles example       | login",
                "a-1001               | pay",
                "ümläute              | lamp",
                "ÜMLÄU                | lamp",
                "café                 | lamp",
                "nothing-of-the-kind  | none",
            })
    void wordsAreFoundInSubjectTextAndAddress(String typed, String expected) {
        List<String> names = expected.equals("none") ? List.of() : List.of(expected.split(" "));

        assertThat(found(typed)).containsExactlyElementsOf(names);
        assertThat(gathered(typed)).containsExactlyElementsOf(names);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "!!! & | ( ) <->",
                "'",
                "''':* | 'a",
                "\\",
                "\"",
                "\"\"\"\"",
                "-",
                "- - -",
                "' or true--",
                "lamp:*A & !",
                "%",
                "or or or",
                "🦄🦄",
                "client globex",
                "'client globex'",
                "\u202e\u0001",
                "((((((((((((((((((((((((((((((((((((((((((((((((((",
                "-lamp -login -payment"
            })
    void whateverIsTypedIsAnsweredAndShowsNobodyElsesTickets(String typed) {
        assertThat(found(typed)).doesNotContain("foreign-" + client);
        assertThat(gathered(typed)).doesNotContain("foreign-" + client);
    }

    @ParameterizedTest
    @ValueSource(strings = {"!!!", "\"", "-", "- - -", "%"})
    void signsWithoutAWordFindNothing(String typed) {
        assertThat(found(typed)).isEmpty();
        assertThat(gathered(typed)).isEmpty();
    }

    @Test
    void onlyWhatIsLongerThanAnybodyTypesIsRefused() {
        assertThat(found("lamp ".repeat(40).strip())).containsExactly("pay", "lamp");
        api.as(client, Role.VIEWER)
                .get("/api/v1/tickets?q=" + "l".repeat(201))
                .isProblem(400, "Bad Request", "q", "must have at most 200 characters");
    }

    @Test
    void blankIsNoSearch() {
        assertThat(found("  ")).hasSize(3);
    }

    @Test
    void anothersWordsAreNeverFoundEvenByThoseWhoKnowThem() {
        assertThat(found("globex")).isEmpty();
        assertThat(found(client)).isEmpty();
        assertThat(gathered("eve")).isEmpty();
        assertThat(api.as("globex", Role.VIEWER)
                        .get("/api/v1/tickets?q=" + client)
                        .has(200)
                        .json()
                        .get("items"))
                .hasSize(1);
    }

    @Test
    void theServicesRoleMayNotLookIntoTheIndexItself() {
        assertThatThrownBy(() -> transactions.read(client, () -> jdbc.sql("select count(*) from ticket_search")
                        .query(Long.class)
                        .single()))
                .hasStackTraceContaining("permission denied");
    }

    @Test
    void withoutAClientNothingIsFound() {
        assertThat(jdbc.sql("select count(*) from tickets_with(search_words('lamp', true))")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void whatIsPostedIsFoundAtOnceAndWhatIsGoneIsNot() {
        String id = api.as(client, Role.AGENT).ticket("Dodecahedron");
        assertThat(count("dodecahedron")).isOne();

        transactions.run(client, () -> jdbc.sql("update ticket set subject = 'Icosahedron' where ticket_id = :id")
                .param("id", UUID.fromString(id))
                .update());
        assertThat(count("dodecahedron")).isZero();
        assertThat(count("icosahedron")).isOne();

        transactions.run(client, () -> {
            for (String table : List.of("message", "timeline_entry", "ticket")) {
                jdbc.sql("delete from " + table + " where ticket_id = :id")
                        .param("id", UUID.fromString(id))
                        .update();
            }
        });
        assertThat(count("icosahedron")).isZero();
        assertThat(JdbcClient.create(database.admin())
                        .sql("select count(*) from ingestion.ticket_search where ticket_id = :id")
                        .param("id", UUID.fromString(id))
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void aCustomersNewAddressIsFoundAndTheOldOneIsNot() {
        transactions.run(
                client, () -> jdbc.sql("update customer set email = 'maria.mayor@example.org' where email like 'mary%'")
                        .update());

        assertThat(found("mary")).isEmpty();
        assertThat(found("mayor")).containsExactly("lamp");
    }

    @Test
    void theLongestTextThereMayBeIsStored() {
        StringBuilder body = new StringBuilder();
        for (int i = 0; body.length() < 99_980; i++) {
            body.append(Integer.toString(i, 36))
                    .append(i % 2 == 0 ? '-' : '/')
                    .append("ä€")
                    .append(i)
                    .append(' ');
        }
        store(client, "long", "Long", body.toString(), "mary.major@example.org");
        store(client, "word", "One word", "x".repeat(100_000), "mary.major@example.org");

        assertThat(found("long")).containsExactly("long");
        assertThat(found("one word")).containsExactly("word");
    }

    /** External ids, newest first. */
    private List<String> found(String typed) {
        return api.as(client, Role.VIEWER)
                .get("/api/v1/tickets?q=" + URLEncoder.encode(typed, StandardCharsets.UTF_8))
                .has(200)
                .json()
                .get("items")
                .valueStream()
                .map(item -> item.get("external_id").asString())
                .toList();
    }

    /** The same by the index of words, which a list of so few tickets does not need. */
    private List<String> gathered(String typed) {
        TicketFilter filter = new ListParameters(
                        null, null, null, null, null, null, null, null, null, null, null, typed, null)
                .filter();
        return new TicketList(transactions, jdbc, 1, 1)
                .page(client, filter, TicketSort.NEWEST, null, 50).items().stream()
                        .map(ticket -> String.valueOf(ticket.summary().externalId()))
                        .toList();
    }

    private int count(String typed) {
        return api.as(client, Role.VIEWER)
                .get("/api/v1/tickets?q=" + typed)
                .has(200)
                .json()
                .get("items")
                .size();
    }

    private void store(String clientId, String name, String subject, String body, String email) {
        tickets.receive(
                clientId,
                new NewTicket(
                        "api", "api", subject, body, email, true, null, name, Map.of(), "user:agent@acme.example"),
                null);
    }
}

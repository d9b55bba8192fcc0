package io.opsrelay.ingestion.customer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.opsrelay.ingestion.Api;
import io.opsrelay.ingestion.Api.Answer;
import io.opsrelay.ingestion.IngestionServiceTest;
import io.opsrelay.security.Role;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.testing.TestKafka;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/** Customers as people of a client see and change them. */
@IngestionServiceTest
class CustomerTest {

    private static final String CUSTOMERS = "/api/v1/customers";

    @Autowired
    private Api api;

    @Autowired
    private Customers customers;

    @Autowired
    private ClientTransactions transactions;

    @Autowired
    private JdbcTemplate jdbc;

    private Api.As agent;

    /** In addresses and names, so that each test finds its own customers only. */
    private String mark;

    @BeforeEach
    void someone() {
        agent = api.as("acme", Role.AGENT);
        mark = "m" + UUID.randomUUID().toString().substring(0, 8);
    }

    @Test
    void whoWritesIsACustomerWithTicketsAndOneAddress() {
        String ticket = ticketFrom(mark + "@example.org", "First");
        String second = ticketFrom(mark.toUpperCase() + "@Example.org", "Second");

        JsonNode customer = customerOf(ticket);

        assertThat(customer.get("email").asString()).isEqualTo(mark + "@example.org");
        assertThat(customer.get("blocked").asBoolean()).isFalse();
        assertThat(customer.get("tickets_count").asLong()).isEqualTo(2);
        assertThat(customer.get("tickets").get("received").asLong()).isEqualTo(2);
        assertThat(customer.get("recent_tickets").valueStream().map(t -> t.get("ticket_id")
                        .asString()))
                .containsExactly(second, ticket);
        assertThat(customer.get("identities")).hasSize(1);
        assertThat(customer.get("identities").get(0).get("primary").asBoolean()).isTrue();
        assertThat(customer.get("notes_count").asLong()).isZero();
    }

    @Test
    void aListIsPagedNewestFirst() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            ids.add(idOf(ticketFrom(mark + "-" + i + "@example.org", "x")));
        }

        JsonNode first = agent.get(CUSTOMERS + "?limit=2").has(200).json();
        JsonNode next = agent.get(CUSTOMERS + "?limit=2&cursor="
                        + first.get("next_cursor").asString())
                .has(200)
                .json();

        assertThat(idsIn(first)).containsExactly(ids.get(2), ids.get(1));
        assertThat(idsIn(next)).first().isEqualTo(ids.get(0));
    }

    @Test
    void aSearchFindsBeginningsOfAddressesAndNamesInOrderPageByPage() {
        String b = idOf(ticketFrom(mark + "-b@example.org", "x"));
        String a = idOf(ticketFrom(mark + "-a@example.org", "x"));
        String named = idOf(ticketFrom("z" + mark + "@example.org", "x"));
        agent.patch(CUSTOMERS + "/" + named, "{\"name\":\"" + mark.toUpperCase() + "-Ämilie\"}")
                .has(200);
        // Found by the address already, and not a second time by the name or by another address.
        agent.patch(CUSTOMERS + "/" + a, "{\"name\":\"" + mark + " Major\"}").has(200);
        identity(a, "{\"type\":\"email\",\"value\":\"" + mark + "-a2@example.org\"}")
                .has(201);

        assertThat(idsIn(agent.get(CUSTOMERS + "?q=" + mark.toUpperCase())
                        .has(200)
                        .json()))
                .containsExactly(a, b, named);
        List<String> paged = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = agent.get(CUSTOMERS + "?limit=1&q=" + mark + cursor)
                    .has(200)
                    .json();
            paged.addAll(idsIn(page));
            cursor = page.get("next_cursor").isNull()
                    ? ""
                    : "&cursor=" + page.get("next_cursor").asString();
        } while (!cursor.isEmpty());
        assertThat(paged).containsExactly(a, b, named);
        assertThat(idsIn(agent.get(CUSTOMERS + "?q=" + mark + "-a2").json())).containsExactly(a);
        assertThat(idsIn(agent.get(CUSTOMERS + "?q=" + mark + "%25").json())).isEmpty();
        assertThat(idsIn(api.as("globex", Role.ADMIN)
                        .get(CUSTOMERS + "?q=" + mark)
                        .json()))
                .isEmpty();
    }

    @Test
    void aSearchAmongTheBlockedFindsThemByAnyAddressPageByPage() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            ids.add(idOf(ticketFrom(mark + "-" + i + "@example.org", "x")));
        }
        // Found by another address than the one the block stands at, and by a name.
        String elsewhere = idOf(ticketFrom("y" + mark + "@example.org", "x"));
        identity(elsewhere, "{\"type\":\"email\",\"value\":\"" + mark + "-9@example.org\"}")
                .has(201);
        String named = idOf(ticketFrom("z" + mark + "@example.org", "x"));
        agent.patch(CUSTOMERS + "/" + named, "{\"name\":\"" + mark + " Major\"}")
                .has(200);
        for (String id : List.of(ids.get(1), ids.get(4), elsewhere, named)) {
            agent.post(CUSTOMERS + "/" + id + "/block", "{\"reason\":\"Spam\"}").has(200);
        }

        assertThat(paged("blocked=true&q=" + mark)).containsExactly(named, ids.get(1), ids.get(4), elsewhere);
        assertThat(paged("blocked=false&q=" + mark)).containsExactly(ids.get(0), ids.get(2), ids.get(3), ids.get(5));
        assertThat(paged("blocked=true&q=" + mark + "-4")).containsExactly(ids.get(4));
        assertThat(paged("blocked=true&q=" + mark + "-5")).isEmpty();
        assertThat(idsIn(api.as("globex", Role.ADMIN)
                        .get(CUSTOMERS + "?blocked=true&q=" + mark)
                        .json()))
                .isEmpty();
        agent.get(CUSTOMERS + "?blocked=perhaps&q=" + mark).has(400);
    }

    /** All of them, one a page. */
    private List<String> paged(String query) {
        List<String> found = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page =
                    agent.get(CUSTOMERS + "?limit=1&" + query + cursor).has(200).json();
            found.addAll(idsIn(page));
            cursor = page.get("next_cursor").isNull()
                    ? ""
                    : "&cursor=" + page.get("next_cursor").asString();
        } while (!cursor.isEmpty());
        return found;
    }

    /** LIKE would be a filter over all of a client's customers: PostgreSQL lets it see no row that a policy may hide. */
    @Test
    void aSearchIsARangeOfItsIndexUnderRowSecurity() {
        List<String> plan = transactions.call("acme", () -> {
            jdbc.execute("set local enable_seqscan = off");
            jdbc.execute("set local enable_bitmapscan = off");
            List<String> lines = new ArrayList<>();
            for (String column : List.of("email", "name_in_lower")) {
                lines.addAll(jdbc.queryForList(
                        "explain select root from customer where "
                                + (column.equals("email") ? "" : "name_in_lower is not null and ")
                                + column + " collate \"C\" >= 'mary' and " + column
                                + " collate \"C\" < 'marz' order by " + column + " collate \"C\" limit 51",
                        String.class));
            }
            return lines;
        });

        assertThat(plan)
                .anyMatch(line -> line.contains("Index Cond") && line.contains("email") && line.contains("'mary'"))
                .anyMatch(line ->
                        line.contains("Index Cond") && line.contains("name_in_lower") && line.contains("'mary'"));
    }

    @Test
    void aNameIsChangedOnlyByWhoSawTheNewestOne() {
        String id = idOf(ticketFrom(mark + "@example.org", "x"));
        String tag = agent.get(CUSTOMERS + "/" + id).headers().get("ETag");

        Answer changed = agent.patch(CUSTOMERS + "/" + id, "{\"name\":\"Mary Major\"}", Map.of("If-Match", tag));
        assertThat(changed.has(200).json().get("name").asString()).isEqualTo("Mary Major");
        assertThat(changed.headers().get("ETag")).isNotEqualTo(tag);
        agent.patch(CUSTOMERS + "/" + id, "{\"name\":\"Other\"}", Map.of("If-Match", tag))
                .has(412);
        assertThat(agent.patch(CUSTOMERS + "/" + id, "{\"name\":null}")
                        .has(200)
                        .json()
                        .has("name"))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"name\":\"  \"} | 422 | name",
                "{\"name\":\"a\\nb\"} | 422 | name",
                "{\"name\":\"a\\u0000b\"} | 422 | name",
                "{\"nam\":\"a\"} | 400 | nam",
                "{\"name\":7} | 400 | name",
                "[] | 400 | body"
            })
    void aBadChangeNamesItsFieldAndChangesNothing(String body, int status, String field) {
        String id = idOf(ticketFrom(mark + "@example.org", "x"));

        Answer refused = agent.patch(CUSTOMERS + "/" + id, body).has(status);

        assertThat(refused.text()).contains(field);
        assertThat(agent.get(CUSTOMERS + "/" + id).json().has("name")).isFalse();
    }

    @Test
    void aBlockHoldsForEveryAddressOfTheCustomerAndIsAudited() {
        String id = idOf(ticketFrom(mark + "@example.org", "x"));
        identity(id, "{\"type\":\"email\",\"value\":\"" + mark + "-2@Example.org\"}")
                .has(201);
        assertThat(customers.isBlocked("acme", mark + "@example.org")).isFalse();

        agent.post(CUSTOMERS + "/" + id + "/block", "{}").has(422);
        JsonNode blocked = agent.post(CUSTOMERS + "/" + id + "/block", "{\"reason\":\"Spam\"}")
                .has(200)
                .json();

        assertThat(blocked.get("blocked").asBoolean()).isTrue();
        assertThat(blocked.get("block").get("reason").asString()).isEqualTo("Spam");
        assertThat(blocked.get("block").get("by").asString()).isEqualTo("user:agent@acme.example");
        assertThat(customers.isBlocked("acme", mark + "@example.org")).isTrue();
        assertThat(customers.isBlocked("acme", mark.toUpperCase() + "-2@example.org"))
                .isTrue();
        assertThat(customers.isBlocked("globex", mark + "@example.org")).isFalse();
        assertThat(customers.isBlocked("acme", "nobody-" + mark + "@example.org"))
                .isFalse();
        agent.post(CUSTOMERS + "/" + id + "/block", "{\"reason\":\"Again\"}").has(200);
        assertThat(idsIn(agent.get(CUSTOMERS + "?blocked=true").json())).contains(id);
        assertThat(idsIn(agent.get(CUSTOMERS + "?blocked=false&limit=200").json()))
                .doesNotContain(id);
        agent.post(CUSTOMERS + "/" + id + "/unblock", "{\"reason\":\"A mistake\"}")
                .has(200);
        assertThat(customers.isBlocked("acme", mark + "@example.org")).isFalse();

        await().atMost(TestKafka.PATIENCE).untilAsserted(() -> assertThat(api.as("acme", Role.ADMIN)
                        .get("/api/v1/tickets/audit?subject=" + id)
                        .has(200)
                        .json()
                        .get("items")
                        .valueStream()
                        .map(entry -> entry.get("entry").get("action").asString()))
                .containsExactly("customer.unblocked", "customer.blocked", "customer.identity_added"));
        assertThat(api.as("acme", Role.ADMIN)
                        .get("/api/v1/tickets/audit?subject=" + id)
                        .text())
                .doesNotContain("example.org");
        agent.get("/api/v1/tickets/audit").has(403);
    }

    @Test
    void anIdentityBelongsToOneCustomer() {
        String one = idOf(ticketFrom(mark + "@example.org", "x"));
        String other = idOf(ticketFrom(mark + "-o@example.org", "x"));
        String external = "{\"type\":\"external\",\"source\":\"zendesk\",\"value\":\"" + mark + "\"}";

        identity(one, external).has(201);
        identity(one, external).has(200);
        assertThat(identity(other, external).has(409).text()).contains(one);
        assertThat(identity(one, "{\"type\":\"email\",\"value\":\"" + mark + "-o@example.org\"}")
                        .has(409)
                        .text())
                .contains(other);
        identity(one, "{\"type\":\"email\",\"value\":\"no address\"}").has(422);
        identity(one, "{\"type\":\"email\",\"value\":\"a@b..c\"}").has(422);
        identity(one, "{\"type\":\"email\",\"source\":\"x\",\"value\":\"a@b.cd\"}")
                .has(422);
        identity(one, "{\"type\":\"external\",\"value\":\"7\"}").has(422);
        identity(one, "{\"type\":\"phone\",\"value\":\"7\"}").has(422);
        // The same id at another client is somebody else.
        String foreign = api.as("globex", Role.AGENT)
                .get("/api/v1/tickets/" + api.as("globex", Role.AGENT).ticket("x"))
                .json()
                .get("customer")
                .get("customer_id")
                .asString();
        api.as("globex", Role.AGENT)
                .post(CUSTOMERS + "/" + foreign + "/identities", external)
                .has(201);
    }

    @Test
    void anAddressAddedByHandIsTheCustomersWhenAMailComesFromIt() {
        String id = idOf(ticketFrom(mark + "@example.org", "x"));
        identity(id, "{\"type\":\"email\",\"value\":\"" + mark + "-work@example.org\"}")
                .has(201);

        String ticket = ticketFrom(mark + "-work@example.org", "From work");

        JsonNode customer = customerOf(ticket);
        assertThat(customer.get("customer_id").asString()).isEqualTo(id);
        assertThat(customer.get("tickets_count").asLong()).isEqualTo(2);
        // The ticket still says where it came from, and where the answer goes.
        assertThat(agent.get("/api/v1/tickets/" + ticket)
                        .json()
                        .get("customer")
                        .get("email")
                        .asString())
                .isEqualTo(mark + "-work@example.org");
    }

    @Test
    void twoCustomersThatAreOneAreMerged() {
        String one = idOf(ticketFrom(mark + "@example.org", "One"));
        String other = idOf(ticketFrom(mark + "-o@example.org", "Other"));
        identity(other, "{\"type\":\"external\",\"source\":\"shop\",\"value\":\"" + mark + "\"}")
                .has(201);
        agent.patch(CUSTOMERS + "/" + other, "{\"name\":\"Mary\"}").has(200);
        agent.post(CUSTOMERS + "/" + other + "/notes", "{\"text\":\"Likes\\nlamps\"}")
                .has(201);
        agent.post(CUSTOMERS + "/" + other + "/block", "{\"reason\":\"Spam\"}").has(200);
        String body = "{\"customer_id\":\"" + other + "\",\"reason\":\"The same person\"}";

        JsonNode merged =
                agent.post(CUSTOMERS + "/" + one + "/merge", body).has(200).json();

        assertThat(merged.get("customer_id").asString()).isEqualTo(one);
        assertThat(merged.get("name").asString()).isEqualTo("Mary");
        assertThat(merged.get("blocked").asBoolean()).isTrue();
        assertThat(merged.get("notes_count").asLong()).isEqualTo(1);
        assertThat(merged.get("tickets_count").asLong()).isEqualTo(2);
        assertThat(merged.get("identities").valueStream().map(i -> i.get("value")
                        .asString()))
                .containsExactly(mark + "@example.org", mark + "-o@example.org", mark);
        assertThat(agent.get(CUSTOMERS + "/" + other).has(200).json()).isEqualTo(merged);
        assertThat(agent.get(CUSTOMERS + "/" + other + "/notes").has(200).json().get("items"))
                .hasSize(1);
        assertThat(idsIn(agent.get(CUSTOMERS + "?q=" + mark).json())).containsExactly(one);
        assertThat(customers.isBlocked("acme", mark + "@example.org")).isTrue();
        agent.post(CUSTOMERS + "/" + one + "/merge", body).has(422);
        assertThat(idOf(ticketFrom(mark + "-o@example.org", "Later"))).isEqualTo(other);
        assertThat(customerOf(ticketFrom(mark + "-o@example.org", "Later still"))
                        .get("customer_id")
                        .asString())
                .isEqualTo(one);
    }

    @Test
    void chainsOfMergersAndMergersAtTheSameMomentEndInOneCustomer() throws Exception {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            ids.add(idOf(ticketFrom(mark + "-" + i + "@example.org", "x")));
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Answer>> mergers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                for (int j = 0; j < 4; j++) {
                    String into = ids.get(i);
                    String body = "{\"customer_id\":\"" + ids.get(j) + "\",\"reason\":\"One person\"}";
                    mergers.add(() -> agent.post(CUSTOMERS + "/" + into + "/merge", body));
                }
            }
            for (Future<Answer> merger : threads.invokeAll(mergers)) {
                assertThat(merger.get().status()).as(merger.get().text()).isIn(200, 422);
            }
        }

        assertThat(ids.stream()
                        .map(id -> agent.get(CUSTOMERS + "/" + id)
                                .has(200)
                                .json()
                                .get("customer_id")
                                .asString())
                        .distinct())
                .hasSize(1);
        assertThat(agent.get(CUSTOMERS + "/" + ids.getFirst())
                        .json()
                        .get("tickets_count")
                        .asLong())
                .isEqualTo(4);
    }

    @Test
    void anotherClientsCustomerIsNone() {
        String id = idOf(ticketFrom(mark + "@example.org", "x"));
        Api.As stranger = api.as("globex", Role.ADMIN);
        String own = stranger.get("/api/v1/tickets/" + stranger.ticket("x"))
                .json()
                .get("customer")
                .get("customer_id")
                .asString();
        String because = "{\"reason\":\"x\"}";

        stranger.get(CUSTOMERS + "/" + id).has(404);
        stranger.patch(CUSTOMERS + "/" + id, "{\"name\":\"x\"}").has(404);
        stranger.post(CUSTOMERS + "/" + id + "/block", because).has(404);
        stranger.post(CUSTOMERS + "/" + id + "/unblock", because).has(404);
        stranger.get(CUSTOMERS + "/" + id + "/notes").has(404);
        stranger.post(CUSTOMERS + "/" + id + "/notes", "{\"text\":\"x\"}").has(404);
        stranger.post(CUSTOMERS + "/" + id + "/identities", "{\"type\":\"email\",\"value\":\"a@b.cd\"}")
                .has(404);
        stranger.post(CUSTOMERS + "/" + own + "/merge", "{\"customer_id\":\"" + id + "\",\"reason\":\"x\"}")
                .has(404);
        agent.get(CUSTOMERS + "/not-an-id").has(404);
        assertThat(agent.get(CUSTOMERS + "/" + id).json().get("blocked").asBoolean())
                .isFalse();
    }

    private Answer identity(String id, String body) {
        return agent.post(CUSTOMERS + "/" + id + "/identities", body);
    }

    private String ticketFrom(String email, String subject) {
        return agent.post(
                        "/api/v1/tickets",
                        JSONObjectUtils.toJSONString(Map.of("subject", subject, "body", "b", "customer_email", email)))
                .has(202)
                .json()
                .get("ticket_id")
                .asString();
    }

    /** The id under which the ticket has its sender. */
    private String idOf(String ticket) {
        return agent.get("/api/v1/tickets/" + ticket)
                .json()
                .get("customer")
                .get("customer_id")
                .asString();
    }

    private JsonNode customerOf(String ticket) {
        return agent.get(CUSTOMERS + "/" + idOf(ticket)).has(200).json();
    }

    private static List<String> idsIn(JsonNode page) {
        return page.get("items")
                .valueStream()
                .map(customer -> customer.get("customer_id").asString())
                .toList();
    }
}

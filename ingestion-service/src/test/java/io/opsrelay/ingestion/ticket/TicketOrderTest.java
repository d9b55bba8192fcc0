package io.opsrelay.ingestion.ticket;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.ingestion.Api;
import io.opsrelay.ingestion.IngestionServiceTest;
import io.opsrelay.ingestion.ticket.TicketView.Listed;
import io.opsrelay.ingestion.ticket.TicketView.Summary;
import io.opsrelay.security.Role;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.Page;
import io.opsrelay.testing.TestDatabase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Every order with every filter, page by page, against the same done in memory. */
@IngestionServiceTest
class TicketOrderTest {

    private static final int TICKETS = 40;
    private static final List<String> PRIORITIES = List.of("low", "normal", "high", "urgent");
    private static final List<String> CHANNELS = List.of("api", "email", "chat");

    /** A client of its own for each test: lists are counted. */
    private final String client = "order-" + UUID.randomUUID().toString().substring(0, 8);

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

    private final List<Summary> all = new ArrayList<>();

    @BeforeEach
    void manyTicketsOfWhichMostAreEqualInEachOrder() {
        List<NewTicket> given = new ArrayList<>();
        for (int i = 0; i < TICKETS; i++) {
            String channel = CHANNELS.get(i % CHANNELS.size());
            String priority = i % 5 == 4 ? null : PRIORITIES.get(i % 4);
            given.add(new NewTicket(
                    channel,
                    channel,
                    "Ticket " + i,
                    i % 7 == 0 ? "The unicorn is lost" : "The lamp came in pieces",
                    i % 3 == 0 ? "mary.major@example.org" : "john.stiles@example.com",
                    true,
                    priority,
                    "order-" + i,
                    Map.of(),
                    "user:agent@acme.example"));
        }
        tickets.receiveAll(client, given);
        JdbcClient admin = JdbcClient.create(database.admin());
        // Five tickets a minute were created at the same moment, eight changed at the same one.
        admin.sql("""
                        update ingestion.ticket set
                            created_at = timestamptz '2026-11-20 10:00Z' + substr(external_id, 7)::int / 5 * interval '1 minute',
                            updated_at = timestamptz '2026-11-21 10:00Z' - substr(external_id, 7)::int % 5 * interval '1 minute',
                            category = case substr(external_id, 7)::int % 4 when 0 then 'refund_request' when 1 then 'login' end,
                            status = case substr(external_id, 7)::int % 6 when 0 then 'resolved' when 1 then 'failed' else status end
                        where client_id = :client
                        """).param("client", client).update();
        all.addAll(list(new TicketList(transactions, jdbc), TicketFilter.ALL, TicketSort.NEWEST, 200));
        assertThat(all).hasSize(TICKETS);
    }

    static Stream<Arguments> ordersAndFilters() {
        Map<String, Predicate<Summary>> filters = Map.ofEntries(
                Map.entry("", ticket -> true),
                Map.entry("status=failed", ticket -> ticket.status().equals("failed")),
                Map.entry("status=pending,completed", ticket -> List.of("received", "resolved")
                        .contains(ticket.status())),
                Map.entry("status=failed&status=resolved", ticket -> List.of("failed", "resolved")
                        .contains(ticket.status())),
                Map.entry("status=escalated", ticket -> false),
                Map.entry("channel=chat", ticket -> ticket.channel().equals("chat")),
                Map.entry("priority=urgent", ticket -> "urgent".equals(ticket.priority())),
                Map.entry("category=login", ticket -> "login".equals(ticket.category())),
                Map.entry(
                        "customer_email=Mary.Major@example.org",
                        ticket -> ticket.customer().email().equals("mary.major@example.org")),
                Map.entry("external_id=order-7", ticket -> "order-7".equals(ticket.externalId())),
                Map.entry(
                        "created_from=2026-11-20T10:02:00Z&created_to=2026-11-20T12:05:00%2B02:00",
                        ticket -> !ticket.createdAt().isBefore(Instant.parse("2026-11-20T10:02:00Z"))
                                && ticket.createdAt().isBefore(Instant.parse("2026-11-20T10:05:00Z"))),
                Map.entry(
                        "status=failed&channel=email",
                        ticket -> ticket.status().equals("failed")
                                && ticket.channel().equals("email")),
                Map.entry("q=unicorn", ticket -> isAboutTheUnicorn(ticket)),
                Map.entry(
                        "q=unicorn&status=failed&channel=email",
                        ticket -> isAboutTheUnicorn(ticket)
                                && ticket.status().equals("failed")
                                && ticket.channel().equals("email")));
        return Arrays.stream(TicketSort.values()).flatMap(sort -> filters.entrySet().stream()
                .map(filter -> Arguments.of(sort, filter.getKey(), filter.getValue())));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("ordersAndFilters")
    void pagesMeetEveryTicketOnceAndInOrder(TicketSort sort, String filter, Predicate<Summary> fits) {
        List<String> expected = all.stream()
                .filter(fits)
                .sorted(orderOf(sort))
                .map(ticket -> ticket.ticketId().toString())
                .toList();

        assertThat(pages("sort=" + wireName(sort) + "&limit=3&" + filter)).containsExactlyElementsOf(expected);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("ordersAndFilters")
    void aWalkGoesOnBehindTheLastThatItLookedAtAndWhatIsTooRareToBeMetIsGathered(
            TicketSort sort, String filter, Predicate<Summary> fits) {
        if (filter.contains("%") || filter.contains("&")) {
            return; // parsed by the web layer only
        }
        List<UUID> expected = all.stream()
                .filter(fits)
                .sorted(orderOf(sort))
                .map(Summary::ticketId)
                .toList();

        for (int longestWalk : new int[] {2, 1000}) {
            assertThat(list(new TicketList(transactions, jdbc, 2, longestWalk), filterOf(filter), sort, 3))
                    .extracting(Summary::ticketId)
                    .containsExactlyElementsOf(expected);
        }
    }

    @Test
    void aPageGoesOnBehindAValueThatNoTicketHasAnyMore() {
        JsonNode first = get("limit=1&sort=category");
        JdbcClient.create(database.admin())
                .sql(
                        "update ingestion.ticket set category = 'refund_request' where client_id = ? and category = 'login'")
                .param(client)
                .update();

        List<String> seen = pages(
                "limit=50&sort=category&cursor=" + first.get("next_cursor").asString());

        assertThat(seen).doesNotHaveDuplicates().hasSize(TICKETS);
    }

    @Test
    void theTicketsOfACustomerAreThoseOfAllItsAddressesWhicheverIsAskedFor() {
        String mary = idOf("mary.major@example.org");
        String john = idOf("john.stiles@example.com");
        List<String> everything =
                all.stream().map(ticket -> ticket.ticketId().toString()).toList();
        List<String> before = pages("customer_id=" + mary);
        assertThat(before).isNotEmpty().hasSizeLessThan(TICKETS);

        api.as(client, Role.AGENT)
                .post(
                        "/api/v1/customers/" + john + "/merge",
                        "{\"customer_id\":\"" + mary + "\",\"reason\":\"One person\"}")
                .has(200);

        for (String asked : List.of(
                "customer_id=" + john,
                "customer_id=" + mary,
                "customer_email=Mary.Major@example.org",
                "customer_email=john.stiles@example.com",
                "customer_email=john.stiles@example.com&customer_id=" + mary)) {
            assertThat(pages("limit=3&" + asked)).as(asked).containsExactlyElementsOf(everything);
            assertThat(pages("limit=3&status=received,failed&" + asked))
                    .as(asked)
                    .containsExactlyElementsOf(pages("limit=200&status=received,failed"));
            assertThat(pages("limit=3&sort=-priority&" + asked))
                    .as(asked)
                    .containsExactlyElementsOf(pages("limit=200&sort=-priority"));
            assertThat(api.as(client, Role.ADMIN)
                            .get("/api/v1/tickets/export?format=json&" + asked)
                            .has(200)
                            .text())
                    .as(asked)
                    .contains(everything);
        }
        assertThat(pages("customer_email=nobody@example.org")).isEmpty();
    }

    private String idOf(String email) {
        return get("customer_email=" + email + "&limit=1")
                .at("/items/0/customer/customer_id")
                .asString();
    }

    @Test
    void aCursorIsGoodForItsOwnListOnly() {
        String cursor =
                get("limit=3&sort=-updated_at&channel=chat").get("next_cursor").asString();

        refused("sort=updated_at&channel=chat&cursor=" + cursor);
        refused("sort=-updated_at&channel=email&cursor=" + cursor);
        refused("sort=-updated_at&cursor=" + cursor);
        assertThat(get("limit=9&sort=-updated_at&channel=chat&cursor=" + cursor).get("items"))
                .isNotEmpty();
    }

    @Test
    void aTicketThatComesMeanwhileMovesNoPage() {
        JsonNode first = get("limit=10");
        api.as(client, Role.AGENT).ticket("Newer");
        List<String> seen = new ArrayList<>(ids(first));
        seen.addAll(pages("limit=10&cursor=" + first.get("next_cursor").asString()));

        assertThat(seen).doesNotHaveDuplicates().hasSize(TICKETS);
    }

    @Test
    void tagsAndAssigneesFilterWhereTheyAreKept() {
        JdbcClient admin = JdbcClient.create(database.admin());
        Summary one = all.getFirst();
        Summary other = all.getLast();
        admin.sql("insert into ingestion.ticket_tag (client_id, ticket_id, tag) values (:client, :ticket, 'vip')")
                .param("client", client)
                .param("ticket", one.ticketId())
                .update();
        admin.sql("update ingestion.ticket set assignee = 'jo' where ticket_id = :ticket")
                .param("ticket", other.ticketId())
                .update();

        assertThat(pages("tag=vip")).containsExactly(one.ticketId().toString());
        assertThat(pages("tag=vip&sort=priority"))
                .containsExactly(one.ticketId().toString());
        assertThat(pages("assignee=jo&sort=-updated_at"))
                .containsExactly(other.ticketId().toString());
        assertThat(pages("assignee=jo&tag=vip")).isEmpty();
    }

    private void refused(String query) {
        api.as(client, Role.VIEWER)
                .get("/api/v1/tickets?" + query)
                .isProblem(
                        400,
                        "Bad Request",
                        "cursor",
                        "belongs to a list with another sort or filter: keep them, or begin without a cursor");
    }

    private static boolean isAboutTheUnicorn(Summary ticket) {
        return Integer.parseInt(ticket.subject().substring("Ticket ".length())) % 7 == 0;
    }

    private static TicketFilter filterOf(String query) {
        String name = query.isEmpty() ? "" : query.substring(0, query.indexOf('='));
        String value = query.substring(query.indexOf('=') + 1);
        return new ListParameters(
                        name.equals("status") ? new String[] {value} : null,
                        name.equals("channel") ? value : null,
                        name.equals("priority") ? value : null,
                        name.equals("category") ? value : null,
                        null,
                        null,
                        name.equals("external_id") ? value : null,
                        null,
                        name.equals("customer_email") ? value : null,
                        null,
                        null,
                        name.equals("q") ? value : null,
                        null)
                .filter();
    }

    private static Comparator<Summary> orderOf(TicketSort sort) {
        Comparator<Summary> byId =
                Comparator.comparing(ticket -> ticket.ticketId().toString());
        Comparator<Summary> ascending =
                switch (sort) {
                    case NEWEST, OLDEST ->
                        Comparator.comparing(Summary::createdAt).thenComparing(byId);
                    case CHANGED, UNCHANGED ->
                        Comparator.comparing(Summary::updatedAt).thenComparing(byId);
                    case URGENT, LEISURELY ->
                        Comparator.<Summary, Integer>comparing(ticket ->
                                        ticket.priority() == null ? -1 : PRIORITIES.indexOf(ticket.priority()))
                                .thenComparing(byId);
                    case STATUS, STATUS_BACK -> Comparator.comparing(ticket -> TicketStatus.of(ticket.status()));
                    case CHANNEL, CHANNEL_BACK -> Comparator.comparing(Summary::channel);
                    case CATEGORY ->
                        Comparator.comparing(Summary::category, Comparator.nullsLast(Comparator.naturalOrder()));
                    case CATEGORY_BACK ->
                        Comparator.comparing(Summary::category, Comparator.nullsFirst(Comparator.naturalOrder()));
                };
        Comparator<Summary> newest =
                Comparator.comparing(Summary::createdAt).thenComparing(byId).reversed();
        return switch (sort) {
            case NEWEST, CHANGED, URGENT -> ascending.reversed();
            case OLDEST, UNCHANGED, LEISURELY -> ascending;
            case STATUS, CHANNEL, CATEGORY -> ascending.thenComparing(newest);
            case STATUS_BACK, CHANNEL_BACK, CATEGORY_BACK ->
                ascending.reversed().thenComparing(newest);
        };
    }

    private static String wireName(TicketSort sort) {
        return switch (sort) {
            case NEWEST -> "-created_at";
            case OLDEST -> "created_at";
            case CHANGED -> "-updated_at";
            case UNCHANGED -> "updated_at";
            case URGENT -> "-priority";
            case LEISURELY -> "priority";
            case STATUS -> "status";
            case STATUS_BACK -> "-status";
            case CHANNEL -> "channel";
            case CHANNEL_BACK -> "-channel";
            case CATEGORY -> "category";
            case CATEGORY_BACK -> "-category";
        };
    }

    private List<Summary> list(TicketList list, TicketFilter filter, TicketSort sort, int limit) {
        List<Summary> seen = new ArrayList<>();
        String cursor = null;
        do {
            Page<Listed> page = list.page(client, filter, sort, ListCursor.decode(cursor, sort, filter), limit);
            seen.addAll(page.items().stream().map(Listed::summary).toList());
            cursor = page.nextCursor();
        } while (cursor != null);
        return seen;
    }

    private List<String> pages(String query) {
        List<String> seen = new ArrayList<>();
        JsonNode page = get(query);
        seen.addAll(ids(page));
        while (!page.get("next_cursor").isNull()) {
            String first = query.contains("cursor=") ? query.substring(0, query.indexOf("&cursor=")) : query;
            page = get(first + "&cursor=" + page.get("next_cursor").asString());
            seen.addAll(ids(page));
        }
        return seen;
    }

    private JsonNode get(String query) {
        return api.as(client, Role.VIEWER)
                .get("/api/v1/tickets?" + query)
                .has(200)
                .json();
    }

    private static List<String> ids(JsonNode page) {
        return page.get("items")
                .valueStream()
                .map(item -> item.get("ticket_id").asString())
                .toList();
    }
}

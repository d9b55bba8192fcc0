package io.opsrelay.ingestion.ticket;

import io.opsrelay.ingestion.ticket.TicketView.Listed;
import io.opsrelay.ingestion.ticket.TicketView.Summary;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.Page;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Pages of tickets. What a page costs does not depend on how deep it lies, nor much on what is asked for:
 *
 * <ul>
 *   <li>In the order of creation each filter has an index in that order: the page is read off it.
 *   <li>Else a few tickets are walked in the order asked for, and those that fit are kept. What is common fills the
 *       page so, or promises to with a further walk. What is not is rare, and is gathered by its own index and sorted.
 * </ul>
 */
@Component
class TicketList {

    private static final int FIRST_WALK = 250;

    /** Costs about as much as gathering what would not be met on it. */
    private static final int LONGEST_WALK = 4_000;

    /** Costs about as much as to ask for it. */
    private static final int SHORTEST_WALK = 100;

    /** A further walk is so much longer than it would have to be if all tickets were like those before. */
    private static final double MARGIN = 1.5;

    private static final String LISTED = """
            client_id, ticket_id, status, subject, channel, priority, category, confidence, language, sentiment,
            customer_id, sender_verified, external_id, run_id, version, created_at, updated_at, resolved_at,
            priority_rank, assignee
            """;

    /** Looked up for the tickets of the page alone. */
    private static final String HANDLED = """
            t.assignee, array(select g.tag from ticket_tag g where g.ticket_id = t.ticket_id order by g.tag) as tags
            """;

    private final ClientTransactions transactions;
    private final JdbcClient jdbc;
    private final int firstWalk;
    private final int longestWalk;

    @Autowired
    TicketList(ClientTransactions transactions, JdbcClient jdbc) {
        this(transactions, jdbc, FIRST_WALK, LONGEST_WALK);
    }

    /**
     * @param firstWalk how many tickets are looked at at first
     * @param longestWalk how many are looked at in all before the rest of those that fit is gathered
     */
    TicketList(ClientTransactions transactions, JdbcClient jdbc, int firstWalk, int longestWalk) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.firstWalk = firstWalk;
        this.longestWalk = longestWalk;
    }

    /** @param after where the page begins; null for the first */
    Page<Listed> page(String clientId, TicketFilter filter, TicketSort sort, @Nullable ListCursor after, int limit) {
        List<Listed> rows = transactions.read(clientId, () -> {
            // How many tickets fit depends on the values: a plan for any value would now and then walk all of them.
            jdbc.sql("select set_config('plan_cache_mode', 'force_custom_plan', true)")
                    .query(String.class)
                    .single();
            return sort.isByValue()
                    ? rowsByValue(filter, sort, after, limit + 1)
                    : rows(filter, sort, after, limit + 1);
        });
        if (rows.size() <= limit) {
            return new Page<>(rows, null);
        }
        Summary last = rows.get(limit - 1).summary();
        return new Page<>(
                rows.subList(0, limit),
                ListCursor.encode(
                        sort,
                        filter,
                        new ListCursor(
                                valueOf(sort, last),
                                last.ticketId(),
                                sort.isByValue() ? new TicketGroups(jdbc, filter, sort).of(last) : null)));
    }

    /** Value by value: of each the tickets are read in the order of their creation, for which there are indexes. */
    private List<Listed> rowsByValue(TicketFilter filter, TicketSort sort, @Nullable ListCursor after, int limit) {
        TicketGroups groups = new TicketGroups(jdbc, filter, sort);
        List<Listed> found = new ArrayList<>();
        for (TicketGroups.Group group : groups.from(after)) {
            found.addAll(rows(
                    group.filter(),
                    TicketSort.NEWEST,
                    after != null && Objects.equals(group.value(), after.group()) ? after : null,
                    limit - found.size()));
            if (found.size() == limit) {
                break;
            }
        }
        return found;
    }

    private List<Listed> rows(TicketFilter filter, TicketSort sort, @Nullable ListCursor after, int limit) {
        TicketConditions conditions = new TicketConditions(filter);
        conditions.lookUpCustomer(jdbc);
        if (filter.words() == null && (sort.isByCreation() || !filter.narrows())) {
            return read(
                    shown(inOrder(filter, conditions, sort, conditions.after(sort, after)), sort), conditions, limit);
        }
        Map<UUID, Listed> met = new LinkedHashMap<>();
        ListCursor behind = after;
        long walked = 0;
        for (long steps = firstWalk; walked + steps <= longestWalk; ) {
            Walk walk = walk(filter, conditions, sort, behind, limit - met.size(), steps);
            keep(walk.tickets(), met);
            walked += walk.ofRows();
            if (met.size() == limit || walk.last() == null || walk.ofRows() < steps) {
                return List.copyOf(met.values());
            }
            behind = walk.last();
            long expected = met.isEmpty() ? longestWalk : walked * (limit - met.size()) / met.size();
            steps = Math.max(SHORTEST_WALK, Math.round(MARGIN * expected));
        }
        keep(
                read(
                        gathered(filter, conditions, sort, conditions.after(sort, behind)),
                        conditions,
                        limit - met.size()),
                met);
        return List.copyOf(met.values());
    }

    /** Each once: one that is changed meanwhile may be met again where it stands then. */
    private static void keep(List<Listed> tickets, Map<UUID, Listed> met) {
        tickets.forEach(ticket -> met.putIfAbsent(ticket.summary().ticketId(), ticket));
    }

    /** Each status, and each id of a customer, is read in its own index order and the few rows are merged. */
    private static String inOrder(TicketFilter filter, TicketConditions conditions, TicketSort sort, String behind) {
        String order = sort.order() + " limit :rows";
        List<String> branches = new ArrayList<>();
        String branch = "";
        if (!filter.statuses().isEmpty()) {
            branches.add("unnest(:statuses) as s (one_status)");
            branch += " and status = s.one_status";
        }
        if (conditions.hasSeveralCustomers()) {
            branches.add("unnest(:customers) as u (one_customer)");
            branch += " and customer_id = u.one_customer";
        }
        if (branches.isEmpty()) {
            return "select " + LISTED + " from ticket where true" + conditions.facts() + behind + order;
        }
        return "select one.* from " + String.join(" cross join ", branches) + " cross join lateral (select " + LISTED
                + " from ticket where true" + branch + conditions.factsButBranches() + behind + order + ") one" + order;
    }

    /** Looks at so many tickets in the order asked for. */
    private Walk walk(
            TicketFilter filter,
            TicketConditions conditions,
            TicketSort sort,
            @Nullable ListCursor behind,
            int limit,
            long steps) {
        String found = filter.words() == null
                ? ""
                : " where ticket_id in (select tickets_among((select array_agg(ticket_id) from fitting), "
                        + TicketConditions.words() + "))";
        String sql = "with walked as materialized (select " + LISTED + " from ticket where true"
                + (sort.isByCreation() ? conditions.times() : "") + conditions.after(sort, behind) + sort.order()
                + " limit :steps),"
                + " fitting as materialized (select * from walked ticket where true" + conditions.facts() + "),"
                + " found as materialized (select * from fitting" + found + sort.order() + " limit :rows)"
                + " select " + TicketReader.COLUMNS + ", " + HANDLED + ", of_rows, last_value, last_id"
                + " from (select count(*) as of_rows from walked) steps"
                + " left join (select " + sort.column() + " as last_value, ticket_id as last_id from walked"
                + sort.backwards() + " limit 1) last on true"
                + " left join (found t join customer c using (client_id, customer_id)) on true" + ofTickets(sort);
        Class<?> value = sort.isByPriority() ? Short.class : OffsetDateTime.class;
        return jdbc.sql(sql)
                .params(conditions.parameters())
                .param("rows", limit)
                .param("steps", steps)
                .query(rows -> {
                    List<Listed> tickets = new ArrayList<>();
                    ListCursor last = null;
                    long ofRows = 0;
                    while (rows.next()) {
                        ofRows = rows.getLong("of_rows");
                        UUID lastId = rows.getObject("last_id", UUID.class);
                        last = lastId == null
                                ? null
                                : new ListCursor(rows.getObject("last_value", value), lastId, null);
                        if (rows.getObject("ticket_id") != null) {
                            tickets.add(listed(rows));
                        }
                    }
                    return new Walk(tickets, ofRows, last);
                });
    }

    private static String gathered(TicketFilter filter, TicketConditions conditions, TicketSort sort, String behind) {
        String found = filter.words() == null
                ? ""
                : " and ticket_id in (select tickets_with(" + TicketConditions.words() + "))";
        return "with fitting as materialized (select " + LISTED + " from ticket where true" + conditions.facts()
                + behind + found + ") " + shown("select * from fitting" + sort.order() + " limit :rows", sort);
    }

    private static String shown(String tickets, TicketSort sort) {
        return "select " + TicketReader.COLUMNS + ", " + HANDLED + " from (" + tickets
                + ") t join customer c using (client_id, customer_id)" + ofTickets(sort);
    }

    private static String ofTickets(TicketSort sort) {
        return sort.order().replace("order by ", "order by t.").replace(", ticket_id", ", t.ticket_id");
    }

    private List<Listed> read(String sql, TicketConditions conditions, int limit) {
        return jdbc.sql(sql)
                .params(conditions.parameters())
                .param("rows", limit)
                .query((row, number) -> listed(row))
                .list();
    }

    private static Listed listed(ResultSet row) throws SQLException {
        return new Listed(TicketReader.summary(row), row.getString("assignee"), List.of((String[])
                row.getArray("tags").getArray()));
    }

    private static Object valueOf(TicketSort sort, Summary ticket) {
        return switch (sort) {
            case NEWEST, OLDEST, STATUS, STATUS_BACK, CHANNEL, CHANNEL_BACK, CATEGORY, CATEGORY_BACK ->
                ticket.createdAt();
            case CHANGED, UNCHANGED -> ticket.updatedAt();
            case URGENT, LEISURELY ->
                switch (Objects.requireNonNullElse(ticket.priority(), "")) {
                    case "urgent" -> 4;
                    case "high" -> 3;
                    case "normal" -> 2;
                    case "low" -> 1;
                    default -> 0;
                };
        };
    }

    /**
     * What a walk met.
     *
     * @param ofRows how many tickets were looked at
     * @param last the last of these; null if there was none
     */
    private record Walk(
            List<Listed> tickets, long ofRows, @Nullable ListCursor last) {}
}

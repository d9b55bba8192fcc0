package io.opsrelay.ingestion.ticket;

import io.opsrelay.ingestion.ticket.TicketView.Listed;
import io.opsrelay.ingestion.ticket.TicketView.Summary;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.Page;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
 *       page so, or promises to with a longer walk. What is not is rare, and is gathered by its own index and sorted.
 * </ul>
 */
@Component
class TicketList {

    private static final int FIRST_WALK = 250;

    /** Costs about as much as gathering what would not be met on it. */
    private static final int LONGEST_WALK = 4_000;

    /** A second walk is so much longer than it would have to be if all tickets were like those of the first. */
    private static final int MARGIN = 2;

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
    private final int longestWalk;

    @Autowired
    TicketList(ClientTransactions transactions, JdbcClient jdbc) {
        this(transactions, jdbc, LONGEST_WALK);
    }

    /** @param longestWalk how many tickets are looked at before those that fit are gathered */
    TicketList(ClientTransactions transactions, JdbcClient jdbc, int longestWalk) {
        this.transactions = transactions;
        this.jdbc = jdbc;
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
        String behind = conditions.after(sort, after);
        if (filter.words() == null && (sort.isByCreation() || !filter.narrows())) {
            return read(shown(inOrder(filter, conditions, sort, behind), sort, "0"), conditions, limit, 0)
                    .tickets();
        }
        for (long steps = Math.min(FIRST_WALK, longestWalk); steps <= longestWalk; ) {
            Found met = read(walk(filter, conditions, sort, behind), conditions, limit, steps);
            if (met.tickets().size() == limit || met.ofRows() < steps) {
                return met.tickets();
            }
            steps = steps > FIRST_WALK || met.tickets().isEmpty()
                    ? Long.MAX_VALUE
                    : steps * limit * MARGIN / met.tickets().size();
        }
        return read(gathered(filter, conditions, sort, behind), conditions, limit, 0)
                .tickets();
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

    private static String walk(TicketFilter filter, TicketConditions conditions, TicketSort sort, String behind) {
        String met = "with walked as materialized (select " + LISTED + " from ticket where true"
                + (sort.isByCreation() ? conditions.times() : "") + behind + sort.order() + " limit :steps),"
                + " fitting as materialized (select * from walked ticket where true" + conditions.facts() + ") ";
        String found = filter.words() == null
                ? ""
                : " where ticket_id in (select tickets_among((select array_agg(ticket_id) from fitting), "
                        + TicketConditions.words() + "))";
        return met
                + shown(
                        "select * from fitting" + found + sort.order() + " limit :rows",
                        sort,
                        "(select count(*) from walked)");
    }

    private static String gathered(TicketFilter filter, TicketConditions conditions, TicketSort sort, String behind) {
        String found = filter.words() == null
                ? ""
                : " and ticket_id in (select tickets_with(" + TicketConditions.words() + "))";
        return "with fitting as materialized (select " + LISTED + " from ticket where true" + conditions.facts()
                + behind + found + ") " + shown("select * from fitting" + sort.order() + " limit :rows", sort, "0");
    }

    private static String shown(String tickets, TicketSort sort, String ofRows) {
        return "select " + TicketReader.COLUMNS + ", " + HANDLED + ", " + ofRows + " as of_rows from (" + tickets
                + ") t"
                + " join customer c using (client_id, customer_id)"
                + sort.order().replace("order by ", "order by t.").replace(", ticket_id", ", t.ticket_id");
    }

    private Found read(String sql, TicketConditions conditions, int limit, long steps) {
        List<Row> rows = jdbc.sql(sql)
                .params(conditions.parameters())
                .param("rows", limit)
                .param("steps", steps)
                .query((row, number) -> new Row(listed(row), row.getLong("of_rows")))
                .list();
        // Without a row nothing says how many were looked at: then as many as could be.
        return new Found(
                rows.stream().map(Row::ticket).toList(),
                rows.isEmpty() ? Long.MAX_VALUE : rows.getFirst().ofRows());
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

    /** @param ofRows how many tickets were looked at for it */
    private record Row(Listed ticket, long ofRows) {}

    /** @param ofRows how many tickets were looked at for them */
    private record Found(List<Listed> tickets, long ofRows) {}
}

package io.opsrelay.ingestion.ticket;

import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A filter as SQL over table ticket, and the parameters that it needs. Values never become part of the statement. */
final class TicketConditions {

    private final TicketFilter filter;
    private final Map<String, Object> parameters = new LinkedHashMap<>();
    private List<UUID> customers = List.of();

    TicketConditions(TicketFilter filter) {
        this.filter = filter;
        put("channel", filter.channel());
        put("priority", filter.priority());
        put("category", filter.category());
        put("tag", filter.tag());
        put("assignee", filter.assignee());
        put("external_id", filter.externalId());
        put("created_from", utc(filter.createdFrom()));
        put("created_to", utc(filter.createdTo()));
        if (!filter.statuses().isEmpty()) {
            put(
                    "statuses",
                    filter.statuses().stream().map(TicketStatus::wireName).toArray(String[]::new));
        }
        if (filter.words() != null) {
            put("words", filter.words());
            put("begun", endsInAWord(filter.words()));
        }
    }

    /**
     * A customer is all of its addresses, each of which has an id and tickets of its own: whichever one is asked for, the
     * tickets of all are meant. To be called before the conditions are asked for, in a transaction of the client.
     */
    void lookUpCustomer(JdbcClient jdbc) {
        if (!filter.ofCustomer()) {
            return;
        }
        String same = " and root in (select root from customer where ";
        customers = jdbc.sql("select customer_id from customer where true"
                        + (filter.customerId() == null ? "" : same + "customer_id = :customer_id)")
                        + (filter.customerEmail() == null ? "" : same + "email = :customer_email)"))
                .param("customer_id", filter.customerId(), Types.OTHER)
                .param("customer_email", filter.customerEmail(), Types.VARCHAR)
                .query(UUID.class)
                .list();
        if (hasSeveralCustomers()) {
            put("customers", customers.toArray(UUID[]::new));
        } else if (!customers.isEmpty()) {
            put("customer", customers.getFirst());
        }
    }

    /** Whether there are several in whose orders a page has to be read. */
    boolean hasSeveralCustomers() {
        return customers.size() > 1;
    }

    /** Of everything that was asked of this. */
    Map<String, Object> parameters() {
        return parameters;
    }

    /** Begins behind that row. */
    String after(TicketSort sort, @Nullable ListCursor cursor) {
        if (cursor == null) {
            return "";
        }
        put("after_value", cursor.value());
        put("after_id", cursor.id());
        return " and " + sort.isAfter();
    }

    /** All but the words, which need a search. Each begins with " and ". */
    String facts() {
        StringBuilder sql = new StringBuilder(factsButStatus());
        if (!filter.statuses().isEmpty()) {
            sql.append(" and status = any (:statuses)");
        }
        return sql.toString();
    }

    /** Like {@link #facts}, without the status. */
    String factsButStatus() {
        return factsButBranches() + when(hasSeveralCustomers() ? filter : null, "customer_id = any (:customers)");
    }

    /** Like {@link #factsButStatus}, without the customer either where there are several ids of it. */
    String factsButBranches() {
        return equal("channel", filter.channel())
                + equal("priority", filter.priority())
                + equal("category", filter.category())
                + equal("assignee", filter.assignee())
                + equal("external_id", filter.externalId())
                + when(filter.uncategorized() ? filter : null, "category is null")
                + when(filter.ofCustomer() && customers.isEmpty() ? filter : null, "false")
                + when(customers.size() == 1 ? filter : null, "customer_id = :customer")
                + when(
                        filter.tag(),
                        "exists (select from ticket_tag g where g.ticket_id = ticket.ticket_id and g.tag = :tag)")
                + times();
    }

    /** The time of creation. */
    String times() {
        return when(filter.createdFrom(), "created_at >= :created_from")
                + when(filter.createdTo(), "created_at < :created_to");
    }

    /** SQL: the search. */
    static String words() {
        return "search_words(:words, :begun)";
    }

    private static String equal(String column, @Nullable Object value) {
        return when(value, column + " = :" + column);
    }

    private static String when(@Nullable Object value, String condition) {
        return value == null ? "" : " and " + condition;
    }

    private void put(String name, @Nullable Object value) {
        if (value != null) {
            parameters.put(name, value);
        }
    }

    private static @Nullable Object utc(@Nullable Instant time) {
        return time == null ? null : time.atOffset(ZoneOffset.UTC);
    }

    /** Who has not typed a space or a quote yet may be in the middle of a word; what is excluded is meant whole. */
    private static boolean endsInAWord(String typed) {
        int last = typed.codePointBefore(typed.length());
        int begin = typed.length();
        while (begin > 0 && !Character.isWhitespace(typed.charAt(begin - 1))) {
            begin--;
        }
        return Character.isLetterOrDigit(last) && typed.charAt(begin) != '-';
    }
}

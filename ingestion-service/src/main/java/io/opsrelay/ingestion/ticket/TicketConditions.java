package io.opsrelay.ingestion.ticket;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A filter as SQL over table ticket, and the parameters that it needs. Values never become part of the statement. */
final class TicketConditions {

    private final TicketFilter filter;
    private final Map<String, Object> parameters = new LinkedHashMap<>();

    TicketConditions(TicketFilter filter) {
        this.filter = filter;
        put("channel", filter.channel());
        put("priority", filter.priority());
        put("category", filter.category());
        put("tag", filter.tag());
        put("assignee", filter.assignee());
        put("external_id", filter.externalId());
        put("customer_id", filter.customerId());
        put("customer_email", filter.customerEmail());
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
        return equal("channel", filter.channel())
                + equal("priority", filter.priority())
                + equal("category", filter.category())
                + equal("assignee", filter.assignee())
                + equal("external_id", filter.externalId())
                + equal("customer_id", filter.customerId())
                + when(
                        filter.customerEmail(),
                        "customer_id = (select customer_id from customer where email = :customer_email)")
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

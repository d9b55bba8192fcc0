package io.opsrelay.security.audit;

import io.opsrelay.contracts.audit.SealedEntry;
import io.opsrelay.security.tenant.ClientTransactions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** Reads the audit log of one client. */
public final class AuditLog {

    /** Entries of an export that one short transaction reads: a slow reader holds no connection. */
    private static final int AT_ONCE = 500;

    private final JdbcTemplate jdbc;
    private final ClientTransactions transactions;

    AuditLog(JdbcTemplate jdbc, ClientTransactions transactions) {
        this.jdbc = jdbc;
        this.transactions = transactions;
    }

    /**
     * Entries newest first, those that wait for their seal among them.
     *
     * @param before position behind which the list begins; null for the newest
     */
    public List<AuditRow> newest(String clientId, AuditFilter filter, @Nullable Long before, int limit) {
        Selection waiting = Selection.of(filter, field -> "entry::jsonb ->> '" + field + "'");
        Selection sealed = Selection.of(filter, field -> field);
        if (before != null) {
            waiting.add("position < ?", before);
            sealed.add("position < ?", before);
        }
        String sql = """
                (select position, entry, null::bigint as seq, null as previous, null as hash from audit_waiting
                 where client_id = current_client() %s order by position desc limit ?)
                union all
                (select position, entry, seq, previous, hash from audit_entry
                 where client_id = current_client() %s order by position desc limit ?)
                order by position desc limit ?""".formatted(waiting.sql(), sealed.sql());
        List<Object> parameters = new ArrayList<>(waiting.parameters());
        parameters.add(limit);
        parameters.addAll(sealed.parameters());
        parameters.add(limit);
        parameters.add(limit);
        return transactions.read(
                clientId,
                () -> jdbc.query(
                        sql,
                        (row, n) -> {
                            String entry = row.getString(2);
                            String hash = row.getString(5);
                            return new AuditRow(
                                    row.getLong(1),
                                    entry,
                                    hash == null
                                            ? null
                                            : new SealedEntry(row.getLong(3), row.getString(4), entry, hash));
                        },
                        parameters.toArray()));
    }

    /**
     * Hands sealed entries to {@code reader}, in the order of the chain and without a gap: from the first to the last of
     * that time, as far as there are any when it begins.
     *
     * @param from the earliest time; null for the chain's beginning
     * @param to the first time that is too late; null for its end
     */
    public void export(String clientId, @Nullable Instant from, @Nullable Instant to, Consumer<SealedEntry> reader) {
        long next = place(clientId, "min(seq)", "at >= ?", from, Long.MAX_VALUE);
        long end = place(clientId, "max(seq)", "at < ?", to, 0);
        while (next <= end) {
            List<SealedEntry> entries = chain(clientId, next, end);
            entries.forEach(reader);
            next = entries.isEmpty() ? end + 1 : entries.getLast().seq() + 1;
        }
    }

    /** Where a piece of the chain begins or ends; {@code otherwise} if nothing is of that time. */
    private long place(String clientId, String what, String condition, @Nullable Instant time, long otherwise) {
        String where = time == null ? "" : " and " + condition;
        Object[] parameters = time == null ? new Object[0] : new Object[] {Audit.timeOf(time)};
        Long seq = transactions.read(
                clientId,
                () -> jdbc.queryForObject(
                        "select " + what + " from audit_entry where client_id = current_client()" + where,
                        Long.class,
                        parameters));
        return seq == null ? otherwise : seq;
    }

    private List<SealedEntry> chain(String clientId, long from, long end) {
        return transactions.read(
                clientId,
                () -> jdbc.query(
                        "select seq, previous, entry, hash from audit_entry where client_id = current_client()"
                                + " and seq between ? and ? order by seq limit " + AT_ONCE,
                        (row, n) ->
                                new SealedEntry(row.getLong(1), row.getString(2), row.getString(3), row.getString(4)),
                        from,
                        end));
    }

    /** Conditions and their values. */
    private record Selection(StringBuilder text, List<Object> parameters) {

        /** @param column the expression that holds a field of the entry */
        static Selection of(AuditFilter filter, UnaryOperator<String> column) {
            Selection selection = new Selection(new StringBuilder(), new ArrayList<>());
            selection.equal(column.apply("actor"), filter.actor());
            String action = filter.action();
            if (action != null && action.endsWith(".")) {
                selection.add("starts_with(" + column.apply("action") + ", ?)", action);
            } else {
                selection.equal(column.apply("action"), action);
            }
            selection.equal(column.apply("subject_id"), filter.subject());
            UUID ticket = filter.ticketId();
            selection.equal(column.apply("ticket_id"), ticket == null ? null : ticket.toString());
            if (filter.from() != null) {
                selection.add("(" + column.apply("at") + ") collate \"C\" >= ?", Audit.timeOf(filter.from()));
            }
            if (filter.to() != null) {
                selection.add("(" + column.apply("at") + ") collate \"C\" < ?", Audit.timeOf(filter.to()));
            }
            return selection;
        }

        private void equal(String column, @Nullable Object value) {
            if (value != null) {
                add(column + " = ?", value);
            }
        }

        void add(String condition, Object value) {
            text.append(" and (").append(condition).append(')');
            parameters.add(value);
        }

        String sql() {
            return text.toString();
        }
    }
}

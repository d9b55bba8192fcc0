package io.opsrelay.security.tenant;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Rows that one statement writes, collected within a transaction and written as a batch before it commits: many of them
 * cost one trip to the database. Who reads what was added asks for {@link #flush} first. Outside a transaction each row
 * is written at once.
 */
public final class DeferredRows<R> {

    private final JdbcTemplate jdbc;
    private final String sql;
    private final Function<R, Object[]> parameters;
    private final PerTransaction<Waiting<R>> waiting = new PerTransaction<>(Waiting::new, this::close);

    /**
     * @param sql that writes a row
     * @param parameters of the statement, in their order
     */
    public DeferredRows(JdbcTemplate jdbc, String sql, Function<R, Object[]> parameters) {
        this.jdbc = jdbc;
        this.sql = sql;
        this.parameters = parameters;
    }

    /** Adds a row; rows are written in the order in which they were added. */
    public void add(R row) {
        Waiting<R> rows = PerTransaction.possible() ? waiting.get() : null;
        if (rows != null && !rows.closed) {
            rows.rows.add(row);
        } else {
            jdbc.update(sql, parameters.apply(row));
        }
    }

    /** Writes what was added in the running transaction, if anything was. */
    public void flush() {
        if (PerTransaction.possible()) {
            write(waiting.get().rows);
        }
    }

    /** What comes while the commit is under way is written at once. */
    private void close(Waiting<R> all) {
        write(all.rows);
        all.closed = true;
    }

    private void write(List<R> rows) {
        if (rows.size() == 1) {
            jdbc.update(sql, parameters.apply(rows.getFirst()));
        } else if (!rows.isEmpty()) {
            jdbc.batchUpdate(sql, rows.stream().map(parameters).toList());
        }
        rows.clear();
    }

    private static final class Waiting<R> {
        private final List<R> rows = new ArrayList<>();
        private boolean closed;
    }
}

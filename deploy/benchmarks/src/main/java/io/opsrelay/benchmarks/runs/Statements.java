package io.opsrelay.benchmarks.runs;

import java.io.PrintStream;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;

/** PostgreSQL's own books of what its statements cost. */
record Statements(String url, String user, String password) {

    /** Takes effect when PostgreSQL is started the next time. */
    void enable() throws SQLException {
        execute("alter system set shared_preload_libraries = 'pg_stat_statements'");
        execute("alter system set pg_stat_statements.track = 'all'");
    }

    /** Begins to count. */
    void begin() throws SQLException {
        execute("create extension if not exists pg_stat_statements");
        execute("select pg_stat_statements_reset()");
    }

    /** The dearest ones since then, by the time they took together. */
    void tell(int tickets, PrintStream out) throws SQLException {
        out.printf(Locale.ROOT, "%9s %9s %9s  %s%n", "ms/ticket", "calls/t.", "ms/call", "statement");
        try (Connection connection = DriverManager.getConnection(url, user, password);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        select calls, total_exec_time + total_plan_time as millis,
                               left(regexp_replace(query, '\\s+', ' ', 'g'), 110) as query
                        from pg_stat_statements where toplevel order by 2 desc limit 25""")) {
            while (row.next()) {
                out.printf(
                        Locale.ROOT,
                        "%9.3f %9.2f %9.3f  %s%n",
                        row.getDouble("millis") / tickets,
                        row.getDouble("calls") / tickets,
                        row.getDouble("millis") / row.getDouble("calls"),
                        row.getString("query"));
            }
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, user, password);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Without the password. */
    @Override
    public String toString() {
        return url;
    }
}

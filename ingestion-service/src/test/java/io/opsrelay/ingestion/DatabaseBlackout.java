package io.opsrelay.ingestion;

import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.opsrelay.testing.TestDatabase;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The service's database is away until this is closed. */
public final class DatabaseBlackout implements AutoCloseable {

    private final JdbcClient admin;
    private final TestDatabase database;
    private final DataSource pool;

    /** @param pool the service's, which is rid of its broken connections at the end */
    public DatabaseBlackout(TestDatabase database, DataSource pool) {
        this.admin = JdbcClient.create(database.admin());
        this.database = database;
        this.pool = pool;
        // Superusers pass a limit.
        limit(0);
        boolean away = false;
        try {
            // One that was being opened has not been there to be ended the first time.
            await().until(() -> admin.sql("select pg_terminate_backend(pid) from pg_stat_activity"
                            + " where datname = current_database() and usename like 'ingestion_%'")
                    .query()
                    .listOfRows()
                    .isEmpty());
            away = true;
        } finally {
            if (!away) {
                limit(-1);
            }
        }
    }

    @Override
    public void close() {
        limit(-1);
        try {
            // One that was used a moment ago is not looked at before it is used again: in whichever test that is.
            pool.unwrap(HikariDataSource.class).getHikariPoolMXBean().softEvictConnections();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void limit(int connections) {
        admin.sql("alter database " + database.name() + " connection limit " + connections)
                .update();
    }
}

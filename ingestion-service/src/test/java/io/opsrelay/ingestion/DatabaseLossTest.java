package io.opsrelay.ingestion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsrelay.security.Role;
import io.opsrelay.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

@IngestionServiceTest
class DatabaseLossTest {

    private static final String TICKET =
            "{\"subject\":\"s\",\"body\":\"b\",\"customer_email\":\"a@b.co\",\"external_id\":\"%s\"}";
    private static final String AWAY = """
            {"title":"Service Unavailable","status":503,
             "detail":"the database cannot answer now; nothing was changed, try again"}""";

    @Autowired
    Api api;

    @Autowired
    TestDatabase database;

    @Autowired
    DataSource pool;

    @Test
    void withoutItsDatabaseItSaysSoAndAcceptsNothing() {
        JdbcClient admin = JdbcClient.create(database.admin());
        try {
            // Superusers pass a limit, so this connection goes on.
            admin.sql("alter database " + database.name() + " connection limit 0")
                    .update();
            admin.sql("select pg_terminate_backend(pid) from pg_stat_activity"
                            + " where datname = current_database() and usename like 'ingestion_%'")
                    .query()
                    .listOfRows();

            Api.Answer answer = api.as("acme", Role.INGEST).post("/api/v1/tickets", TICKET.formatted("lost-1"));

            answer.isProblem(503, AWAY);
            assertThat(answer.headers()).containsEntry("Retry-After", "1");
        } finally {
            admin.sql("alter database " + database.name() + " connection limit -1")
                    .update();
        }

        assertThat(admin.sql(
                                "select count(*) from ingestion.ticket where client_id = 'acme' and external_id = 'lost-1'")
                        .query(Long.class)
                        .single())
                .isZero();
        await().until(
                        () -> api.as("acme", Role.INGEST)
                                .post("/api/v1/tickets", TICKET.formatted("lost-1"))
                                .status(),
                        status -> status == 202);
    }

    @Test
    void withoutAFreeConnectionItSaysSoSoon() throws SQLException {
        List<Connection> taken = new ArrayList<>();
        try {
            for (int i = 0; i < 16; i++) {
                taken.add(pool.getConnection());
            }

            api.as("acme", Role.INGEST)
                    .post("/api/v1/tickets", TICKET.formatted("full-1"))
                    .isProblem(503, AWAY);
        } finally {
            for (Connection connection : taken) {
                connection.close();
            }
        }

        api.as("acme", Role.INGEST)
                .post("/api/v1/tickets", TICKET.formatted("full-1"))
                .has(202);
    }
}

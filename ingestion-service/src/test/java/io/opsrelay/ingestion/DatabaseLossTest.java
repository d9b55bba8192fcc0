package io.opsrelay.ingestion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsrelay.security.Role;
import io.opsrelay.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
        try (DatabaseBlackout _ = new DatabaseBlackout(database, pool)) {
            Api.Answer answer = api.as("acme", Role.INGEST).post("/api/v1/tickets", TICKET.formatted("lost-1"));

            answer.isProblem(503, AWAY);
            assertThat(answer.headers()).containsEntry("Retry-After", "1");
        }

        assertThat(JdbcClient.create(database.admin())
                        .sql(
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
                // Those who work in the background give theirs back soon, but perhaps not within the pool's own time.
                taken.add(await().ignoreExceptions().until(pool::getConnection, Objects::nonNull));
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

    @Test
    void whatAnotherHoldsForTooLongIsSaidToBeTriedAgainAndChangesNothing() throws SQLException {
        String ticket = api.as("acme", Role.INGEST)
                .post("/api/v1/tickets", TICKET.formatted("held-1"))
                .has(202)
                .json()
                .get("ticket_id")
                .asString();
        Api.As admin = api.as("acme", Role.ADMIN);
        String customer = admin.get("/api/v1/tickets/" + ticket)
                .json()
                .get("customer")
                .get("customer_id")
                .asString();
        String path = "/api/v1/customers/" + customer;
        try (Connection other = database.admin().getConnection();
                Statement lock = other.createStatement()) {
            other.setAutoCommit(false);
            lock.execute("select * from ingestion.customer where customer_id = '" + customer + "' for update");

            Api.Answer answer = admin.patch(path, "{\"name\":\"Held\"}");

            answer.isProblem(503, """
                    {"title":"Service Unavailable","status":503,"detail":
                     "somebody else is changing the same for longer than usual; nothing was changed, try again"}""");
            assertThat(answer.headers()).containsEntry("Retry-After", "1");
            other.rollback();
        }

        admin.patch(path, "{\"name\":\"Held\"}").has(200);
    }
}

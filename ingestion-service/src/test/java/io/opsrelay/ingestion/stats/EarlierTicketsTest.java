package io.opsrelay.ingestion.stats;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.testing.TestDatabase;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

class EarlierTicketsTest {

    private static final String TICKET = "00000000-0000-0000-0000-000000000001";

    @Test
    void ticketsFromBeforeTheNumbersAreCountedByWhatTheirTimelineAllows() throws Exception {
        TestDatabase database = TestDatabase.create("ingestion");
        migrate(database, "7?");
        try (Connection connection = database.owner().getConnection()) {
            JdbcTemplate jdbc = new JdbcTemplate(new SingleConnectionDataSource(connection, true));
            jdbc.execute("set search_path = ingestion");
            jdbc.queryForList("select set_config('app.client_id', 'acme', false)");
            storeResolvedTicket(jdbc);

            migrate(database, "8");

            assertThat(jdbc.queryForList(
                            "select seq || ' ' || status || ' ' || by_person || ' ' || replied from ticket_step order by seq",
                            String.class))
                    .containsExactly(
                            "1 received true false",
                            "2 analyzing false false",
                            "4 awaiting_approval false false",
                            "5 acting true false",
                            "6 resolved false true");
            assertThat(jdbc.queryForList("select seq from step_waiting order by position", Long.class))
                    .containsExactly(1L, 2L, 4L, 5L, 6L);
            assertThat(jdbc.queryForList("select outcome from ticket_step where seq = 6", String.class))
                    .containsExactly("resolved");
            assertThat(jdbc.queryForList("""
                            select relname from pg_class where relnamespace = 'ingestion'::regnamespace
                                and relrowsecurity and not relforcerowsecurity
                                and relname in ('ticket', 'message', 'timeline_entry', 'ticket_step')
                            """, String.class))
                    .as("tables that the migration left open to their owner")
                    .isEmpty();
        }
    }

    private static void storeResolvedTicket(JdbcTemplate jdbc) {
        jdbc.update("insert into customer (client_id, customer_id, email, created_at)" + " values ('acme', '" + TICKET
                + "', 'mary.major@example.org', now())");
        jdbc.update("""
                insert into ticket (client_id, ticket_id, version, status, channel, source, customer_id,
                    sender_verified, subject, body, metadata, priority_given, created_at, updated_at)
                values ('acme', ?::uuid, 6, 'resolved', 'email', 'email', ?::uuid, true, 's', 'b', '{}', false, now(), now())
                """, TICKET, TICKET);
        jdbc.update("""
                insert into message (client_id, ticket_id, seq, message_id, direction, text, state, created_at)
                values ('acme', ?::uuid, 6, ?::uuid, 'outbound', 'Hello', 'sent', now())
                """, TICKET, TICKET);
        List<Map.Entry<String, String>> told = List.of(
                Map.entry("ticket_received", "user:agent@acme.example"),
                Map.entry("ticket_analyzing", "service:agent-service"),
                Map.entry("reply_drafted", "service:agent-service"),
                Map.entry("approval_requested", "service:approval-service"),
                Map.entry("approval_granted", "user:boss@acme.example"),
                Map.entry("ticket_resolved", "service:agent-service"));
        for (int i = 0; i < told.size(); i++) {
            jdbc.update(
                    """
                    insert into timeline_entry (client_id, ticket_id, seq, event, at, actor, summary, data)
                    values ('acme', ?::uuid, ?, ?, now(), ?, 'what happened', ?::jsonb)
                    """,
                    TICKET,
                    i + 1,
                    told.get(i).getKey(),
                    told.get(i).getValue(),
                    i == 5 ? "{\"run_id\":\"r\",\"outcome\":\"resolved\"}" : "{}");
        }
    }

    private static void migrate(TestDatabase database, String target) {
        Flyway.configure()
                .dataSource(database.owner())
                .defaultSchema("ingestion")
                .locations("classpath:db/platform", "classpath:db/migration")
                .outOfOrder(true)
                .placeholders(Map.of("schema", "ingestion", "app", "ingestion_app", "relay", "ingestion_relay"))
                .target(target)
                .load()
                .migrate();
    }
}

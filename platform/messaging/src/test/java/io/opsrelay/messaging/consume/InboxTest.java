package io.opsrelay.messaging.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opsrelay.messaging.Envelope;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.testing.TestDatabase;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;

class InboxTest {

    private static final int KEEP_DAYS = 40;

    private static TestDatabase database;
    private static ClientTransactions transactions;
    private static JdbcTemplate admin;
    private static Inbox inbox;

    private final LocalDate today = LocalDate.now(ZoneOffset.UTC);

    @BeforeAll
    static void migrate() {
        database = TestDatabase.create("messaging");
        Flyway.configure()
                .dataSource(database.owner())
                .defaultSchema("messaging")
                .locations("classpath:db/platform")
                .placeholders(Map.of("schema", "messaging", "app", "messaging_app", "relay", "messaging_relay"))
                .load()
                .migrate();
        JdbcTemplate app = new JdbcTemplate(database.app());
        transactions = new ClientTransactions(new JdbcTransactionManager(database.app()), app);
        admin = new JdbcTemplate(database.admin());
        inbox = new Inbox(app);
    }

    @Test
    void theComingDaysHavePartitionsAndMaintenanceMayBeRepeated() {
        inbox.maintain(KEEP_DAYS);
        inbox.maintain(KEEP_DAYS);

        assertThat(partitions())
                .contains(
                        partition(today.minusDays(1)),
                        partition(today),
                        partition(today.plusDays(1)),
                        partition(today.plusDays(2)));
    }

    @Test
    void partitionsWhoseEventsHaveLeftEveryTopicAreDroppedAndNoOthers() {
        // given
        makePartition(today.minusDays(KEEP_DAYS + 1));
        makePartition(today.minusDays(KEEP_DAYS - 1));

        // when
        inbox.maintain(KEEP_DAYS);

        // then
        assertThat(partitions())
                .contains(partition(today.minusDays(KEEP_DAYS - 1)))
                .doesNotContain(partition(today.minusDays(KEEP_DAYS + 1)));
    }

    @Test
    void anEventOlderThanTheOldestPartitionIsAppliedOnceOverMaintenanceToo() {
        Envelope old = envelope(Instant.now().minus(500, ChronoUnit.DAYS));

        assertThat(firstTime("one", old)).isTrue();
        inbox.maintain(KEEP_DAYS);
        assertThat(firstTime("one", old)).isFalse();

        // and it is forgotten as late as the others, counted from its application
        admin.update("update messaging.inbox_other set applied_at = now() - interval '41 days'");
        inbox.maintain(KEEP_DAYS);
        assertThat(firstTime("one", old)).isTrue();
    }

    @Test
    void anEventOfTheFutureIsAppliedOnceAndItsDayIsNotInTheWayLater() {
        Envelope future = envelope(Instant.now().plus(10, ChronoUnit.DAYS));

        assertThat(firstTime("one", future)).isTrue();
        inbox.maintain(KEEP_DAYS);
        assertThat(firstTime("one", future)).isFalse();
    }

    @Test
    void eachConsumerAppliesAnEventOnce() {
        Envelope event = envelope(Instant.now());

        assertThat(firstTime("one", event)).isTrue();
        assertThat(firstTime("two", event)).isTrue();
        assertThat(firstTime("one", event)).isFalse();
        assertThat(firstTime("two", event)).isFalse();
    }

    @Test
    void theServicesOwnRoleCannotMakeAnEventForgotten() {
        JdbcTemplate app = new JdbcTemplate(database.app());
        for (String statement :
                List.of("delete from inbox", "update inbox set consumer = 'x'", "drop table inbox_other")) {
            assertThatThrownBy(() -> app.execute(statement))
                    .as(statement)
                    .hasStackTraceContaining(statement.startsWith("drop") ? "must be owner" : "permission denied");
        }
    }

    private static boolean firstTime(String consumer, Envelope envelope) {
        return transactions.call(
                "acme", () -> inbox.firstTime(consumer, List.of(envelope)).contains(envelope.id()));
    }

    private static Envelope envelope(Instant time) {
        return new Envelope(UUID.randomUUID(), "io.opsrelay.test.v1", "test", time, "acme", "key", null);
    }

    private static void makePartition(LocalDate day) {
        admin.execute("create table messaging.%s partition of messaging.inbox for values from ('%s') to ('%s')"
                .formatted(partition(day), day, day.plusDays(1)));
        admin.execute("alter table messaging.%s owner to messaging_owner".formatted(partition(day)));
    }

    private static String partition(LocalDate day) {
        return "inbox_" + day.format(DateTimeFormatter.BASIC_ISO_DATE);
    }

    private static List<String> partitions() {
        return admin.queryForList(
                "select relname from pg_inherits join pg_class on oid = inhrelid where inhparent = 'messaging.inbox'::regclass",
                String.class);
    }
}

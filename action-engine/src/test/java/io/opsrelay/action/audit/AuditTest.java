package io.opsrelay.action.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.opsrelay.action.ActionEngineTest;
import io.opsrelay.action.Api;
import io.opsrelay.action.TestEvents;
import io.opsrelay.contracts.ActionEvent.ActionFailed;
import io.opsrelay.contracts.ActionEvent.ActionProposed;
import io.opsrelay.contracts.TicketEvent.Customer;
import io.opsrelay.contracts.audit.ChainCheck;
import io.opsrelay.contracts.audit.ExportLine;
import io.opsrelay.contracts.audit.SealedEntry;
import io.opsrelay.security.Role;
import io.opsrelay.security.audit.Audit;
import io.opsrelay.security.audit.AuditEntry;
import io.opsrelay.security.audit.AuditLog;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.testing.TestDatabase;
import io.opsrelay.testing.TestKafka;
import io.opsrelay.testing.TestTokens;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The audit log on a real database: with its change or not at all, one chain for each client, nobody changes it. */
@ActionEngineTest
class AuditTest {

    private static final Duration SOON = Duration.ofSeconds(60);

    @Autowired
    private Audit audit;

    @Autowired
    private AuditLog log;

    @Autowired
    private ClientTransactions transactions;

    @Autowired
    private TestDatabase database;

    @Autowired
    private TestKafka kafka;

    @LocalServerPort
    private int port;

    private String client;
    private String other;
    private Api admin;

    @BeforeEach
    void clientsOfItsOwn() {
        client = "audit-" + UUID.randomUUID().toString().substring(0, 8);
        other = client + "-other";
        admin = Api.of(port, client, Role.ADMIN);
    }

    @Test
    void anEntryIsThereAtOnceAndSealedMomentsLater() {
        // when
        record(client, "action.succeeded", "42");

        // then
        assertThat(admin.get("/api/v1/actions/audit").items())
                .singleElement()
                .satisfies(item -> assertThat(item).containsKey("sealed").containsKey("entry"));
        awaitSealed(client, 1);
        assertThat(admin.get("/api/v1/actions/audit").items()).singleElement().satisfies(item -> {
            assertThat(item).containsEntry("sealed", true).containsEntry("seq", 1);
            assertThat((Map<?, ?>) item.get("entry"))
                    .isEqualTo(Map.of(
                            "client_id", client,
                            "service", "action",
                            "at", ((Map<?, ?>) item.get("entry")).get("at"),
                            "actor", "user:mary",
                            "action", "action.succeeded",
                            "subject_type", "action",
                            "subject_id", "42",
                            "reason", "because",
                            "before", Map.of("status", "executing"),
                            "after", Map.of("status", "succeeded")));
        });
        assertThat(check(client).problem()).isNull();
    }

    @Test
    void anEntryOfAChangeThatWasRolledBackIsNotThere() {
        assertThatThrownBy(() -> transactions.run(client, () -> {
                    audit.record(client, entry("action.succeeded", "1"));
                    throw new IllegalStateException("the change failed");
                }))
                .hasMessage("the change failed");
        record(client, "action.failed", "2");

        awaitSealed(client, 1);
        assertThat(entries(client).getFirst().entry()).contains("action.failed");
    }

    @Test
    void anEntryOutsideOfAChangeIsRefused() {
        assertThatThrownBy(() -> audit.record(client, entry("action.succeeded", "1")))
                .hasMessageContaining("record it in that transaction");
    }

    @Test
    void anEntryOfAnotherClientThanTheTransactionsIsRefused() {
        assertThatThrownBy(() -> transactions.run(client, () -> audit.record(other, entry("action.succeeded", "1"))))
                .hasStackTraceContaining("row-level security");
    }

    @Test
    void manyWritersOfTwoClientsGiveTwoChainsWithoutAGap() {
        // when
        try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int writer = 0; writer < 8; writer++) {
                String mine = writer % 2 == 0 ? client : other;
                writers.submit(() -> {
                    for (int i = 0; i < 50; i++) {
                        record(mine, "action.started", Integer.toString(i));
                    }
                });
            }
        }

        // then
        for (String each : List.of(client, other)) {
            awaitSealed(each, 200);
            ChainCheck check = check(each);
            assertThat(check.problem()).isNull();
            assertThat(check.seq()).isEqualTo(200);
            assertThat(entries(each))
                    .allSatisfy(entry -> assertThat(entry.entry()).contains("\"client_id\":\"" + each + "\""));
        }
    }

    @Test
    void aSealerThatDiesBeforeItsCommitLeavesEverythingToTheNextOne() throws SQLException {
        // given a sealer that holds the lock and what it sealed, uncommitted
        try (Connection dying = database.app().getConnection();
                Statement statement = dying.createStatement()) {
            dying.setAutoCommit(false);
            statement.execute("select pg_advisory_xact_lock(hashtext('action.seal_audit'))");
            for (int i = 0; i < 5; i++) {
                record(client, "action.started", Integer.toString(i));
            }
            statement.execute("select * from seal_audit(1000)");
            try (var rows = statement.executeQuery("select pg_backend_pid()")) {
                rows.next();

                // when
                sql("select pg_terminate_backend(" + rows.getInt(1) + ")");
            }
        }

        // then
        awaitSealed(client, 5);
        assertThat(check(client).problem()).isNull();
        assertThat(check(client).seq()).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update audit_entry set entry = entry",
                "delete from audit_entry",
                "truncate audit_entry",
                "insert into audit_entry (client_id, seq, position, entry, previous, hash, sealed_at)"
                        + " values ('%s', 2, -1, '{}', '', '', now())",
                "update audit_waiting set entry = entry",
                "delete from audit_waiting",
                "insert into audit_waiting (client_id, position, entry) overriding system value values ('%s', 1, '{}')",
                "update audit_head set seq = 0",
                "delete from audit_head",
                "insert into audit_head values ('%s', 1, '')",
                "select end_audit_chain('%s', 7, '')"
            })
    void theServicesRoleMayOnlyAddAndRead(String statement) {
        record(client, "action.succeeded", "1");
        awaitSealed(client, 1);

        assertThatThrownBy(() -> inTransactionOf(client, statement.formatted(client)))
                .hasMessageContaining("permission denied");
        assertThat(check(client).problem()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"update audit_entry set hash = ''", "delete from audit_entry", "truncate audit_entry"})
    void evenTheOwnerChangesNoEntryByMistake(String statement) throws SQLException {
        record(client, "action.succeeded", "1");
        awaitSealed(client, 1);

        try (Connection owner = database.owner().getConnection();
                Statement change = owner.createStatement()) {
            assertThatThrownBy(() -> change.execute(statement)).hasMessageContaining("append-only");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update action.audit_entry set entry = replace(entry, 'mary', 'eve') where client_id = '%s' and seq = 2",
                "update action.audit_entry set seq = seq + 10 where client_id = '%s' and seq >= 2",
                "delete from action.audit_entry where client_id = '%s' and seq = 2",
                "delete from action.audit_entry where client_id = '%s' and seq >= 2",
            })
    void whoGoesAroundAllOfThatIsFound(String tampering) {
        // given
        for (int i = 0; i < 4; i++) {
            record(client, "action.started", Integer.toString(i));
        }
        awaitSealed(client, 4);

        // when
        sql("alter table action.audit_entry disable trigger append_only");
        sql(tampering.formatted(client));
        sql("alter table action.audit_entry enable trigger append_only");

        // then
        assertThat(check(client).problem()).isNotNull().satisfies(problem -> assertThat(problem.seq())
                .isEqualTo(2));
    }

    @Test
    void theLogIsFilteredAndPaged() {
        // given
        UUID ticket = UUID.randomUUID();
        for (int i = 1; i <= 5; i++) {
            record(client, i % 2 == 0 ? "policy.changed" : "action.started", Integer.toString(i));
        }
        transactions.run(
                client,
                () -> audit.record(
                        client,
                        new AuditEntry(
                                "system:executor",
                                "action.succeeded",
                                "action",
                                "6",
                                ticket,
                                null,
                                Map.of(),
                                Map.of())));

        // when, then
        for (int round = 0; round < 2; round++) {
            assertThat(subjects("?limit=4")).containsExactly("6", "5", "4", "3");
            String next = (String) admin.get("/api/v1/actions/audit?limit=4").get("next_cursor");
            assertThat(subjects("?limit=4&cursor=" + next)).containsExactly("2", "1");
            assertThat(subjects("?action=policy.changed")).containsExactly("4", "2");
            assertThat(subjects("?action=action.")).containsExactly("6", "5", "3", "1");
            assertThat(subjects("?actor=system:executor")).containsExactly("6");
            assertThat(subjects("?subject=3")).containsExactly("3");
            assertThat(subjects("?ticket_id=" + ticket)).containsExactly("6");
            assertThat(subjects("?from=" + Instant.now().plusSeconds(60))).isEmpty();
            assertThat(subjects("?to=" + Instant.now().plusSeconds(60))).hasSize(6);
            awaitSealed(client, 6);
        }
        assertThat(admin.get("/api/v1/actions/audit?from=yesterday").status()).isEqualTo(400);
        assertThat(admin.get("/api/v1/actions/audit?ticket_id=7").status()).isEqualTo(400);
        assertThat(admin.get("/api/v1/actions/audit?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void onlyAdminsReadTheLogAndOnlyTheirClients() {
        record(client, "action.succeeded", "1");

        for (Role role : List.of(Role.VIEWER, Role.AGENT, Role.APPROVER, Role.SRE, Role.INGEST)) {
            assertThat(Api.of(port, client, role).get("/api/v1/actions/audit").status())
                    .isEqualTo(403);
            assertThat(Api.of(port, client, role)
                            .get("/api/v1/actions/audit/export")
                            .status())
                    .isEqualTo(403);
        }
        assertThat(Api.of(port, other, Role.ADMIN).get("/api/v1/actions/audit").items())
                .isEmpty();
        assertThat(subjects("")).containsExactly("1");
    }

    @Test
    void anOutsiderVerifiesAnExport() throws IOException, InterruptedException {
        // given more than one short read takes
        transactions.run(client, () -> {
            for (int i = 0; i < 1100; i++) {
                audit.record(client, entry("action.started", Integer.toString(i)));
            }
        });
        awaitSealed(client, 1100);

        // when
        List<String> lines = export("");

        // then
        ChainCheck check = new ChainCheck("action", client, Map.of());
        lines.forEach(line -> check.add(ExportLine.read(line)));
        assertThat(check.problem()).isNull();
        assertThat(check.seq()).isEqualTo(1100);
        assertThat(export("?from=" + Instant.now().plusSeconds(60))).isEmpty();
        assertThat(export("?to=" + Instant.now().minusSeconds(3600))).isEmpty();
    }

    @Test
    void whatIsTooLargeIsNamedByItsHash() {
        transactions.run(
                client,
                () -> audit.record(
                        client,
                        new AuditEntry(
                                "user:mary",
                                "policy.changed",
                                "policy",
                                "1",
                                null,
                                null,
                                Map.of(),
                                Map.of("rules", "x".repeat(40_000)))));

        awaitSealed(client, 1);
        assertThat(entries(client).getFirst().entry())
                .contains("\"left_out_bytes\":40012", "left_out_sha256")
                .hasSizeLessThan(1000);
    }

    @Test
    void everyChangeOfAnActionIsAudited() {
        // given, when
        TestEvents events = new TestEvents(kafka);
        UUID actionId = UUID.randomUUID();
        events.send(
                client,
                new ActionProposed(
                        actionId,
                        UUID.randomUUID(),
                        UUID.randomUUID(),
                        "refund",
                        Map.of("order_id", "no such order", "reason", "broken"),
                        "ai:luna",
                        new Customer(UUID.randomUUID(), "mary.major@example.org", true),
                        null));
        events.await(ActionFailed.class, e -> e.actionId().equals(actionId));

        // then
        List<Map<String, Object>> items =
                admin.get("/api/v1/actions/audit?subject=" + actionId).items();
        assertThat(items).hasSize(2);
        assertThat((Map<?, ?>) items.getLast().get("entry"))
                .isNotEmpty()
                .satisfies(entry -> assertThat(entry.get("actor")).isEqualTo("ai:luna"))
                .satisfies(entry -> assertThat(entry.get("action")).isEqualTo("action.requested"));
        assertThat((Map<?, ?>) items.getFirst().get("entry"))
                .satisfies(entry -> assertThat(entry.get("action")).isEqualTo("action.failed"))
                .satisfies(entry -> assertThat(((Map<?, ?>) entry.get("before")).get("status"))
                        .isEqualTo("requested"))
                .satisfies(entry -> assertThat((String) entry.get("reason")).isNotBlank());
    }

    private void record(String of, String action, String subject) {
        transactions.run(of, () -> audit.record(of, entry(action, subject)));
    }

    private static AuditEntry entry(String action, String subject) {
        return new AuditEntry(
                "user:mary",
                action,
                "action",
                subject,
                null,
                "because",
                Map.of("status", "executing"),
                Map.of("status", "succeeded"));
    }

    private void awaitSealed(String of, int count) {
        await().atMost(SOON).untilAsserted(() -> assertThat(entries(of)).hasSize(count));
    }

    private List<SealedEntry> entries(String of) {
        List<SealedEntry> entries = new ArrayList<>();
        log.export(of, null, null, entries::add);
        return entries;
    }

    private ChainCheck check(String of) {
        ChainCheck check = new ChainCheck("action", of, Map.of());
        entries(of).forEach(check::add);
        JdbcClient.create(database.admin())
                .sql("select seq, hash from action.audit_head where client_id = ?")
                .param(of)
                .query((row, n) -> {
                    check.endsWith(row.getLong(1), row.getString(2));
                    return true;
                })
                .list();
        return check;
    }

    private List<String> subjects(String query) {
        return admin.get("/api/v1/actions/audit" + query).items().stream()
                .map(item -> (String) ((Map<?, ?>) item.get("entry")).get("subject_id"))
                .toList();
    }

    private List<String> export(String query) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> response = http.send(
                    HttpRequest.newBuilder(
                                    URI.create("http://127.0.0.1:" + port + "/api/v1/actions/audit/export" + query))
                            .header("Authorization", TestTokens.bearer(client, "admin@example.org", Role.ADMIN))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("Content-Type"))
                    .hasValueSatisfying(type -> assertThat(type).startsWith("application/x-ndjson"));
            return response.body().lines().toList();
        }
    }

    private void inTransactionOf(String of, String statement) throws SQLException {
        try (Connection app = database.app().getConnection();
                Statement run = app.createStatement()) {
            app.setAutoCommit(false);
            run.execute("select set_config('app.client_id', '" + of + "', true)");
            run.execute(statement);
            app.commit();
        }
    }

    private void sql(String statement) {
        try (Connection superuser = database.admin().getConnection();
                Statement run = superuser.createStatement()) {
            run.execute(statement);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}

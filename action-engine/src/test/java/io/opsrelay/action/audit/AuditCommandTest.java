package io.opsrelay.action.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsrelay.action.ActionEngineTest;
import io.opsrelay.security.audit.Audit;
import io.opsrelay.security.audit.AuditEntry;
import io.opsrelay.security.audit.AuditLog;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.standalone.audit.AuditCommand;
import io.opsrelay.testing.TestDatabase;
import io.opsrelay.testing.TestServices;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;

/** {@code ./opsrelay audit} on the tables of a service. */
@ActionEngineTest
class AuditCommandTest {

    @Autowired
    private Audit audit;

    @Autowired
    private AuditLog log;

    @Autowired
    private ClientTransactions transactions;

    @Autowired
    private TestDatabase database;

    @TempDir
    private Path home;

    private final String client = "command-" + UUID.randomUUID().toString().substring(0, 8);

    @BeforeEach
    void fourEntries() {
        record(4);
        awaitSealed(4);
    }

    @Test
    void aSoundLogIsToldWithItsHead() {
        Result result = run("verify", "--client", client);

        assertThat(result.exit()).isZero();
        assertThat(result.text())
                .containsPattern("action +" + client + " +4 +4 +[0-9a-f]{12} +0 +ok")
                .contains("All chains are sound.");
    }

    @Test
    void aChangedEntryIsNamedAndTheExitCodeSaysSo() {
        tamper("update action.audit_entry set entry = replace(entry, 'mary', 'eve') where seq = 3 and client_id = ");

        Result result = run("verify", "--client", client);

        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.text()).contains("BROKEN: entry 3 was changed");
    }

    @Test
    void anEntryThatIsFiledUnderAnotherNameIsFound() {
        tamper("update action.audit_entry set actor = 'user:eve' where seq = 2 and client_id = ");

        assertThat(run("verify", "--client", client).text()).contains("BROKEN: entry 2 is filed under something else");
    }

    @Test
    void anEndThatWasCutOffWithItsHeadIsFoundAfterAVerificationThatSawIt() {
        // given
        assertThat(run("verify", "--client", client).exit()).isZero();

        // when
        tamper("delete from action.audit_entry where seq > 2 and client_id = ");
        tamper("update action.audit_head h set seq = e.seq, hash = e.hash from action.audit_entry e"
                + " where e.client_id = h.client_id and e.seq = 2 and h.client_id = ");

        // then
        assertThat(run("verify", "--client", client).text()).contains("BROKEN: entry 3 is missing", "was cut off");
    }

    @Test
    void anEndThatWasCutOffWithItsHeadIsFoundByTheServicesLog() throws IOException {
        // given the line that the sealer writes
        List<String> hashes = new ArrayList<>();
        log.export(client, null, null, entry -> hashes.add(entry.hash()));
        Files.createDirectories(home.resolve("logs"));
        Files.writeString(
                home.resolve("logs/action-engine.log"),
                "2026-11-26T10:00:00.000Z  INFO 7 --- [action-engine] [audit] i.o.security.audit.Sealer : audit-head service=action client=%s seq=4 hash=%s%n"
                        .formatted(client, hashes.getLast()));
        assertThat(run("verify", "--client", client).exit()).isZero();
        assertThat(home.resolve("audit/heads.txt"))
                .as("what the log tells need not be noted")
                .doesNotExist();

        // when
        tamper("delete from action.audit_entry where client_id = ");
        tamper("delete from action.audit_head where client_id = ");

        // then
        Result result = run("verify", "--client", client);
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.text()).contains("BROKEN: entry 1 is missing", "once reached entry 4");
    }

    @Test
    void anExportIsVerifiedWithoutTheDatabase() throws IOException {
        Path file = home.resolve("export.jsonl");
        Files.writeString(file, run("export", "--client", client).text());

        Result sound = verifyFile(file);
        Files.writeString(file, Files.readString(file).replaceFirst("user:mary", "user:eve"));
        Result changed = verifyFile(file);
        Files.writeString(file, "nonsense\n");
        Result nonsense = verifyFile(file);

        assertThat(sound.exit()).isZero();
        assertThat(sound.text()).containsPattern(client + " +4 +4 .* ok").contains("belong together");
        assertThat(changed.exit()).isEqualTo(1);
        assertThat(changed.text()).contains("BROKEN: entry 1 was changed");
        assertThat(nonsense.exit()).isEqualTo(1);
        assertThat(nonsense.text()).contains("line 1 of");
    }

    @Test
    void anExportOfATimeWithoutEntriesIsEmpty() {
        assertThat(run("export", "--client", client, "--to", "2020-01-01T00:00:00Z")
                        .text())
                .isEmpty();
        assertThat(run("export", "--client", client, "--from", "2020-01-01T00:00:00Z")
                        .text()
                        .lines())
                .hasSize(4);
    }

    @Test
    void wrongUsageIsExplainedAndChangesNothing() {
        assertThat(run().exit()).isEqualTo(2);
        assertThat(run("destroy").exit()).isEqualTo(2);
        assertThat(run("verify", "--from", "2020-01-01T00:00:00Z").text()).contains("--from belongs to export");
        assertThat(run("export", "--to", "yesterday").text()).contains("must be a time like");
        assertThat(run("export", "--client").text()).contains("lacks its value");
    }

    private Result verifyFile(Path file) {
        return command(
                () -> {
                    throw new IllegalStateException("the database is not asked");
                },
                "verify",
                "--file",
                file.toString());
    }

    private Result run(String... arguments) {
        TestServices services = TestServices.get();
        return command(
                () -> new AuditCommand.Place(
                        database.url(),
                        services.adminUser(),
                        services.adminPassword(),
                        List.of("ingestion", "action"),
                        home.resolve("logs"),
                        home.resolve("audit/heads.txt")),
                arguments);
    }

    private static Result command(Supplier<AuditCommand.Place> place, String... arguments) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        int exit = AuditCommand.run(List.of(arguments), place, out, out);
        return new Result(exit, bytes.toString(StandardCharsets.UTF_8));
    }

    private void record(int count) {
        transactions.run(client, () -> {
            for (int i = 0; i < count; i++) {
                audit.record(
                        client,
                        new AuditEntry(
                                "user:mary", "action.started", "action", "7", null, null, Map.of(), Map.of("n", i)));
            }
        });
    }

    private void awaitSealed(int count) {
        await().until(() -> {
            List<String> entries = new ArrayList<>();
            log.export(client, null, null, entry -> entries.add(entry.hash()));
            return entries.size() == count;
        });
    }

    private void tamper(String statement) {
        try (Connection superuser = database.admin().getConnection();
                Statement run = superuser.createStatement()) {
            run.execute("alter table action.audit_entry disable trigger append_only");
            run.execute(statement + "'" + client + "'");
            run.execute("alter table action.audit_entry enable trigger append_only");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private record Result(int exit, String text) {}
}

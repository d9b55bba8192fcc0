package io.opsrelay.testing;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RowSecurityKitTest {

    private final TestDatabase database = TestDatabase.create("kit");

    @BeforeEach
    void aProtectedTable() throws SQLException {
        execute(database.owner(), "create table tickets (id int, client_id text not null)");
        execute(database.owner(), "alter table tickets enable row level security");
        execute(database.owner(), "alter table tickets force row level security");
        execute(
                database.owner(),
                "create policy p on tickets using (client_id = current_setting('app.client_id', true))"
                        + " with check (client_id = current_setting('app.client_id', true))");
        execute(database.owner(), "create table jobs (id int)");
    }

    @Test
    void aProtectedSchemaPasses() {
        assertThatCode(() -> RowSecurityKit.of(database).verify()).doesNotThrowAnyException();
    }

    @Test
    void aTableWithoutProtectionIsNamed() throws SQLException {
        execute(database.owner(), "create table notes (client_id text not null)");
        assertThatThrownBy(() -> RowSecurityKit.of(database).verify())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("notes");
        assertThatCode(() -> RowSecurityKit.of(database)
                        .except("notes", "of this test")
                        .verify())
                .doesNotThrowAnyException();
    }

    @Test
    void protectionThatTheOwnerEscapesIsNone() throws SQLException {
        execute(database.owner(), "alter table tickets no force row level security");
        assertThatThrownBy(() -> RowSecurityKit.of(database).verify())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("tickets");
    }

    @Test
    void anExceptionThatIsNotNeededIsRefused() {
        assertThatThrownBy(() -> RowSecurityKit.of(database)
                        .except("tickets", "no longer true")
                        .verify())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("tickets");
    }

    @Test
    void anAppRoleThatOwnsSomethingIsRefused() throws SQLException {
        execute(database.admin(), "alter table kit.jobs owner to kit_app");
        assertThatThrownBy(() -> RowSecurityKit.of(database).verify())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("jobs");
    }

    private static void execute(DataSource source, String sql) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

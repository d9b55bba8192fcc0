package io.opsrelay.standalone.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opsrelay.standalone.process.ChildProcess;
import io.opsrelay.standalone.process.Ports;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DatabasesTest {

    private static final OpenFolder FOLDER = new OpenFolder();
    private static final Postgres POSTGRES = new Postgres(
            FOLDER.path.resolve("postgres"),
            FOLDER.path.resolve("cache"),
            FOLDER.path.resolve("postgres.log"),
            Ports.free(),
            "secret");
    private static final RolePasswords PASSWORDS = RolePasswords.random();
    private static ChildProcess server;

    @BeforeAll
    static void start() throws Exception {
        server = POSTGRES.start(Duration.ofMinutes(3));
    }

    @AfterAll
    static void stop() throws Exception {
        server.end(POSTGRES.ending());
        FOLDER.close();
    }

    @BeforeEach
    void prepare() throws Exception {
        prepare("shop", "orders");
    }

    @Test
    void preparingAgainKeepsTheRowsAndTakesTheNewPasswords() throws Exception {
        // given
        as(
                "orders_owner",
                PASSWORDS.owner(),
                "create table if not exists kept (id int)",
                "insert into kept values (1)");
        RolePasswords others = RolePasswords.random();

        // when
        Databases.prepare(POSTGRES.adminUrl(), Postgres.ADMIN, "secret", "shop", "orders", others);

        // then
        assertThat(ask("orders_app", others.app(), "select count(*) from kept")).isEqualTo("1");
        assertThatThrownBy(() -> ask("orders_app", PASSWORDS.app(), "select 1")).hasMessageContaining("password");
    }

    @Test
    void severalPreparationsAtOnceDoNotDisturbEachOther() throws Exception {
        // given
        List<Callable<Void>> work = IntStream.range(0, 6)
                .<Callable<Void>>mapToObj(i -> () -> {
                    prepare("many" + i % 3, "orders");
                    return null;
                })
                .toList();

        // when
        try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
            for (Future<Void> result : threads.invokeAll(work)) {
                // then
                result.get();
            }
        }
    }

    @Test
    void theAppRoleWorksOnRowsButNotOnTables() throws Exception {
        // given
        as("orders_owner", PASSWORDS.owner(), "create table goods (id int generated always as identity, name text)");

        // then
        as(
                "orders_app",
                PASSWORDS.app(),
                "insert into goods (name) values ('lamp')",
                "update goods set name = 'lantern'",
                "delete from goods");
        refused("orders_app", PASSWORDS.app(), "create table mine (id int)");
        refused("orders_app", PASSWORDS.app(), "alter table goods add column more text");
        refused("orders_app", PASSWORDS.app(), "truncate goods");
        refused("orders_app", PASSWORDS.app(), "create table public.mine (id int)");
        refused("orders_app", PASSWORDS.app(), "create temporary table mine (id int)");
        refused("orders_app", PASSWORDS.app(), "set role orders_owner");
        assertThat(ask(
                        "orders_app",
                        PASSWORDS.app(),
                        "select count(*) from pg_class where pg_get_userbyid(relowner) = 'orders_app'"))
                .isEqualTo("0");
    }

    @Test
    void theRelayRoleSeesOnlyWhatAMigrationGrantsItByName() throws Exception {
        // given
        as(
                "orders_owner",
                PASSWORDS.owner(),
                "create table secrets (id int)",
                "create table letters (id int)",
                "grant select, delete on letters to orders_relay");

        // then
        as("orders_relay", PASSWORDS.relay(), "select * from letters", "delete from letters");
        refused("orders_relay", PASSWORDS.relay(), "select * from secrets");
        refused("orders_relay", PASSWORDS.relay(), "insert into letters values (1)");
    }

    @Test
    void oneServiceCannotTouchAnothersSchema() throws Exception {
        // given
        prepare("shop", "stock");
        as("orders_owner", PASSWORDS.owner(), "create table private (id int)");

        // then
        refused("stock_app", PASSWORDS.app(), "select * from orders.private");
        refused("stock_owner", PASSWORDS.owner(), "create table orders.mine (id int)");
        refused("stock_owner", PASSWORDS.owner(), "drop table orders.private");
    }

    @Test
    void noRoleIsMoreThanItMustBeAndEachHasItsLimits() throws Exception {
        for (String role : List.of("orders_owner", "orders_app", "orders_relay")) {
            String password =
                    switch (role) {
                        case "orders_owner" -> PASSWORDS.owner();
                        case "orders_app" -> PASSWORDS.app();
                        default -> PASSWORDS.relay();
                    };
            assertThat(ask(
                            role,
                            password,
                            "select rolsuper or rolbypassrls or rolcreatedb or rolcreaterole or rolreplication"
                                    + " from pg_roles where rolname = current_user"))
                    .as(role)
                    .isEqualTo("f");
            for (String limit : List.of("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")) {
                assertThat(ask(role, password, "show " + limit))
                        .as(role + " " + limit)
                        .isNotEqualTo("0");
            }
            assertThat(ask(role, password, "show search_path")).isEqualTo("orders");
        }
    }

    @Test
    void aFunctionOfTheOwnerIsForItsAppAloneUnlessGranted() throws Exception {
        // given
        as("orders_owner", PASSWORDS.owner(), "create function answer() returns int language sql return 42");

        // then
        assertThat(ask("orders_app", PASSWORDS.app(), "select answer()")).isEqualTo("42");
        refused("orders_relay", PASSWORDS.relay(), "select answer()");
    }

    @Test
    void anAdminWithoutSuperuserRightsIsEnough() throws Exception {
        // given
        try (Connection connection = DriverManager.getConnection(POSTGRES.adminUrl(), Postgres.ADMIN, "secret");
                Statement statement = connection.createStatement()) {
            statement.execute("create role dba login createdb createrole password 'dba'");
        }

        // when
        Databases.prepare(POSTGRES.adminUrl(), "dba", "dba", "hosted", "billing", PASSWORDS);
        Databases.prepare(POSTGRES.adminUrl(), "dba", "dba", "hosted", "billing", PASSWORDS);

        // then
        String url = JdbcUrl.parse(POSTGRES.adminUrl()).withDatabase("hosted").toString();
        try (Connection owner = DriverManager.getConnection(url, "billing_owner", PASSWORDS.owner());
                Statement statement = owner.createStatement()) {
            statement.execute("create table bills (id int)");
        }
        try (Connection app = DriverManager.getConnection(url, "billing_app", PASSWORDS.app());
                Statement statement = app.createStatement()) {
            statement.execute("insert into bills values (1)");
        }
    }

    @Test
    void aNameThatIsNoPlainNameIsRefused() {
        assertThatThrownBy(() -> prepare("shop; drop table x", "orders")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> prepare("shop", "Orders")).isInstanceOf(IllegalArgumentException.class);
    }

    private static void prepare(String database, String service) throws SQLException {
        Databases.prepare(POSTGRES.adminUrl(), Postgres.ADMIN, "secret", database, service, PASSWORDS);
    }

    private static Connection connect(String role, String password) throws SQLException {
        return DriverManager.getConnection(
                JdbcUrl.parse(POSTGRES.adminUrl()).withDatabase("shop").toString(), role, password);
    }

    private static void as(String role, String password, String... statements) throws SQLException {
        try (Connection connection = connect(role, password);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static String ask(String role, String password, String query) throws SQLException {
        try (Connection connection = connect(role, password);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            assertThat(result.next()).isTrue();
            return result.getString(1);
        }
    }

    private static void refused(String role, String password, String sql) {
        assertThatThrownBy(() -> as(role, password, sql))
                .as(role + ": " + sql)
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
    }
}

package io.opsrelay.testing;

import io.opsrelay.standalone.embedded.RolePasswords;
import java.util.Properties;
import org.awaitility.Awaitility;

/**
 * A real Kafka, PostgreSQL and Redis, started once for a whole Maven build and shared by all modules' test JVMs. From
 * containers where Docker runs, else as processes.
 *
 * @param kafka for {@code bootstrap.servers}
 * @param adminUrl JDBC address of PostgreSQL's own database
 * @param adminUser a superuser
 * @param redis e.g. {@code redis://127.0.0.1:6379}
 * @param rolePassword roles belong to the server, so all test databases share their passwords
 */
public record TestServices(
        String kafka, String adminUrl, String adminUser, String adminPassword, String redis, String rolePassword) {

    /**
     * Those of this build; starts them if nobody has yet, which takes some seconds. Who uses them awaits things for {@link
     * TestKafka#PATIENCE} unless told otherwise.
     */
    public static TestServices get() {
        return Holder.INSTANCE;
    }

    /** The same for each service. */
    RolePasswords passwords() {
        return new RolePasswords("owner-" + rolePassword, "app-" + rolePassword, "relay-" + rolePassword);
    }

    Properties toProperties() {
        Properties properties = new Properties();
        properties.setProperty("kafka", kafka);
        properties.setProperty("adminUrl", adminUrl);
        properties.setProperty("adminUser", adminUser);
        properties.setProperty("adminPassword", adminPassword);
        properties.setProperty("redis", redis);
        properties.setProperty("rolePassword", rolePassword);
        return properties;
    }

    static TestServices from(Properties properties) {
        return new TestServices(
                properties.getProperty("kafka", ""),
                properties.getProperty("adminUrl", ""),
                properties.getProperty("adminUser", ""),
                properties.getProperty("adminPassword", ""),
                properties.getProperty("redis", ""),
                properties.getProperty("rolePassword", ""));
    }

    private static final class Holder {
        static final TestServices INSTANCE = new KeeperFolder().join();

        static {
            // Awaitility's own 10 s are soon over where a loaded machine halts, or a consumer group has lost a member.
            Awaitility.setDefaultTimeout(TestKafka.PATIENCE);
        }
    }
}

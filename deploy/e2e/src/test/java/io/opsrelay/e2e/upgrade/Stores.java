package io.opsrelay.e2e.upgrade;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/** The stores of one system, without its services: {@code ./opsrelay up --stores}. */
public record Stores(Path home, int postgresPort, String kafka) {

    /** The schemas, one for each service that has one. */
    public static final List<String> SCHEMAS = List.of("ingestion", "agent", "approval", "action");

    String url() {
        return "jdbc:postgresql://127.0.0.1:" + postgresPort + "/opsrelay";
    }

    /** As superuser, who sees every row. */
    Connection connect() throws SQLException {
        return DriverManager.getConnection(url(), "postgres", password("admin"));
    }

    Admin admin() {
        return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka));
    }

    /** The folder with the files of tickets. */
    Path files() {
        return home.resolve("attachments");
    }

    /** The folder with the keys of the installation. */
    Path keys() {
        return home.resolve("keys");
    }

    /** Copies what is below a folder, if it is there, but the key pairs ({@code .json}) with which OpsRelay signs. */
    static void copy(Path from, Path to) throws IOException {
        if (!Files.isDirectory(from)) {
            return;
        }
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().endsWith(".json"))
                    .toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /** @param name e.g. {@code agent.owner} */
    String password(String name) {
        Properties passwords = new Properties();
        try {
            passwords.load(new StringReader(Files.readString(home.resolve("secrets/database.properties"))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return passwords.getProperty(name);
    }
}

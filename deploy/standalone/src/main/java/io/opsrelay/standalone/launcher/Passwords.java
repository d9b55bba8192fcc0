package io.opsrelay.standalone.launcher;

import io.opsrelay.standalone.embedded.RolePasswords;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.stream.Collectors;

/** The passwords of this installation's own database and mail server: random, made when first asked for, kept in one closed file. */
final class Passwords {

    private final Path file;
    private final Properties known = new Properties();

    Passwords(Path folder) {
        this.file = folder.resolve("database.properties");
        if (Files.exists(file)) {
            try {
                known.load(new StringReader(Files.readString(file)));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + file, e);
            }
        }
    }

    /** Of the superuser of the own PostgreSQL. */
    String admin() {
        return password("admin");
    }

    /** Of the local mail server's mailboxes. */
    String mail() {
        return password("mail");
    }

    RolePasswords of(String schema) {
        return new RolePasswords(password(schema + ".owner"), password(schema + ".app"), password(schema + ".relay"));
    }

    private synchronized String password(String name) {
        String password = known.getProperty(name);
        if (password == null) {
            password = RolePasswords.randomPassword();
            known.setProperty(name, password);
            // Written before it is used: a database must never know a password that was lost.
            PrivateFile.write(
                    file,
                    known.stringPropertyNames().stream()
                            .sorted()
                            .map(key -> key + "=" + known.getProperty(key) + "\n")
                            .collect(Collectors.joining()));
        }
        return password;
    }
}

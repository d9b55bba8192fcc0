package io.opsrelay.standalone.audit;

import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the command line says.
 *
 * @param export whether the log is written out; otherwise it is verified
 * @param client whose; of all clients where absent
 * @param from earliest time of an export
 * @param to first time that is too late
 * @param file an export to verify instead of the database
 */
record AuditOptions(
        boolean export, Optional<String> client, Optional<Instant> from, Optional<Instant> to, Optional<Path> file) {

    static final String USAGE = """
            audit verify [--client C] | audit verify --file EXPORT [--client C]
                    | audit export [--client C] [--from 2026-11-01T00:00:00Z] [--to ...] > FILE""";

    /** @throws IllegalArgumentException that says what is wrong with them */
    static AuditOptions parse(List<String> options) {
        String command = options.isEmpty() ? "" : options.getFirst();
        AuditOptions parsed =
                switch (command) {
                    case "verify", "export" ->
                        new AuditOptions(
                                command.equals("export"),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty());
                    default -> throw new IllegalArgumentException("audit needs a command: verify or export");
                };
        for (int i = 1; i < options.size(); i++) {
            String option = options.get(i);
            int equals = option.indexOf('=');
            String name = equals < 0 ? option : option.substring(0, equals);
            if (equals < 0 && i + 1 == options.size()) {
                throw new IllegalArgumentException(option + " is no option, or lacks its value");
            }
            parsed = parsed.with(name, equals < 0 ? options.get(++i) : option.substring(equals + 1));
        }
        return parsed;
    }

    private AuditOptions with(String name, String value) {
        return switch (name) {
            case "--client" -> new AuditOptions(export, Optional.of(value), from, to, file);
            case "--from" -> new AuditOptions(onlyExport(name), client, Optional.of(time(name, value)), to, file);
            case "--to" -> new AuditOptions(onlyExport(name), client, from, Optional.of(time(name, value)), file);
            case "--file" -> {
                if (export) {
                    throw new IllegalArgumentException("--file belongs to verify; export writes to standard output");
                }
                yield new AuditOptions(false, client, from, to, Optional.of(Path.of(value)));
            }
            default -> throw new IllegalArgumentException("there is no option " + name);
        };
    }

    private boolean onlyExport(String name) {
        if (!export) {
            throw new IllegalArgumentException(name + " belongs to export; a chain is verified from its beginning");
        }
        return true;
    }

    private static Instant time(String name, String value) {
        try {
            return Instant.parse(value);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    name + " must be a time like 2026-11-01T00:00:00Z, not '" + value + "'", e);
        }
    }
}

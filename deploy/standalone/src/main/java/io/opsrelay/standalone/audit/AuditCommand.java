package io.opsrelay.standalone.audit;

import io.opsrelay.contracts.audit.ChainCheck;
import io.opsrelay.contracts.audit.ExportLine;
import io.opsrelay.contracts.audit.ExportLine.Owner;
import io.opsrelay.contracts.audit.SealedEntry;
import io.opsrelay.standalone.process.StartFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** The command {@code audit}. Exit codes: 0 all is sound, 1 something is not, 2 wrong usage. */
public final class AuditCommand {

    /** The command with its options, as people type it. */
    public static final String USAGE = AuditOptions.USAGE;

    private static final int WRONG_USAGE = 2;
    private static final String ROW = "%-10s %-24s %9s %9s  %-12s %8s  %s%n";

    private final AuditOptions options;
    private final Place place;
    private final PrintStream out;

    private AuditCommand(AuditOptions options, Place place, PrintStream out) {
        this.options = options;
        this.place = place;
        this.out = out;
    }

    /**
     * Where the logs are.
     *
     * @param url JDBC address of the database
     * @param user of the database, who may read past row security
     * @param schemas of the services that may keep a log
     * @param logs the folder of the services' logs, which are witnesses
     * @param notes the file of what earlier verifications found
     */
    public record Place(String url, String user, String password, List<String> schemas, Path logs, Path notes) {

        /** Passwords stay out of logs. */
        @Override
        public String toString() {
            return "Place[" + url + "]";
        }
    }

    /**
     * Runs it.
     *
     * @param place is asked for only if the database is needed
     * @param out gets the result or the export
     * @param err gets complaints
     * @return the exit code
     */
    public static int run(List<String> arguments, Supplier<Place> place, PrintStream out, PrintStream err) {
        AuditOptions options;
        try {
            options = AuditOptions.parse(arguments);
        } catch (IllegalArgumentException e) {
            err.println(e.getMessage());
            err.println("usage: ./opsrelay " + AuditOptions.USAGE);
            return WRONG_USAGE;
        }
        Optional<Path> file = options.file();
        try {
            if (file.isPresent()) {
                return verifyFile(file.get(), options.client(), out);
            }
            AuditCommand command = new AuditCommand(options, place.get(), out);
            return options.export() ? command.export() : command.verify();
        } catch (SQLException e) {
            throw new StartFailure(
                    "The audit log cannot be read; does PostgreSQL run? (./opsrelay up --stores) " + e.getMessage(), e);
        }
    }

    private int verify() throws SQLException {
        Witnesses witnesses = Witnesses.read(place.notes(), place.logs());
        boolean sound = true;
        int chains = 0;
        out.printf(ROW, "service", "client", "entries", "head", "hash", "unsealed", "result");
        try (AuditDatabase database = open()) {
            for (String service : services(database)) {
                Set<String> clients = new TreeSet<>(database.clients(service));
                // A chain that is gone as a whole is remembered by its witnesses alone.
                clients.addAll(witnesses.clientsOf(service));
                for (String client : wanted(clients)) {
                    sound &= verify(database, witnesses, service, client);
                    chains++;
                }
            }
        }
        out.println(
                chains == 0 ? "There are no audit entries." : sound ? "All chains are sound." : "BROKEN, see above.");
        return sound ? 0 : 1;
    }

    private boolean verify(AuditDatabase database, Witnesses witnesses, String service, String client)
            throws SQLException {
        ChainCheck check = new ChainCheck(service, client, witnesses.of(service, client));
        database.entries(service, client, Optional.empty(), Optional.empty(), check::add);
        if (!database.head(service, client, check::endsWith) && check.seq() > 0) {
            // Whoever cut off the end may have taken this with it.
            check.endsWith(0, SealedEntry.NOTHING_BEFORE);
        }
        check.end();
        if (check.problem() == null) {
            check.misfiled(database.misfiled(service, client));
        }
        tell(out, service, client, check, Long.toString(database.waiting(service, client)), "ok");
        if (check.problem() == null) {
            witnesses.note(service, client, check.seq(), check.hash());
        }
        return check.problem() == null;
    }

    private int export() throws SQLException {
        try (AuditDatabase database = open()) {
            for (String service : services(database)) {
                for (String client : wanted(new TreeSet<>(database.clients(service)))) {
                    database.entries(
                            service, client, options.from(), options.to(), entry -> out.println(ExportLine.of(entry)));
                }
            }
        }
        out.flush();
        return out.checkError() ? 1 : 0;
    }

    private List<String> wanted(Set<String> clients) {
        return clients.stream()
                .filter(client ->
                        options.client().isEmpty() || options.client().get().equals(client))
                .toList();
    }

    private List<String> services(AuditDatabase database) throws SQLException {
        List<String> services = new ArrayList<>();
        for (String schema : place.schemas()) {
            if (database.has(schema)) {
                services.add(schema);
            }
        }
        return services;
    }

    private AuditDatabase open() throws SQLException {
        return AuditDatabase.open(place.url(), place.user(), place.password());
    }

    private static int verifyFile(Path file, Optional<String> client, PrintStream out) {
        Map<Owner, ChainCheck> checks = new LinkedHashMap<>();
        boolean sound = true;
        int number = 0;
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                SealedEntry entry = ExportLine.read(line);
                Owner owner = ExportLine.ownerOf(entry);
                if (client.isEmpty() || client.get().equals(owner.clientId())) {
                    checks.computeIfAbsent(owner, key -> new ChainCheck(key.service(), key.clientId(), Map.of()))
                            .addToPiece(entry);
                }
            }
        } catch (IllegalArgumentException e) {
            out.println("line " + number + " of " + file + " is no audit entry: " + e.getMessage());
            sound = false;
        } catch (IOException e) {
            throw new StartFailure("cannot read " + file + ": " + e.getMessage(), e);
        }
        out.printf(ROW, "service", "client", "entries", "head", "hash", "unsealed", "result");
        for (Map.Entry<Owner, ChainCheck> each : checks.entrySet()) {
            Owner owner = each.getKey();
            ChainCheck check = each.getValue();
            long first = check.seq() - check.entries() + 1;
            tell(
                    out,
                    owner.service(),
                    owner.clientId(),
                    check,
                    "-",
                    first == 1 ? "ok" : "ok, begins with entry " + first);
            sound &= check.problem() == null;
        }
        out.println(
                sound
                        ? "The entries in the file belong together; compare the heads with those of the running system."
                        : "BROKEN, see above.");
        return sound ? 0 : 1;
    }

    private static void tell(
            PrintStream out, String service, String client, ChainCheck check, String waiting, String good) {
        ChainCheck.Problem problem = check.problem();
        out.printf(
                Locale.ROOT,
                ROW,
                service,
                client,
                check.entries(),
                check.seq(),
                check.hash().substring(0, 12),
                waiting,
                problem == null ? good : "BROKEN: " + problem);
    }
}

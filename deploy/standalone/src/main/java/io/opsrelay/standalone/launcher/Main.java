package io.opsrelay.standalone.launcher;

import io.opsrelay.standalone.audit.AuditCommand;
import io.opsrelay.standalone.demo.Demo;
import io.opsrelay.standalone.process.StartFailure;
import io.opsrelay.standalone.stats.StatsCommand;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The launcher's commands. Normally called by the script {@code opsrelay}, which sets the system property
 * {@code opsrelay.checkout}.
 */
public final class Main {

    private static final int WRONG_USAGE = 2;

    private static final Map<String, String> USAGES = Map.of(
            "up", "up [--fresh] [--detach] [--stores]",
            "down", "down",
            "status", "status",
            "logs", "logs [service] [-f]",
            "audit", AuditCommand.USAGE,
            "demo", Demo.USAGE,
            "stats", StatsCommand.USAGE);

    private Main() {}

    /** @param args a command and its options */
    public static void main(String[] args) {
        Console console = new Console(System.out);
        int exit;
        try {
            exit = run(List.copyOf(Arrays.asList(args)), console);
        } catch (StartFailure | UncheckedIOException e) {
            console.say("");
            console.say(String.valueOf(e.getMessage()).stripTrailing());
            exit = 1;
        }
        System.exit(exit);
    }

    static int run(List<String> args, Console console) {
        String command = args.isEmpty() ? "" : args.getFirst();
        List<String> options = args.isEmpty() ? List.of() : args.subList(1, args.size());
        String usage = USAGES.get(command);
        if (usage != null && (options.contains("--help") || options.contains("-h"))) {
            console.say("usage: ./opsrelay " + usage);
            return 0;
        }
        Path checkout = Path.of(System.getProperty("opsrelay.checkout", ""))
                .toAbsolutePath()
                .normalize();
        Settings settings = Settings.read(checkout, System.getenv());
        return switch (command) {
            case "up" -> {
                if (!Set.of("--fresh", "--detach", "--stores").containsAll(options)) {
                    yield wrongUsage(console, command);
                }
                Up up = new Up(settings, console, options.contains("--fresh"), options.contains("--stores"));
                yield options.contains("--detach") ? up.background() : up.foreground();
            }
            case "down" -> options.isEmpty() ? Down.run(settings, console) : wrongUsage(console, command);
            case "status" -> options.isEmpty() ? Status.run(settings, console) : wrongUsage(console, command);
            // For the script, which must not build under what runs.
            case "running" -> Status.supervised(settings.home()) ? 0 : 1;
            case "doctor" -> new Doctor(settings, console).run();
            case "logs" -> {
                List<String> names = options.stream()
                        .filter(option -> !option.startsWith("-"))
                        .toList();
                boolean follow = options.contains("-f");
                if (names.size() > 1 || options.size() - names.size() > (follow ? 1 : 0)) {
                    yield wrongUsage(console, command);
                }
                yield new Logs(settings.home(), console)
                        .run(Optional.of(names).filter(list -> !list.isEmpty()).map(List::getFirst), follow);
            }
            case "audit" ->
                AuditCommand.run(options, () -> Infrastructure.audit(settings), utf8(System.out), utf8(System.err));
            case "demo" -> Demo.run(options, settings.dashboard());
            case "stats" -> StatsCommand.run(options, settings.dashboard(), utf8(System.out), utf8(System.err));
            default -> {
                console.say("usage: ./opsrelay up | down | status | logs | demo | stats | audit | doctor,"
                        + " each with --help for its options");
                yield WRONG_USAGE;
            }
        };
    }

    private static PrintStream utf8(PrintStream stream) {
        return new PrintStream(stream, false, StandardCharsets.UTF_8);
    }

    private static int wrongUsage(Console console, String command) {
        console.say("usage: ./opsrelay " + USAGES.get(command));
        return WRONG_USAGE;
    }
}

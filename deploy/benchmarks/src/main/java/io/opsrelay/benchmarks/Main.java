package io.opsrelay.benchmarks;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Runs one benchmark by name. Exit codes: 0 sound, 1 something was lost or could not be measured, 2 wrong usage. */
public final class Main {

    private static final int WRONG_USAGE = 2;

    private final List<Bench> benches;
    private final PrintStream out;
    private final PrintStream err;

    Main(List<Bench> benches, PrintStream out, PrintStream err) {
        this.benches = benches;
        this.out = out;
        this.err = err;
    }

    /** @param arguments the benchmark's name and its options; none, or {@code --help}, lists what there is */
    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        List<Bench> benches = List.of(
                new LatencyBench(out, err),
                new OutboxBench(out, err),
                new IntakeBench(out),
                new ListsBench(out),
                new FaultsBench(out, err),
                new ActionsBench(out),
                new FanoutBench(out),
                new GatewaysBench(out),
                new ClassifierBench(out, err),
                new AgentBench(out, err),
                new RunsBench(out),
                new VectorsBench(out, err));
        System.exit(new Main(benches, out, err).run(List.of(arguments)));
    }

    int run(List<String> arguments) {
        if (arguments.isEmpty() || isHelp(arguments.getFirst())) {
            out.print(help());
            return 0;
        }
        String name = arguments.getFirst();
        Optional<Bench> bench = benches.stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst();
        if (bench.isEmpty()) {
            err.println("There is no benchmark '" + name + "'. There are: "
                    + benches.stream().map(Bench::name).collect(Collectors.joining(", ")) + ".");
            return WRONG_USAGE;
        }
        return run(bench.get(), arguments.subList(1, arguments.size()));
    }

    private int run(Bench bench, List<String> options) {
        if (options.stream().anyMatch(Main::isHelp)) {
            out.print(help(bench));
            return 0;
        }
        try {
            return bench.run(Options.parse(options));
        } catch (UsageException e) {
            err.println(bench.name() + ": " + e.getMessage());
            err.print(help(bench));
            return WRONG_USAGE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            err.println(bench.name() + ": interrupted");
            return 1;
        } catch (Exception e) {
            err.println(bench.name() + " could not measure: " + (e.getMessage() == null ? e : e.getMessage()));
            return 1;
        }
    }

    private String help() {
        return benches.stream()
                .map(Main::help)
                .collect(Collectors.joining("\n", "Usage: ./opsrelay bench <name> [options]\n\n", ""));
    }

    private static String help(Bench bench) {
        return "%s%n    %s%n%s"
                .formatted(bench.name(), bench.summary(), bench.usage().indent(4));
    }

    private static boolean isHelp(String argument) {
        return argument.equals("--help") || argument.equals("-h") || argument.equals("help");
    }
}

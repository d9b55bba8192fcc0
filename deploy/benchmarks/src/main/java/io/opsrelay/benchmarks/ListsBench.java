package io.opsrelay.benchmarks;

import io.opsrelay.benchmarks.lists.ListsWorkload;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;

/** Lists, searches and single tickets where there are very many. */
final class ListsBench implements Bench {

    private final PrintStream out;

    ListsBench(PrintStream out) {
        this.out = out;
    }

    @Override
    public String name() {
        return "lists";
    }

    @Override
    public String summary() {
        return "Lists, searches and single tickets among very many, with stores of their own.";
    }

    @Override
    public String usage() {
        return """
            --tickets 1000000    of 50 clients; one of these has three tenths of them
            --reads 100          of each kind
            --pages 200          turned one after the other\
            """;
    }

    @Override
    public int run(Options options) throws Exception {
        options.allow("tickets", "reads", "pages");
        new ListsWorkload(
                        Path.of(System.getProperty("opsrelay.checkout", ".")),
                        (int) options.positive("tickets", 1_000_000),
                        (int) options.positive("reads", 100),
                        (int) options.positive("pages", 200),
                        out)
                .run();
        Machine machine = Machine.describe(Clock.systemUTC());
        out.printf(
                "%n%d cores (%s), JDK %s, %s%n", machine.cores(), machine.processor(), machine.jdk(), machine.date());
        return 0;
    }
}

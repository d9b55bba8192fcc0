package io.opsrelay.standalone.stats;

import io.opsrelay.standalone.demo.Answer;
import io.opsrelay.standalone.demo.Gateway;
import io.opsrelay.standalone.process.StartFailure;
import java.io.PrintStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The command {@code stats rebuild}: asks for the count as each client's admin and stays until it is done. Exit codes: 0 all
 * is counted, 1 something is not, 2 wrong usage.
 */
public final class StatsCommand {

    /** The command with its options, as people type it. */
    public static final String USAGE = StatsOptions.USAGE;

    private static final int WRONG_USAGE = 2;
    private static final String REBUILD = "/api/v1/dashboard/rebuild";

    /** How long a count may stand still. Where the service is gone, its job goes on elsewhere, or when it is back. */
    private static final Duration STILL_LIMIT = Duration.ofMinutes(5);

    private final Gateway gateway;
    private final PrintStream out;
    private final Duration look;
    private final Duration stillLimit;

    StatsCommand(Gateway gateway, PrintStream out, Duration look, Duration stillLimit) {
        this.gateway = gateway;
        this.out = out;
        this.look = look;
        this.stillLimit = stillLimit;
    }

    /**
     * Runs it.
     *
     * @param usual the address where no option names another
     * @param out gets the progress
     * @param err gets complaints
     * @return the exit code
     * @throws StartFailure that says what was not done and why
     */
    public static int run(List<String> arguments, String usual, PrintStream out, PrintStream err) {
        StatsOptions options;
        try {
            options = StatsOptions.parse(arguments);
        } catch (IllegalArgumentException e) {
            err.println(e.getMessage());
            err.println("usage: ./opsrelay " + StatsOptions.USAGE);
            err.flush();
            return WRONG_USAGE;
        }
        URI url = options.url().orElseGet(() -> URI.create(usual.replaceAll("/+$", "")));
        try (Gateway gateway = new Gateway(url)) {
            StatsCommand command = new StatsCommand(gateway, out, Duration.ofMillis(500), STILL_LIMIT);
            for (String client : options.clients()) {
                command.rebuild(client);
            }
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    /** Counts one client's numbers; returns when they are there. */
    void rebuild(String client) throws InterruptedException {
        String admin = "admin@" + client + ".example";
        gateway.signIn(admin);
        Answer answer = gateway.post(admin, REBUILD, Map.of(), UUID.randomUUID().toString());
        if (!answer.succeeded()) {
            throw new StartFailure("The numbers of " + client + " are not counted anew: " + answer.reason());
        }
        String rebuild = answer.body().path("rebuild_id").asString();
        String told = "";
        long movedAt = System.nanoTime();
        while (true) {
            if (answer.succeeded()) {
                String state = answer.body().path("state").asString();
                String now = client + ": " + state + ", "
                        + answer.body().path("steps").asLong() + " steps counted";
                if (!now.equals(told)) {
                    say(now);
                    told = now;
                    movedAt = System.nanoTime();
                }
                // Another one that began meanwhile comes to the same.
                if (state.equals("done")
                        || !answer.body().path("rebuild_id").asString().equals(rebuild)) {
                    return;
                }
            } else if (!answer.isNotNow()) {
                throw new StartFailure("How far the numbers of " + client + " are cannot be read: " + answer.reason());
            }
            if (System.nanoTime() - movedAt > stillLimit.toNanos()) {
                throw new StartFailure(
                        "The numbers of " + client + " have not got on for " + stillLimit.toSeconds()
                                + " s, last seen: " + told
                                + (answer.succeeded() ? "" : " (" + answer.reason() + ")")
                                + ". The service's log says why: ./opsrelay logs ingestion-service. The count goes on by itself.");
            }
            Thread.sleep(look);
            answer = gateway.get(admin, REBUILD);
        }
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }
}

package io.opsrelay.standalone.demo;

import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/** How busy it is for a while. */
enum Tide {
    USUAL("as usual", 1.0, 20, 40),
    /** Many customers of one client write about the same service. */
    OUTAGE("an outage", 3.2, 12, 18),
    QUIET("quiet", 0.35, 20, 50),
    BUSY("busy", 2.2, 10, 20);

    /** What follows what, again and again. Over a whole round the rate is the one that was asked for. */
    static final List<Tide> COURSE = List.of(USUAL, OUTAGE, USUAL, QUIET, BUSY, QUIET);

    final String words;
    /** Of the rate. */
    final double factor;

    private final int shortest;
    private final int longest;

    Tide(String words, double factor, int shortestSeconds, int longestSeconds) {
        this.words = words;
        this.factor = factor;
        this.shortest = shortestSeconds;
        this.longest = longestSeconds;
    }

    Duration drawLength(RandomGenerator random) {
        return Duration.ofMillis(random.nextLong(shortest * 1000L, longest * 1000L + 1));
    }
}

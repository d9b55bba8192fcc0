package io.opsrelay.standalone.demo;

import java.time.Duration;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * All that happens, in order and without end. The same seed and rate give the same, to the letter: nothing here knows
 * the time or the system.
 */
final class Traffic implements Iterator<Happening> {

    /** What an SRE restarts: services whose pause no customer sees as a closed door. */
    static final List<String> TARGETS = List.of("agent-service", "approval-service", "action-engine");

    /** Customers who write again are counted within the rate. */
    private static final double FIRST_LETTERS = 0.88;
    /** Of the letters during an outage, those that are about it. */
    private static final double ABOUT_OUTAGE = 0.75;

    private static final double ONLY_SLOW = 0.2;
    private static final int AGAIN_EARLIEST = 8_000;
    private static final int AGAIN_LATEST = 40_000;
    private static final int RESTART_AFTER = 8_000;

    private record Later(long at, Supplier<Happening> happening) {}

    private final RandomGenerator random;
    private final double perMilli;
    private final Pen pen;
    private final List<Clientele> clients = List.of(Clientele.acme(), Clientele.globex());
    private final PriorityQueue<Later> later = new PriorityQueue<>(Comparator.comparingLong(Later::at));

    private int turns;
    private Tide tide = Tide.USUAL;
    private Clientele struck;
    private String struckService;
    private long turnAt;
    private long letterAt = Long.MAX_VALUE;

    /** @param rate letters a second, on average */
    Traffic(long seed, double rate) {
        if (!(rate > 0)) {
            throw new IllegalArgumentException("the rate must be greater than zero");
        }
        this.random = new Random(seed);
        this.perMilli = rate / 1000;
        this.pen = new Pen(random);
        this.struck = clients.getFirst();
        this.struckService = Pen.SERVICES.getFirst();
    }

    @Override
    public boolean hasNext() {
        return true;
    }

    @Override
    public Happening next() {
        Later first = later.peek();
        if (first != null && first.at() <= Math.min(turnAt, letterAt)) {
            later.remove();
            return first.happening().get();
        }
        return turnAt <= letterAt ? turn() : arrival();
    }

    private Happening turn() {
        long at = turnAt;
        tide = Tide.COURSE.get(turns++ % Tide.COURSE.size());
        turnAt += tide.drawLength(random).toMillis();
        letterAt = at + drawGap();
        String about = "";
        if (tide == Tide.OUTAGE) {
            struck = draw(clients);
            struckService = draw(Pen.SERVICES);
            about = struckService + " of " + struck.client();
            planRestart(at + RESTART_AFTER, struck.client(), struckService);
        }
        return new Happening.Turn(Duration.ofMillis(at), tide, about);
    }

    private void planRestart(long at, String client, String service) {
        String target = draw(TARGETS);
        Phrases words = Phrases.in(Language.EN);
        String reason = words.fill(words.draw("restart", random), Map.of("service", service, "target", target));
        later.add(new Later(at, () -> new Happening.Restart(Duration.ofMillis(at), client, target, reason)));
    }

    private Happening arrival() {
        long at = letterAt;
        letterAt = at + drawGap();
        Letter letter = tide == Tide.OUTAGE && random.nextDouble() < ABOUT_OUTAGE
                ? pen.write(struck, random.nextDouble() < ONLY_SLOW ? Kind.DEGRADED : Kind.OUTAGE, struckService)
                : pen.write(draw(clients), Kind.draw(random), null);
        if (letter.kind().drawAgain(random)) {
            long again = at + random.nextInt(AGAIN_EARLIEST, AGAIN_LATEST);
            later.add(new Later(again, () -> new Happening.Arrival(Duration.ofMillis(again), pen.writeAgain(letter))));
        }
        return new Happening.Arrival(Duration.ofMillis(at), letter);
    }

    /** People write independently of one another, so the gaps are exponential. */
    private long drawGap() {
        double gap = -Math.log(1 - random.nextDouble()) / (perMilli * tide.factor * FIRST_LETTERS);
        return Math.max(1, Math.round(gap));
    }

    private <T> T draw(List<T> alternatives) {
        return alternatives.get(random.nextInt(alternatives.size()));
    }
}

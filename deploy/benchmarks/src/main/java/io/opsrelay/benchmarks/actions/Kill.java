package io.opsrelay.benchmarks.actions;

import io.opsrelay.messaging.Failpoint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * The engine ends without a word when it passes a point for the n-th time.
 *
 * @param passage counted from the engine's start
 */
record Kill(Failpoint point, int passage) {

    /** How many make up a round. */
    static final int ROUND = Failpoint.values().length;

    /** Provider calls are fewer than commits: few passages, so that each life gets as far. */
    private static final int MOST_CALLS = 4;

    private static final int MOST_COMMITS = 25;

    /** Round after round each point once, in another order each time, at a passage by chance. */
    static List<Kill> ofSeed(long seed, int kills) {
        Random random = new Random(seed);
        List<Kill> plan = new ArrayList<>();
        while (plan.size() < kills) {
            List<Failpoint> round = new ArrayList<>(List.of(Failpoint.values()));
            Collections.shuffle(round, random);
            for (Failpoint point : round) {
                int most = isOfACall(point) ? MOST_CALLS : MOST_COMMITS;
                plan.add(new Kill(point, 1 + random.nextInt(most)));
            }
        }
        return List.copyOf(plan.subList(0, kills));
    }

    private static boolean isOfACall(Failpoint point) {
        return switch (point) {
            case BEFORE_INTENT, BEFORE_PROVIDER_CALL, AFTER_PROVIDER_CALL, AFTER_RECORD -> true;
            case BEFORE_COMMIT, AFTER_COMMIT, AFTER_SEND_BEFORE_MARK, BEFORE_OFFSET_COMMIT -> false;
        };
    }

    @Override
    public String toString() {
        return point.wireName() + "=" + passage;
    }
}

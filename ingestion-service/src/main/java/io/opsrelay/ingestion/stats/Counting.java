package io.opsrelay.ingestion.stats;

import io.opsrelay.security.tenant.ClientTransactions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/**
 * Adds waiting steps to the numbers, in one transaction each batch: the steps stop waiting if and only if the numbers
 * hold them. So whoever ends in between, or counts at the same time, does no harm.
 */
@Component
class Counting {

    private static final Duration BETWEEN_SWEEPS = Duration.ofHours(1);

    /** So many are told in one round at most, lest those that tell of changes wait for those that repeat themselves. */
    private static final int TOLD_AT_ONCE = 50;

    private final ClientTransactions transactions;
    private final StepStore steps;
    private final FigureStore figures;
    private final MetricsFeed feed;
    private final StatsProperties properties;
    private final Clock clock;
    private final Map<String, Instant> sweptAt = new ConcurrentHashMap<>();

    Counting(
            ClientTransactions transactions,
            StepStore steps,
            FigureStore figures,
            MetricsFeed feed,
            StatsProperties properties,
            Clock clock) {
        this.transactions = transactions;
        this.steps = steps;
        this.figures = figures;
        this.feed = feed;
        this.properties = properties;
        this.clock = clock;
    }

    /** Clients for which there is something to do. */
    List<String> clientsWithWork() {
        return steps.clientsWithWork(clock.instant(), TOLD_AT_ONCE);
    }

    /**
     * Counts all that waits of a client now, unless another one does.
     *
     * @return how many steps were counted
     */
    int count(String clientId) {
        int all = 0;
        int counted;
        do {
            counted = countSome(clientId);
            all += counted;
        } while (isFull(counted));
        return all;
    }

    /**
     * Counts at most one batch of what waits of a client, unless another one counts for it.
     *
     * @return how many steps were counted
     */
    int countSome(String clientId) {
        return transactions.call(clientId, () -> steps.tryLock(clientId) ? countBatch(clientId) : 0);
    }

    /** Whether there may be more where so many were counted. */
    boolean isFull(int counted) {
        return counted >= properties.batch();
    }

    private int countBatch(String clientId) {
        List<StepStore.Taken> taken = steps.take(clientId, properties.batch());
        Instant now = clock.instant();
        int counted = 0;
        Counts added = new Counts();
        List<Step> before = new ArrayList<>();
        List<Step> all = new ArrayList<>();
        for (StepStore.Taken one : taken) {
            if (!all.isEmpty() && !all.getFirst().ticketId().equals(one.step().ticketId())) {
                addDifference(added, before, all);
            }
            all.add(one.step());
            if (one.counted()) {
                before.add(one.step());
            } else {
                counted++;
            }
        }
        addDifference(added, before, all);
        figures.add(clientId, added, now);
        sweepInTime(clientId, now);
        feed.tell(clientId, added.size() > 0, now);
        return counted;
    }

    private static void addDifference(Counts added, List<Step> before, List<Step> all) {
        added.add(Contribution.of(all), 1);
        added.add(Contribution.of(before), -1);
        before.clear();
        all.clear();
    }

    private void sweepInTime(String clientId, Instant now) {
        Instant last = sweptAt.get(clientId);
        if (last == null || Duration.between(last, now).compareTo(BETWEEN_SWEEPS) >= 0) {
            figures.sweep(now);
            sweptAt.put(clientId, now);
        }
    }
}

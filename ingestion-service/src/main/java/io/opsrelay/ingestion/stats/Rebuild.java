package io.opsrelay.ingestion.stats;

import io.opsrelay.messaging.Ids;
import io.opsrelay.messaging.job.Job;
import io.opsrelay.messaging.job.Jobs;
import io.opsrelay.security.tenant.ClientTransactions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Counts a client's numbers from the beginning. All of it is one transaction that sees one moment: dashboards show the
 * old numbers until the new ones are there, and steps that come meanwhile are counted on afterwards, as always.
 */
@Component
class Rebuild {

    /** Name of its job queue. */
    static final String QUEUE = "numbers";

    private static final Logger LOG = LoggerFactory.getLogger(Rebuild.class);
    private static final UUID BEFORE_ALL = new UUID(0, 0);
    private static final int PAGE = 10_000;
    private static final int CELLS_AT_ONCE = 20_000;
    private static final Duration SOON = Duration.ofMillis(300);

    private final ClientTransactions transactions;
    private final TransactionTemplate snapshot;
    private final TransactionTemplate apart;
    private final StepStore steps;
    private final FigureStore figures;
    private final RebuildStore progress;
    private final MetricsFeed feed;
    private final Jobs jobs;
    private final Ids ids;
    private final Clock clock;

    Rebuild(
            ClientTransactions transactions,
            PlatformTransactionManager manager,
            StepStore steps,
            FigureStore figures,
            RebuildStore progress,
            MetricsFeed feed,
            Jobs jobs,
            Ids ids,
            Clock clock) {
        this.transactions = transactions;
        this.snapshot = new TransactionTemplate(manager);
        this.snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        this.apart = new TransactionTemplate(manager);
        this.apart.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        this.steps = steps;
        this.figures = figures;
        this.progress = progress;
        this.feed = feed;
        this.jobs = jobs;
        this.ids = ids;
        this.clock = clock;
    }

    /** Asks for one, unless one is under way already. */
    RebuildStore.Progress ask(String clientId, String actor) {
        return transactions.call(clientId, () -> {
            UUID id = ids.next();
            if (progress.begin(clientId, id, actor, clock.instant())) {
                jobs.add(QUEUE, clientId, "rebuild " + clientId, "rebuild", id);
            }
            return progress.find().orElseThrow();
        });
    }

    /** The newest one. */
    Optional<RebuildStore.Progress> newest(String clientId) {
        return transactions.read(clientId, progress::find);
    }

    /** Does one. Done twice it comes to the same. */
    void work(Job job) {
        String clientId = job.clientId();
        long counted = countAnew(clientId);
        transactions.run(clientId, () -> {
            if (counted < 0) {
                job.again(SOON);
            } else {
                progress.advance(RebuildStore.DONE, counted, clock.instant());
                job.done();
            }
        });
    }

    /** @return how many steps were counted; -1 if somebody else counted at the same moment */
    private long countAnew(String clientId) {
        try {
            Long counted = snapshot.execute(
                    status -> transactions.call(clientId, () -> steps.tryLock(clientId) ? countAll(clientId) : -1L));
            return counted == null ? -1 : counted;
        } catch (ConcurrencyFailureException e) {
            LOG.debug("Somebody counted for client {} between two statements; beginning again", clientId, e);
            return -1;
        }
    }

    private long countAll(String clientId) {
        figures.clear();
        steps.takeAll(clientId);
        Counts counts = new Counts();
        List<Step> ofTicket = new ArrayList<>();
        long all = 0;
        UUID ticket = BEFORE_ALL;
        long seq = 0;
        List<Step> page = steps.after(ticket, seq, PAGE);
        while (!page.isEmpty()) {
            for (Step step : page) {
                if (!step.ticketId().equals(ticket)) {
                    countTicket(clientId, counts, ofTicket);
                    ticket = step.ticketId();
                }
                ofTicket.add(step);
                seq = step.seq();
            }
            all += page.size();
            tellProgress(clientId, all);
            page = steps.after(ticket, seq, PAGE);
        }
        countTicket(clientId, counts, ofTicket);
        figures.add(clientId, counts, clock.instant());
        feed.owe(clientId, clock.instant());
        return all;
    }

    private void countTicket(String clientId, Counts counts, List<Step> ofTicket) {
        counts.add(Contribution.of(ofTicket), 1);
        ofTicket.clear();
        if (counts.size() >= CELLS_AT_ONCE) {
            figures.add(clientId, counts, clock.instant());
            counts.clear();
        }
    }

    /** At once for everybody to see, and not part of the one moment. */
    private void tellProgress(String clientId, long counted) {
        apart.executeWithoutResult(status ->
                transactions.run(clientId, () -> progress.advance(RebuildStore.RUNNING, counted, clock.instant())));
    }
}

package io.opsrelay.agent.labels;

import io.opsrelay.agent.labels.ExampleStore.Source;
import io.opsrelay.agent.labels.VersionStore.Version;
import io.opsrelay.agent.learning.LabelTrainer;
import io.opsrelay.agent.learning.LabelTrainer.Trained;
import io.opsrelay.agent.learning.UntrainableException;
import io.opsrelay.messaging.Ids;
import io.opsrelay.messaging.job.Job;
import io.opsrelay.messaging.job.Jobs;
import io.opsrelay.security.tenant.ClientTransactions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.DoubleConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Trains clients' classifiers in the background. A version is ready, and classifies, in the commit that ends its job, so
 * that a crash anywhere repeats the work and leaves the older version in use.
 */
@Component
class Training {

    static final String QUEUE = "agent.labels";

    /** Who asks for a training that enough corrections have set off. */
    static final String BY_CORRECTIONS = "corrections";

    private static final String TRAIN = "train";
    private static final Duration BETWEEN_TELLING = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger(Training.class);

    private final ExampleStore examples;
    private final VersionStore versions;
    private final ClientClassifier classifier;
    private final Jobs jobs;
    private final ClientTransactions transactions;
    private final Ids ids;
    private final Clock clock;
    private final LabelsProperties properties;

    Training(
            ExampleStore examples,
            VersionStore versions,
            ClientClassifier classifier,
            Jobs jobs,
            ClientTransactions transactions,
            Ids ids,
            Clock clock,
            LabelsProperties properties) {
        this.examples = examples;
        this.versions = versions;
        this.classifier = classifier;
        this.jobs = jobs;
        this.transactions = transactions;
        this.ids = ids;
        this.clock = clock;
        this.properties = properties;
    }

    /**
     * Leaves a training to be done, in the running transaction.
     *
     * @return the version that will come of it; empty if one is being trained already
     */
    Optional<Version> start(String clientId, String requestedBy) {
        UUID trainingId = ids.next();
        if (!versions.begin(clientId, trainingId, requestedBy, clock.instant())) {
            return Optional.empty();
        }
        jobs.add(QUEUE, clientId, "labels " + clientId, TRAIN, trainingId);
        return versions.byTraining(trainingId);
    }

    /** Starts a training if enough corrections have come since the last one, in the running transaction. */
    Optional<Version> startIfDue(String clientId) {
        List<Version> all = versions.all();
        Optional<Version> active = all.stream().filter(Version::active).findFirst();
        if (active.isEmpty() || all.getFirst().isTraining()) {
            // Who never trained decides when to begin; a training that runs looks here at its end.
            return Optional.empty();
        }
        int corrections = examples.correctionsSince(all.getFirst().requestedAt());
        Integer learned = active.get().examples();
        double share = properties.retrainShare() * (learned == null ? 0 : learned);
        return corrections > 0 && (corrections >= properties.retrainAfter() || corrections >= share)
                ? start(clientId, BY_CORRECTIONS)
                : Optional.empty();
    }

    /** Does a job of the queue. Outside any transaction. */
    void work(Job job) throws InterruptedException {
        Optional<Version> version = transactions
                .call(job.clientId(), () -> versions.byTraining(job.subject()))
                .filter(Version::isTraining);
        if (version.isEmpty()) {
            transactions.run(job.clientId(), job::done);
            return;
        }
        if (job.attempt() > properties.mostTries()) {
            fail(job, "it was begun " + properties.mostTries() + " times and never came to its end; the log says more");
            return;
        }
        long startedAt = System.nanoTime();
        Trained trained;
        try {
            trained = train(job);
        } catch (UntrainableException e) {
            fail(job, String.valueOf(e.getMessage()));
            return;
        }
        byte[] model = bytes(trained);
        transactions.run(job.clientId(), () -> {
            job.done();
            versions.ready(job.subject(), trained, model, clock.instant());
            versions.choose(job.clientId(), version.get().version());
            versions.prune(properties.keptVersions());
            startIfDue(job.clientId());
        });
        classifier.switched(job.clientId());
        LOG.info(
                "Version {} of {}'s classifier learned {} labels from {} examples in {} s",
                version.get().version(),
                job.clientId(),
                trained.model().labels().size(),
                trained.examples(),
                Duration.ofNanos(System.nanoTime() - startedAt).toSeconds());
    }

    private Trained train(Job job) throws InterruptedException {
        LabelTrainer trainer = new LabelTrainer(properties.threads());
        transactions.read(job.clientId(), () -> {
            // What a person corrected is not learned in any other way as well.
            Set<String> corrected = new HashSet<>();
            examples.each(example -> {
                String text = example.text().strip().toLowerCase(Locale.ROOT);
                boolean wanted =
                        example.source() == Source.CORRECTION ? corrected.add(text) : !corrected.contains(text);
                if (wanted) {
                    trainer.add(example.text(), example.label());
                }
            });
            return true;
        });
        return trainer.train(telling(job));
    }

    private DoubleConsumer telling(Job job) {
        long[] toldAt = {System.nanoTime() - BETWEEN_TELLING.toNanos()};
        return share -> {
            long now = System.nanoTime();
            if (now - toldAt[0] >= BETWEEN_TELLING.toNanos()) {
                toldAt[0] = now;
                try {
                    transactions.run(job.clientId(), () -> versions.progress(job.subject(), share));
                } catch (DataAccessException | TransactionException e) {
                    LOG.warn("Progress of a training was not told: {}", e.getMessage());
                }
            }
        };
    }

    private void fail(Job job, String reason) {
        transactions.run(job.clientId(), () -> {
            job.done();
            versions.failed(job.subject(), reason, clock.instant());
        });
        LOG.warn("A training of {}'s classifier failed: {}", job.clientId(), reason);
    }

    private static byte[] bytes(Trained trained) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            trained.model().write(out);
        } catch (IOException e) {
            throw new IllegalStateException("memory can be written to", e);
        }
        return out.toByteArray();
    }
}

package io.opsrelay.agent.knowledge;

import io.opsrelay.agent.knowledge.VectorStore.Unembedded;
import io.opsrelay.agent.model.Embedder;
import io.opsrelay.agent.model.ModelUnavailableException;
import io.opsrelay.messaging.job.Job;
import io.opsrelay.security.tenant.ClientTransactions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.stereotype.Component;

/**
 * Embeds passages in the background, a batch a transaction: a crash anywhere repeats one batch at most. Each start looks
 * through all clients, since the model may be another than before.
 */
@Component
class VectorIndexing implements ApplicationRunner {

    static final String QUEUE = "agent.vectors";

    /** Then other clients have their turn. */
    private static final int BATCHES_AT_A_TIME = 16;

    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    /** For an instance that is configured for the model that is wanted. */
    private static final Duration FOR_ANOTHER_INSTANCE = Duration.ofSeconds(5);

    /** Since the wanted model's instances were heard of last; then there are none, and whoever has a job takes over. */
    private static final Duration WITHOUT_ANOTHER_INSTANCE = Duration.ofMinutes(10);

    private static final int NAMED_AT_MOST = 5;

    private static final Logger LOG = LoggerFactory.getLogger(VectorIndexing.class);

    private final Embedder embedder;
    private final VectorStore store;
    private final ArticleStore articles;
    private final VectorJobs jobs;
    private final ClientTransactions transactions;
    private final Clock clock;

    VectorIndexing(
            Embedder embedder,
            VectorStore store,
            ArticleStore articles,
            VectorJobs jobs,
            ClientTransactions transactions,
            Clock clock) {
        this.embedder = embedder;
        this.store = store;
        this.articles = articles;
        this.jobs = jobs;
        this.transactions = transactions;
        this.clock = clock;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        if (embedder.model() == null) {
            return;
        }
        List<String> clients =
                store.clientsWithPassages().stream().filter(embedder::serves).toList();
        for (String client : clients) {
            transactions.run(client, () -> {
                store.want(client, embedder.space());
                jobs.add(client);
            });
        }
        LOG.info(
                "Passages of {} clients are embedded with {} where they are not yet", clients.size(), embedder.space());
    }

    /** Does a job of the queue. Outside any transaction. */
    void work(Job job) {
        if (!embedder.serves(job.clientId())) {
            transactions.run(job.clientId(), () -> {
                store.idle();
                job.done();
            });
            return;
        }
        String space = embedder.space();
        boolean wanted = transactions.call(job.clientId(), () -> {
            boolean begun = store.begin(space) || tookOver(job, space);
            if (!begun) {
                job.again(FOR_ANOTHER_INSTANCE);
            }
            return begun;
        });
        if (wanted) {
            try {
                embed(job, space);
            } catch (ModelUnavailableException e) {
                transactions.run(job.clientId(), () -> job.again(pauseAfter(store.failed(e.reason()))));
                LOG.warn("Passages of {} wait for their vectors: {}", job.clientId(), e.reason());
            }
        }
    }

    /** The model that is wanted may be one that nobody is configured for any more. */
    private boolean tookOver(Job job, String space) {
        if (store.worksForAnother(space, clock.instant().minus(WITHOUT_ANOTHER_INSTANCE))) {
            return false;
        }
        store.want(job.clientId(), space);
        return store.begin(space);
    }

    private void embed(Job job, String space) {
        Unembedded last = null;
        boolean kept = false;
        Refusals refusals = new Refusals();
        for (int i = 0; i < BATCHES_AT_A_TIME; i++) {
            List<Unembedded> batch = missing(job, space, last);
            if (batch.isEmpty()) {
                end(job, space, refusals);
                return;
            }
            Vectors vectors = vectorsOf(job.clientId(), batch, refusals);
            if (!vectors.passages().isEmpty()) {
                keep(job, space, vectors);
                kept = true;
            }
            last = batch.getLast();
        }
        if (!kept) {
            throw refusals.asTrouble();
        }
        transactions.run(job.clientId(), () -> job.again(Duration.ZERO));
    }

    private void end(Job job, String space, Refusals refusals) {
        String trouble = refusals.told();
        boolean allRefused = transactions.call(job.clientId(), () -> {
            if (trouble != null && store.dimensions(space).isEmpty()) {
                return true;
            }
            store.lookedThrough(space, trouble);
            job.done();
            return false;
        });
        if (allRefused) {
            // Where it has not taken a single one, the passages are not to blame: it is asked again.
            throw refusals.asTrouble();
        }
        if (trouble != null) {
            LOG.warn("Passages of {} are found by full text alone: {}", job.clientId(), trouble);
        }
    }

    /** One passage that is refused must not keep the others from being embedded. */
    private Vectors vectorsOf(String clientId, List<Unembedded> batch, Refusals refusals) {
        try {
            return new Vectors(batch, embedded(clientId, batch));
        } catch (ModelUnavailableException e) {
            if (!e.refusesTheText()) {
                throw e;
            }
            if (batch.size() == 1) {
                refusals.add(batch.getFirst(), e);
                return new Vectors(List.of(), List.of());
            }
        }
        List<Unembedded> taken = new ArrayList<>();
        List<float[]> vectors = new ArrayList<>();
        for (Unembedded one : batch) {
            Vectors alone = vectorsOf(clientId, List.of(one), refusals);
            taken.addAll(alone.passages());
            vectors.addAll(alone.vectors());
        }
        return new Vectors(taken, vectors);
    }

    private List<float[]> embedded(String clientId, List<Unembedded> passages) {
        return embedder.passages(
                        clientId, passages.stream().map(Unembedded::inContext).toList())
                .vectors();
    }

    private void keep(Job job, String space, Vectors vectors) {
        transactions.run(job.clientId(), () -> {
            // Whoever changes articles locks them first, too.
            articles.lock(job.clientId());
            int dimensions = vectors.vectors().getFirst().length;
            requireSame(store.dimensions(space), dimensions);
            for (float[] vector : vectors.vectors()) {
                requireSame(Optional.of(dimensions), vector.length);
            }
            store.keep(job.clientId(), space, vectors.passages(), vectors.vectors());
        });
    }

    private List<Unembedded> missing(Job job, String space, @Nullable Unembedded after) {
        return transactions.read(job.clientId(), () -> store.missing(space, after, embedder.batch()));
    }

    private static void requireSame(Optional<Integer> before, int now) {
        if (before.isPresent() && before.get() != now) {
            throw new ModelUnavailableException("the embedding model answers with " + now + " dimensions, and with "
                    + before.get() + " before: set opsrelay.llm.embedding.dimensions to have all embedded anew");
        }
    }

    private Duration pauseAfter(int failures) {
        Duration pause = embedder.pause().multipliedBy(1L << Math.min(failures, 10));
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    /** Passages and their vectors, in the same order. */
    private record Vectors(List<Unembedded> passages, List<float[]> vectors) {}

    /** What the model refused during a job. */
    private static final class Refusals {

        private final Set<String> articles = new LinkedHashSet<>();
        private int passages;
        private String reason = "";

        void add(Unembedded passage, ModelUnavailableException refusal) {
            articles.add(passage.articleId());
            passages++;
            reason = refusal.reason();
        }

        @Nullable
        String told() {
            if (passages == 0) {
                return null;
            }
            String named = articles.stream().limit(NAMED_AT_MOST).collect(Collectors.joining(", "));
            String others =
                    articles.size() > NAMED_AT_MOST ? " and " + (articles.size() - NAMED_AT_MOST) + " others" : "";
            return passages + (passages == 1 ? " passage" : " passages") + " cannot be embedded, of article " + named
                    + others + ": " + reason;
        }

        ModelUnavailableException asTrouble() {
            return new ModelUnavailableException(String.valueOf(told()));
        }
    }
}

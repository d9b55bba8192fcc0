package io.opsrelay.agent.knowledge;

import io.opsrelay.agent.model.Embedder;
import io.opsrelay.messaging.Ids;
import io.opsrelay.messaging.job.Jobs;
import org.springframework.stereotype.Component;

/** Leaves passages to be embedded, in the transaction that brings them. */
@Component
class VectorJobs {

    private static final String EMBED = "embed";

    private final Embedder embedder;
    private final VectorStore store;
    private final Jobs jobs;
    private final Ids ids;

    VectorJobs(Embedder embedder, VectorStore store, Jobs jobs, Ids ids) {
        this.embedder = embedder;
        this.store = store;
        this.jobs = jobs;
        this.ids = ids;
    }

    /** Adds a job for the client, unless one waits or its passages are not embedded at all. */
    void add(String clientId) {
        if (embedder.serves(clientId) && store.queue(clientId, embedder.space())) {
            jobs.add(VectorIndexing.QUEUE, clientId, "vectors " + clientId, EMBED, ids.next());
        }
    }
}

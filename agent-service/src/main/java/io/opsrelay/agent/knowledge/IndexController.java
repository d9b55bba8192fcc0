package io.opsrelay.agent.knowledge;

import io.opsrelay.agent.knowledge.VectorStore.Counts;
import io.opsrelay.agent.knowledge.VectorStore.State;
import io.opsrelay.agent.model.Embedder;
import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.tenant.ClientTransactions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** How far a client's passages can be found by their meaning, over HTTP. */
@RestController
@RequestMapping("/api/v1/agent/knowledge/index")
@RequiresRole({Role.VIEWER, Role.AGENT, Role.APPROVER, Role.SRE, Role.ADMIN})
class IndexController {

    private final Embedder embedder;
    private final VectorStore store;
    private final LoadedVectors loaded;
    private final ClientTransactions transactions;

    IndexController(Embedder embedder, VectorStore store, LoadedVectors loaded, ClientTransactions transactions) {
        this.embedder = embedder;
        this.store = store;
        this.loaded = loaded;
        this.transactions = transactions;
    }

    @GetMapping
    IndexStatus status(Caller caller) {
        return transactions.read(caller.clientId(), () -> statusOf(caller.clientId()));
    }

    private IndexStatus statusOf(String clientId) {
        if (!embedder.serves(clientId)) {
            return new IndexStatus(IndexState.OFF, null, store.counts("").passages(), 0, null);
        }
        String space = embedder.space();
        Counts counts = store.counts(space);
        // What was refused may have been deleted since.
        String trouble = counts.embedded() < counts.passages()
                ? store.state().map(State::trouble).orElse(null)
                : null;
        Optional<Integer> dimensions = store.dimensions(space);
        if (dimensions.isPresent() && !loaded.fits(counts.embedded(), dimensions.get())) {
            trouble = "the vectors need more memory than opsrelay.knowledge.vector-memory: full text searches alone";
        }
        IndexState state = trouble != null
                ? IndexState.FAILING
                : counts.embedded() < counts.passages() ? IndexState.EMBEDDING : IndexState.READY;
        return new IndexStatus(state, embedder.model(), counts.passages(), counts.embedded(), trouble);
    }

    /** What is going on. */
    enum IndexState {
        /** Full text searches alone. */
        OFF,
        /** Passages are being embedded; those that are can be found. */
        EMBEDDING,
        /** It does not go on now; what is embedded can be found. */
        FAILING,
        READY
    }

    /**
     * How far it is.
     *
     * @param model that embeds; absent if none does
     * @param passages of all articles
     * @param embedded those of them that the model has embedded
     * @param trouble why it does not go on now
     */
    record IndexStatus(
            IndexState state,
            @Nullable String model,
            long passages,
            long embedded,
            @Nullable String trouble) {}
}

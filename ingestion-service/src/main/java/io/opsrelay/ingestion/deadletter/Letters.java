package io.opsrelay.ingestion.deadletter;

import io.opsrelay.contracts.ContractJson;
import io.opsrelay.messaging.job.Jobs;
import io.opsrelay.security.Caller;
import io.opsrelay.security.audit.Audit;
import io.opsrelay.security.audit.AuditEntry;
import io.opsrelay.security.web.PageRequest;
import io.opsrelay.security.web.ProblemException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What people decide about letters. A decision is one commit: the letter's new state, the job that publishes it, and the
 * audit entry. So of two who decide at once, one is told that it has been decided.
 */
@Component
class Letters {

    /** Most letters that one request has replayed. */
    static final int MOST_AT_ONCE = 500;

    private static final Logger LOG = LoggerFactory.getLogger(Letters.class);
    private static final String WHAT = "dead letter";

    private final LetterStore store;
    private final Owners owners;
    private final Jobs jobs;
    private final @Nullable Audit audit;
    private final Clock clock;

    Letters(LetterStore store, Owners owners, Jobs jobs, ObjectProvider<Audit> audit, Clock clock) {
        this.store = store;
        this.owners = owners;
        this.jobs = jobs;
        this.audit = audit.getIfAvailable();
        this.clock = clock;
    }

    List<Letter> list(Caller caller, LetterFilter filter, PageRequest page) {
        String owner = Owners.of(caller);
        return owners.call(owner, () -> store.list(filter, page.after(), page.limit() + 1));
    }

    /** @throws ProblemException 404 */
    Letter one(Caller caller, UUID letterId) {
        String owner = Owners.of(caller);
        return owners.call(owner, () -> store.find(letterId))
                .orElseThrow(() -> ProblemException.notFound(WHAT, letterId));
    }

    /**
     * Has it published again, as it was or with another value.
     *
     * @throws ProblemException 404; 409 if it was decided about before
     */
    Letter replay(Caller caller, UUID letterId, @Nullable JsonNode value) {
        String owner = Owners.of(caller);
        byte[] edited =
                value == null || value.isNull() ? null : ContractJson.mapper().writeValueAsBytes(value);
        return owners.call(owner, () -> {
            Letter letter = open(letterId);
            if (value != null && edited != null) {
                requireSameEvent(letter, value);
            }
            replay(caller, owner, letter, edited);
            return store.find(letterId).orElseThrow();
        });
    }

    /** A CloudEvent in structured mode says in its value whose it is, and which event. */
    private static void requireSameEvent(Letter letter, JsonNode edited) {
        JsonNode was = jsonOf(letter.value());
        if (was == null || !was.has("specversion")) {
            return;
        }
        if (!was.path("source").equals(edited.path("source"))) {
            throw ProblemException.unprocessable("value.source", "must stay as it was: it says whose record this is");
        }
        if (was.has("id") && !was.path("id").equals(edited.path("id"))) {
            throw ProblemException.unprocessable("value.id", "must stay as it was: by it the event is known");
        }
    }

    private static @Nullable JsonNode jsonOf(byte @Nullable [] value) {
        try {
            return value == null ? null : ContractJson.mapper().readTree(value);
        } catch (JacksonException e) {
            return null;
        }
    }

    /**
     * Has open ones published again, the oldest first, at most {@link #MOST_AT_ONCE}.
     *
     * @return how many they are
     */
    int replayAll(Caller caller, LetterFilter filter) {
        String owner = Owners.of(caller);
        return owners.call(owner, () -> {
            List<Letter> letters = store.open(filter, MOST_AT_ONCE);
            letters.forEach(letter -> replay(caller, owner, letter, null));
            return letters.size();
        });
    }

    private void replay(Caller caller, String owner, Letter letter, byte @Nullable [] edited) {
        store.settle(letter.letterId(), LetterState.REPLAYING, edited, caller.asActor(), now(), null);
        // Letters of a partition go back in their order.
        jobs.add(Replays.QUEUE, owner, partitionOf(letter), Replays.KIND, letter.letterId());
        record(caller, owner, "replayed", letter, null, Map.of("state", "replaying", "edited", edited != null));
    }

    private static String partitionOf(Letter letter) {
        int at = letter.origin().lastIndexOf('@');
        return at < 0 ? letter.topic() : letter.origin().substring(0, at);
    }

    /**
     * Gives it up.
     *
     * @throws ProblemException 404; 409 if it was decided about before
     */
    Letter discard(Caller caller, UUID letterId, String reason) {
        String owner = Owners.of(caller);
        return owners.call(owner, () -> {
            Letter letter = open(letterId);
            store.settle(letterId, LetterState.DISCARDED, null, caller.asActor(), now(), reason);
            record(caller, owner, "discarded", letter, reason, Map.of("state", "discarded"));
            return store.find(letterId).orElseThrow();
        });
    }

    private Letter open(UUID letterId) {
        Letter letter = store.lock(letterId).orElseThrow(() -> ProblemException.notFound(WHAT, letterId));
        if (letter.state() != LetterState.OPEN) {
            throw ProblemException.conflict(
                    "the dead letter is " + letter.state().wireName() + " by " + letter.settledBy()
                            + "; if it failed again, that is a letter of its own");
        }
        return letter;
    }

    private void record(
            Caller caller,
            String owner,
            String verb,
            Letter letter,
            @Nullable String reason,
            Map<String, Object> after) {
        LOG.info("{} has {} the dead letter {} of {}", caller.asActor(), verb, letter.letterId(), letter.origin());
        // A chain is a client's; what belongs to nobody names in its row who decided, when and why.
        if (audit != null && !owner.equals(Owners.NOBODY)) {
            Map<String, Object> before = new HashMap<>();
            before.put("state", "open");
            before.put("origin", letter.origin());
            before.put("consumer", letter.consumer());
            audit.record(
                    owner,
                    new AuditEntry(
                            caller.asActor(),
                            "dead_letter." + verb,
                            "dead_letter",
                            letter.letterId().toString(),
                            null,
                            reason,
                            before,
                            after));
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}

package io.opsrelay.contracts.audit;

import io.opsrelay.contracts.ContractJson;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Follows a chain, entry by entry, and keeps the first thing that is wrong with it.
 *
 * <p>It finds what was changed, removed, inserted or put elsewhere by who could not seal everything after it anew. Who
 * could, and who cut off the end, is found by witnesses: places in the chain that were noted elsewhere before.
 */
public final class ChainCheck {

    private final String service;
    private final String clientId;
    private final NavigableMap<Long, String> witnessed;
    private long entries;
    private @Nullable SealedEntry newest;
    private @Nullable Problem problem;

    /**
     * @param service whose chain it is
     * @param witnessed hashes that were seen before, by the place in the chain
     */
    public ChainCheck(String service, String clientId, Map<Long, String> witnessed) {
        this.service = service;
        this.clientId = clientId;
        this.witnessed = new TreeMap<>(witnessed);
    }

    /** The next entry of the chain, which begins with 1. */
    public void add(SealedEntry entry) {
        if (newest == null && entry.seq() != 1) {
            found(1, "is missing: the chain begins with entry " + entry.seq());
        }
        check(entry);
    }

    /** The next entry of a piece of a chain, which may begin anywhere. */
    public void addToPiece(SealedEntry entry) {
        check(entry);
    }

    private void check(SealedEntry entry) {
        SealedEntry before = newest;
        newest = entry;
        entries++;
        if (before != null && entry.seq() != before.seq() + 1) {
            found(
                    before.seq() + 1,
                    entry.seq() > before.seq()
                            ? "is missing"
                            : "is out of its place: entry " + entry.seq() + " follows");
        } else if (before != null && !entry.previous().equals(before.hash())) {
            found(entry.seq(), "does not continue entry " + before.seq() + ": one of the two was changed");
        } else if (entry.seq() == 1 && !entry.previous().equals(SealedEntry.NOTHING_BEFORE)) {
            found(1, "is not the first that was written");
        } else if (!entry.hash().equals(entry.expectedHash())) {
            found(entry.seq(), "was changed: its hash does not fit its text");
        } else if (!belongsHere(entry)) {
            found(entry.seq(), "belongs to another chain");
        } else if (!entry.hash().equals(witnessed.getOrDefault(entry.seq(), entry.hash()))) {
            found(entry.seq(), "is not the one that was witnessed there: the chain was written anew");
        }
    }

    private boolean belongsHere(SealedEntry entry) {
        try {
            JsonNode text = ContractJson.mapper().readTree(entry.entry());
            return text.path("service").asString("").equals(service)
                    && text.path("client_id").asString("").equals(clientId);
        } catch (JacksonException e) {
            return false;
        }
    }

    /** After the last entry: whether the chain reaches as far as it did before. */
    public void end() {
        if (!witnessed.isEmpty() && witnessed.lastKey() > seq()) {
            found(
                    seq() + 1,
                    "is missing: the chain once reached entry " + witnessed.lastKey() + ", its end was cut off");
        }
    }

    /** How the database itself says that the chain ends. */
    public void endsWith(long seq, String hash) {
        if (seq != seq() || !hash.equals(hash())) {
            found(
                    Math.min(seq, seq()) + 1,
                    "is missing: the chain ends with entry " + seq() + ", and its head tells of entry " + seq);
        }
    }

    /** The first entry that searches find under something else than its text says; 0 where there is none. */
    public void misfiled(long seq) {
        if (seq > 0) {
            found(seq, "is filed under something else than its text says");
        }
    }

    private void found(long seq, String what) {
        if (problem == null) {
            problem = new Problem(seq, what);
        }
    }

    /** The first that is wrong; null while nothing is. */
    public @Nullable Problem problem() {
        return problem;
    }

    /** How many entries were looked at. */
    public long entries() {
        return entries;
    }

    /** The place of the newest entry; 0 where there is none. */
    public long seq() {
        return newest == null ? 0 : newest.seq();
    }

    /** The hash of the newest entry. */
    public String hash() {
        return newest == null ? SealedEntry.NOTHING_BEFORE : newest.hash();
    }

    /**
     * Something that is wrong with a chain.
     *
     * @param seq the first entry that is not as it was sealed
     * @param what is wrong with it: a sentence whose subject is the entry
     */
    public record Problem(long seq, String what) {
        @Override
        public String toString() {
            return "entry " + seq + " " + what;
        }
    }
}

package io.opsrelay.ingestion.upstream;

import io.opsrelay.ingestion.ticket.TicketStatus;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a source's statuses mean here.
 *
 * @param meanings by what the source calls it, in lower case; empty for one that sets none here
 * @param ignoresUnknown whether any other status is passed over; else its record is set aside
 */
record Statuses(Map<String, Optional<TicketStatus>> meanings, boolean ignoresUnknown) {

    /** Those that people can set. */
    private static final List<TicketStatus> SETTABLE =
            List.of(TicketStatus.RESOLVED, TicketStatus.ESCALATED, TicketStatus.CLOSED);

    private static final String NONE = "none";
    private static final String REFUSE = "refuse";
    private static final String IGNORE = "ignore";

    Statuses {
        meanings = Map.copyOf(meanings);
    }

    /** @throws IllegalArgumentException if one means something that cannot be set, or {@code unknown} is neither word */
    static Statuses of(Map<String, String> statuses, String unknown) {
        Map<String, Optional<TicketStatus>> known = new TreeMap<>();
        SETTABLE.forEach(status -> known.put(status.wireName(), Optional.of(status)));
        statuses.forEach((theirs, ours) -> known.put(theirs.strip().toLowerCase(Locale.ROOT), meaning(theirs, ours)));
        if (!unknown.equals(REFUSE) && !unknown.equals(IGNORE)) {
            throw new IllegalArgumentException(
                    "unknown-statuses must be " + REFUSE + " or " + IGNORE + ", not " + unknown);
        }
        return new Statuses(known, unknown.equals(IGNORE));
    }

    private static Optional<TicketStatus> meaning(String theirs, String ours) {
        if (ours.equals(NONE)) {
            return Optional.empty();
        }
        return Optional.of(SETTABLE.stream()
                .filter(status -> status.wireName().equals(ours))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("statuses." + theirs
                        + " must be one of resolved, escalated, closed and " + NONE + ", not " + ours)));
    }

    /**
     * What a status of the source's sets here; empty if nothing.
     *
     * @param where it stands, for people
     * @throws UnusableException if nobody knows
     */
    Optional<TicketStatus> meaningOf(String theirs, String where) {
        Optional<TicketStatus> meaning = meanings.get(theirs.strip().toLowerCase(Locale.ROOT));
        if (meaning == null && !ignoresUnknown) {
            throw new UnusableException("status (at " + where + ") is not mapped: " + UnusableException.clip(theirs));
        }
        return meaning == null ? Optional.empty() : meaning;
    }
}

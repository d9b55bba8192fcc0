package io.opsrelay.ingestion.stats;

import io.opsrelay.ingestion.ticket.TicketStatus;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many tickets stand where.
 *
 * @param total all
 * @param byStatus by the name of the status, those with none too
 * @param pending received, by its older name
 * @param processing analyzing, awaiting approval and acting together
 * @param completed resolved and closed together
 */
record StatusCounts(
        long total,
        Map<String, Long> byStatus,
        long pending,
        long processing,
        long completed,
        long failed,
        long escalated) {

    /** @param known counts by the name of the status; absent means none */
    static StatusCounts of(Map<String, Long> known) {
        Map<String, Long> all = new LinkedHashMap<>();
        for (TicketStatus status : TicketStatus.values()) {
            all.put(status.wireName(), known.getOrDefault(status.wireName(), 0L));
        }
        return new StatusCounts(
                all.values().stream().mapToLong(Long::longValue).sum(),
                all,
                sum(all, TicketStatus.RECEIVED),
                sum(all, TicketStatus.ANALYZING, TicketStatus.AWAITING_APPROVAL, TicketStatus.ACTING),
                sum(all, TicketStatus.RESOLVED, TicketStatus.CLOSED),
                sum(all, TicketStatus.FAILED),
                sum(all, TicketStatus.ESCALATED));
    }

    /** Tickets that came to an end, whichever. */
    long processed() {
        return completed + failed + escalated;
    }

    private static long sum(Map<String, Long> all, TicketStatus... statuses) {
        long sum = 0;
        for (TicketStatus status : statuses) {
            sum += all.getOrDefault(status.wireName(), 0L);
        }
        return sum;
    }
}

package io.opsrelay.ingestion.ticket;

import io.opsrelay.security.web.ProblemException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which tickets are meant; what is absent does not filter.
 *
 * @param statuses in the order of their declaration; empty for all
 * @param customerEmail in lower case
 * @param createdFrom the first moment that counts
 * @param createdTo the first moment that does not count any more
 * @param words as {@code websearch_to_tsquery} reads them
 * @param uncategorized whether only tickets without a category are meant
 */
public record TicketFilter(
        List<TicketStatus> statuses,
        @Nullable String channel,
        @Nullable String priority,
        @Nullable String category,
        @Nullable String tag,
        @Nullable String assignee,
        @Nullable String externalId,
        @Nullable UUID customerId,
        @Nullable String customerEmail,
        @Nullable Instant createdFrom,
        @Nullable Instant createdTo,
        @Nullable String words,
        boolean uncategorized) {

    /** Everything. */
    static final TicketFilter ALL =
            new TicketFilter(List.of(), null, null, null, null, null, null, null, null, null, null, null, false);

    public TicketFilter {
        statuses = List.copyOf(statuses);
    }

    /**
     * The statuses that a request names, each by its own or an older name.
     *
     * @throws ProblemException 400 for one that is none
     */
    static List<TicketStatus> statusesNamed(Collection<String> names) {
        Set<TicketStatus> statuses = EnumSet.noneOf(TicketStatus.class);
        for (String name : names) {
            Set<TicketStatus> meant = TicketStatus.meantBy(name);
            if (meant.isEmpty()) {
                throw ProblemException.badRequest(
                        "status",
                        "must be received, analyzing, awaiting_approval, acting, resolved, escalated, failed or closed,"
                                + " or one of the older names pending, processing, completed");
            }
            statuses.addAll(meant);
        }
        return new ArrayList<>(statuses);
    }

    /** The same among tickets of that status. */
    TicketFilter withStatus(TicketStatus status) {
        return with(List.of(status), channel, category, uncategorized);
    }

    /** The same among tickets of that channel. */
    TicketFilter withChannel(String of) {
        return with(statuses, of, category, uncategorized);
    }

    /** The same among tickets of that category; null for those without one. */
    TicketFilter withCategory(@Nullable String of) {
        return with(statuses, channel, of, of == null);
    }

    private TicketFilter with(
            List<TicketStatus> ofStatuses, @Nullable String ofChannel, @Nullable String ofCategory, boolean without) {
        return new TicketFilter(
                ofStatuses,
                ofChannel,
                priority,
                ofCategory,
                tag,
                assignee,
                externalId,
                customerId,
                customerEmail,
                createdFrom,
                createdTo,
                words,
                without);
    }

    /** Whether the tickets of one customer are meant. */
    boolean ofCustomer() {
        return customerId != null || customerEmail != null;
    }

    /** Whether anything but the time of creation narrows the list. */
    boolean narrows() {
        return !statuses.isEmpty()
                || channel != null
                || priority != null
                || category != null
                || tag != null
                || assignee != null
                || externalId != null
                || customerId != null
                || customerEmail != null
                || words != null
                || uncategorized;
    }

    /** Differs where the list differs; the same in every process. */
    String fingerprint() {
        return UUID.nameUUIDFromBytes(toString().getBytes(StandardCharsets.UTF_8))
                .toString();
    }
}

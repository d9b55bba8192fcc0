package io.opsrelay.ingestion.ticket;

import static io.opsrelay.ingestion.ticket.TimelineEntry.pairs;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Tells what people and customers do as plain facts in a ticket's timeline. */
final class DeskNarrative {

    private static final String HERE = "service:ingestion-service";

    private DeskNarrative() {}

    static TimelineEntry statusSet(String actor, TicketStatus from, TicketStatus to, @Nullable String reason) {
        return new TimelineEntry(
                "ticket_status_set",
                actor,
                "Set from %s to %s by %s%s".formatted(words(from), words(to), name(actor), because(reason)),
                pairs("from", from.wireName(), "to", to.wireName(), "by", actor),
                pairs("reason", reason));
    }

    static TimelineEntry retried(String actor, TicketStatus from, UUID runId, @Nullable String reason) {
        return new TimelineEntry(
                "ticket_retried",
                actor,
                "Given to the agent again by " + name(actor) + because(reason),
                pairs("from", from.wireName(), "by", actor),
                pairs("run_id", runId.toString(), "reason", reason));
    }

    static TimelineEntry mergedInto(String actor, TicketStatus from, UUID target, @Nullable String reason) {
        return new TimelineEntry(
                "ticket_merged",
                actor,
                "Merged into ticket " + target + " by " + name(actor) + because(reason),
                pairs("from", from.wireName(), "to", "closed", "into", target.toString(), "by", actor),
                pairs("reason", reason));
    }

    static TimelineEntry mergedHere(String actor, UUID merged, @Nullable String reason) {
        return new TimelineEntry(
                "ticket_took_in",
                actor,
                "Ticket " + merged + " was merged into this one by " + name(actor) + because(reason),
                pairs("merged", merged.toString(), "by", actor),
                pairs("reason", reason));
    }

    static TimelineEntry tagged(String actor, List<String> before, List<String> tags) {
        return new TimelineEntry(
                "ticket_tagged",
                actor,
                tags.isEmpty()
                        ? "Tags taken off by " + name(actor)
                        : "Tagged " + String.join(", ", tags) + " by " + name(actor),
                pairs("tags", tags, "by", actor),
                pairs("before", before));
    }

    /** @param before what the ticket had; the same as {@code said} where a person confirms it */
    static TimelineEntry corrected(
            String actor, Judged judged, @Nullable String before, String said, @Nullable String reason) {
        String name = judged.wireName();
        String what = name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
        String done = said.equals(before) ? " confirmed: " : " set to ";
        return new TimelineEntry(
                "ticket_" + name + "_set",
                actor,
                what + done + said.replace('_', ' ') + " by " + name(actor) + because(reason),
                pairs(name, said, "by", actor),
                pairs("before", before, "reason", reason));
    }

    static TimelineEntry assigned(String actor, @Nullable String before, @Nullable String assignee) {
        return new TimelineEntry(
                assignee == null ? "ticket_unassigned" : "ticket_assigned",
                actor,
                assignee == null
                        ? "Taken from " + before + " by " + name(actor)
                        : "Assigned to " + assignee + " by " + name(actor),
                pairs("assignee", assignee, "by", actor),
                pairs("before", before));
    }

    /** The text stands in the messages; dashboards get that there is one. */
    static TimelineEntry replyWritten(String actor, UUID messageId) {
        return new TimelineEntry(
                "reply_written",
                actor,
                "Reply to the customer by " + name(actor),
                pairs("message_id", messageId.toString(), "by", actor),
                Map.of());
    }

    static TimelineEntry noteWritten(String actor, UUID messageId) {
        return new TimelineEntry(
                "note_written",
                actor,
                "Note by " + name(actor),
                pairs("message_id", messageId.toString(), "by", actor),
                Map.of());
    }

    /** @param verified whether it is proven to be from the ticket's customer */
    static TimelineEntry replied(String actor, UUID messageId, boolean verified) {
        return new TimelineEntry(
                "customer_replied",
                actor,
                "The customer wrote" + doubt(verified),
                pairs("message_id", messageId.toString(), "verified", verified),
                Map.of());
    }

    static TimelineEntry reopened(String actor, UUID messageId, UUID runId, boolean verified) {
        return new TimelineEntry(
                "ticket_reopened",
                actor,
                "The customer wrote again; the agent works on it" + doubt(verified),
                pairs("from", "resolved", "message_id", messageId.toString(), "verified", verified),
                pairs("run_id", runId.toString()));
    }

    static TimelineEntry unheard(UUID runId) {
        return new TimelineEntry(
                "ticket_reopened",
                HERE,
                "The customer wrote while the agent was at work; another run follows",
                pairs("from", "resolved"),
                pairs("run_id", runId.toString()));
    }

    static TimelineEntry continuedIn(String actor, UUID ticketId) {
        return new TimelineEntry(
                "ticket_continued",
                actor,
                "The customer wrote again; since this one is closed, ticket " + ticketId + " was opened",
                pairs("in", ticketId.toString()),
                Map.of());
    }

    private static String doubt(boolean verified) {
        return verified ? "" : "; it is not proven who sent it, so money and accounts are left to people";
    }

    private static String because(@Nullable String reason) {
        return reason == null ? "" : ": " + reason;
    }

    private static String words(TicketStatus status) {
        return status.wireName().replace('_', ' ');
    }

    private static String name(String actor) {
        return actor.startsWith("user:") ? actor.substring("user:".length()) : actor;
    }
}

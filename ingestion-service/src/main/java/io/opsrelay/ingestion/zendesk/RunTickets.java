package io.opsrelay.ingestion.zendesk;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Which ticket there is which here, and what became of each in which run. Runs inside a transaction of the client, which
 * confines it to the client's own.
 */
@Component
class RunTickets {

    private static final int PREVIEW = 50;

    private final JdbcClient jdbc;
    private final RunStore runs;
    private final Clock clock;

    RunTickets(JdbcClient jdbc, RunStore runs, Clock clock) {
        this.jdbc = jdbc;
        this.runs = runs;
        this.clock = clock;
    }

    /**
     * A ticket there and ours here.
     *
     * @param processedAt when the outcome stood at Zendesk; absent while it is worked on
     * @param duplicates how often it came again
     * @param lastComment the newest comment there that was looked at
     * @param readStamp when the ticket there had changed last as its comments were read, as Zendesk writes it
     */
    record Link(
            String channelId,
            long zendeskId,
            UUID ticketId,
            @Nullable Instant processedAt,
            int duplicates,
            @Nullable Long lastComment,
            @Nullable String readStamp) {}

    /**
     * A ticket of a run.
     *
     * @param state waiting, succeeded, failed or skipped
     * @param reason why it was skipped, or what went wrong
     * @param commentsTaken how many comments of its customer became messages
     * @param draftStatus waiting, draft, sent, none or failed
     */
    record RunTicket(
            long zendeskId,
            @Nullable UUID ticketId,
            String state,
            @Nullable String reason,
            @Nullable Instant processedAt,
            int duplicates,
            int commentsTaken,
            boolean commentAdded,
            boolean commentUpdated,
            String draftStatus,
            int draftWordCount,
            @Nullable String preview,
            Instant updatedAt) {}

    boolean isKnown(UUID runId, long zendeskId) {
        return jdbc.sql("select 1 from zendesk_run_ticket where run_id = ? and zendesk_id = ?")
                .params(runId, zendeskId)
                .query(Integer.class)
                .optional()
                .isPresent();
    }

    Optional<Link> lock(String channelId, long zendeskId) {
        return find(channelId, zendeskId, " for update");
    }

    Optional<Link> find(String channelId, long zendeskId) {
        return find(channelId, zendeskId, "");
    }

    private Optional<Link> find(String channelId, long zendeskId, String how) {
        return jdbc.sql("select * from zendesk_ticket where channel_id = ? and zendesk_id = ?" + how)
                .params(channelId, zendeskId)
                .query(RunTickets::link)
                .optional();
    }

    /** The link of a ticket of ours, also of one that another goes on for. */
    Optional<Link> ofTicket(UUID ticketId) {
        return jdbc.sql("""
                        select * from zendesk_ticket where ticket_id = :ticket
                        union all
                        select l.* from zendesk_earlier_ticket e join zendesk_ticket l using (client_id, channel_id, zendesk_id)
                        where e.ticket_id = :ticket
                        """).param("ticket", ticketId).query(RunTickets::link).optional();
    }

    /** @throws org.springframework.dao.DuplicateKeyException if it was linked at the same moment */
    void link(String clientId, String channelId, long zendeskId, UUID ticketId) {
        jdbc.sql("""
                        insert into zendesk_ticket (client_id, channel_id, zendesk_id, ticket_id, received_at)
                        values (?, ?, ?, ?, ?)
                        """).params(clientId, channelId, zendeskId, ticketId, now()).update();
    }

    /** Of the two tickets of ours the other one goes on. */
    void continued(String clientId, Link link, UUID earlier, UUID another) {
        jdbc.sql("""
                        insert into zendesk_earlier_ticket (client_id, ticket_id, channel_id, zendesk_id)
                        values (?, ?, ?, ?)
                        """)
                .params(clientId, earlier, link.channelId(), link.zendeskId())
                .update();
        jdbc.sql("""
                        update zendesk_ticket set ticket_id = ?, processed_at = null
                        where channel_id = ? and zendesk_id = ?
                        """).params(another, link.channelId(), link.zendeskId()).update();
    }

    /**
     * Its comments were looked at.
     *
     * @param newest of all that there are
     * @param stamp under which there can be no others; null if there can
     */
    void commentsRead(Link link, @Nullable Long newest, @Nullable String stamp) {
        jdbc.sql("""
                        update zendesk_ticket set last_comment = :newest, read_stamp = :stamp
                        where channel_id = :channel and zendesk_id = :zendesk
                        """)
                .param("newest", newest, Types.BIGINT)
                .param("stamp", stamp, Types.VARCHAR)
                .param("channel", link.channelId())
                .param("zendesk", link.zendeskId())
                .update();
    }

    /** It came once more. */
    void repeated(Link link, boolean workedAgain) {
        jdbc.sql("update zendesk_ticket set duplicates = duplicates + 1" + (workedAgain ? ", processed_at = null" : "")
                        + " where channel_id = ? and zendesk_id = ?")
                .params(link.channelId(), link.zendeskId())
                .update();
    }

    void waiting(String clientId, UUID runId, long zendeskId, UUID ticketId, int duplicates, int comments) {
        insert(clientId, runId, zendeskId, ticketId, "waiting", null, null, duplicates, comments, "waiting");
    }

    /** What its customer wrote was added for whoever works on it. */
    void added(String clientId, UUID runId, Link link, UUID ticketId, int comments) {
        insert(
                clientId,
                runId,
                link.zendeskId(),
                ticketId,
                "succeeded",
                "what its customer wrote was added for whoever works on it",
                link.processedAt(),
                link.duplicates() + 1,
                comments,
                "none");
    }

    void skipped(String clientId, UUID runId, long zendeskId, @Nullable Link link, String reason) {
        insert(
                clientId,
                runId,
                zendeskId,
                link == null ? null : link.ticketId(),
                "skipped",
                reason,
                link == null ? null : link.processedAt(),
                link == null ? 0 : link.duplicates() + 1,
                0,
                "none");
    }

    void unusable(String clientId, UUID runId, long zendeskId, String reason) {
        insert(clientId, runId, zendeskId, null, "failed", reason, null, 0, 0, "none");
    }

    private void insert(
            String clientId,
            UUID runId,
            long zendeskId,
            @Nullable UUID ticketId,
            String state,
            @Nullable String reason,
            @Nullable Instant processedAt,
            int duplicates,
            int comments,
            String draftStatus) {
        jdbc.sql("""
                        insert into zendesk_run_ticket (client_id, run_id, zendesk_id, ticket_id, state, reason,
                            processed_at, duplicates, comments_taken, draft_status, updated_at)
                        values (:client, :run, :zendesk, :ticket, :state, :reason, :processed, :duplicates, :comments,
                            :draft, :now)
                        on conflict do nothing
                        """)
                .param("client", clientId)
                .param("run", runId)
                .param("zendesk", zendeskId)
                .param("ticket", ticketId)
                .param("state", state)
                .param("reason", reason)
                .param("processed", processedAt == null ? null : processedAt.atOffset(ZoneOffset.UTC))
                .param("duplicates", duplicates)
                .param("comments", comments)
                .param("draft", draftStatus)
                .param("now", now())
                .update();
    }

    /**
     * A comment stands at Zendesk.
     *
     * @param another whether one of ours stood there before
     */
    void commented(UUID ticketId, String draftStatus, boolean another, String text) {
        String words = text.strip();
        String preview = words.codePointCount(0, words.length()) <= PREVIEW
                ? words
                : words.substring(0, words.offsetByCodePoints(0, PREVIEW));
        settle(ticketId, "succeeded", null, !another, another, draftStatus, words.split("\\s+", -1).length, preview);
        processed(ticketId);
    }

    /** The agent is done with it and had nothing to say. */
    void ended(UUID ticketId, boolean failed, @Nullable String reason) {
        settle(ticketId, failed ? "failed" : "succeeded", reason, false, false, "none", 0, null);
        processed(ticketId);
    }

    /** It cannot be written to Zendesk. */
    void unwritten(UUID ticketId, String reason) {
        settle(ticketId, "failed", reason, false, false, "failed", 0, null);
        processed(ticketId);
    }

    private void settle(
            UUID ticketId,
            String state,
            @Nullable String reason,
            boolean added,
            boolean updated,
            String draftStatus,
            int wordCount,
            @Nullable String preview) {
        jdbc
                .sql("""
                        update zendesk_run_ticket set state = :state, reason = :reason, comment_added = :added,
                            comment_updated = :updated, draft_status = :draft, draft_word_count = :words,
                            preview = :preview, updated_at = :now
                        where ticket_id = :ticket and state = 'waiting'
                        returning run_id
                        """)
                .param("state", state)
                .param("reason", reason)
                .param("added", added)
                .param("updated", updated)
                .param("draft", draftStatus)
                .param("words", wordCount)
                .param("preview", preview)
                .param("now", now())
                .param("ticket", ticketId)
                .query(UUID.class)
                .list()
                .stream()
                .sorted()
                .forEach(runs::completeIfDone);
    }

    private void processed(UUID ticketId) {
        jdbc.sql("update zendesk_ticket set processed_at = ? where ticket_id = ? and processed_at is null")
                .params(now(), ticketId)
                .update();
    }

    List<RunTicket> of(UUID runId) {
        return jdbc.sql("select * from zendesk_run_ticket where run_id = ? order by zendesk_id")
                .param(runId)
                .query(RunTickets::ticket)
                .list();
    }

    private OffsetDateTime now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }

    private static Link link(ResultSet row, int n) throws SQLException {
        return new Link(
                row.getString("channel_id"),
                row.getLong("zendesk_id"),
                row.getObject("ticket_id", UUID.class),
                RunStore.instant(row, "processed_at"),
                row.getInt("duplicates"),
                row.getObject("last_comment", Long.class),
                row.getString("read_stamp"));
    }

    private static RunTicket ticket(ResultSet row, int n) throws SQLException {
        return new RunTicket(
                row.getLong("zendesk_id"),
                row.getObject("ticket_id", UUID.class),
                row.getString("state"),
                row.getString("reason"),
                RunStore.instant(row, "processed_at"),
                row.getInt("duplicates"),
                row.getInt("comments_taken"),
                row.getBoolean("comment_added"),
                row.getBoolean("comment_updated"),
                row.getString("draft_status"),
                row.getInt("draft_word_count"),
                row.getString("preview"),
                row.getObject("updated_at", OffsetDateTime.class).toInstant());
    }
}

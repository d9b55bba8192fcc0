package io.opsrelay.agent.accuracy;

import io.opsrelay.agent.run.ClassifiedTickets.Found;
import io.opsrelay.contracts.TicketEvent.TicketCorrected;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What people judged, in the database. Within a transaction of the client. */
@Component
class JudgementStore {

    /** Somewhat longer than anybody may look back. */
    private static final Duration KEPT = Duration.ofDays(400);

    /** So few that whoever adds one does not feel it, and more than one, so that what has piled up goes. */
    private static final int REMOVED_AT_A_TIME = 20;

    private final JdbcClient jdbc;

    JudgementStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Judgements that are alike.
     *
     * @param modelVersion of the model that had found the category; null where it is not known
     * @param said what people said; null where they left it as it was without a word
     */
    record Group(
            @Nullable String modelVersion,
            String classified,
            @Nullable String said,
            long tickets) {}

    /**
     * Keeps a person's word. The first one is about what the classifier had found until then; a later one changes what was
     * said and not what it is measured by.
     */
    void said(String clientId, TicketCorrected said, @Nullable String notLearned, Instant at) {
        jdbc.sql("""
                        insert into judgement as j (client_id, ticket_id, judged_at, classified, model_version, said, said_at,
                            not_learned)
                        values (:client, :ticket, :at, :classified, :version, :said, :at, :reason)
                        on conflict (client_id, ticket_id) do update set
                            classified = case when j.said is null then excluded.classified else j.classified end,
                            model_version = case when j.said is null then excluded.model_version
                                else j.model_version end,
                            said = excluded.said, said_at = excluded.said_at, not_learned = excluded.not_learned
                        """)
                .param("client", clientId)
                .param("ticket", said.ticketId())
                .param("at", utc(at))
                .param("classified", said.classified(), Types.VARCHAR)
                .param("version", said.modelVersion(), Types.VARCHAR)
                .param("said", said.corrected())
                .param("reason", notLearned, Types.VARCHAR)
                .update();
        removeOld(at);
    }

    /** Keeps that a person ended the ticket as it was found, unless the person's judgement is known already. */
    void left(String clientId, UUID ticketId, Found found, Instant at) {
        jdbc.sql("""
                        insert into judgement (client_id, ticket_id, judged_at, classified, model_version)
                        values (:client, :ticket, :at, :classified, :version) on conflict do nothing
                        """)
                .param("client", clientId)
                .param("ticket", ticketId)
                .param("at", utc(at))
                .param("classified", found.category())
                .param("version", found.modelVersion(), Types.VARCHAR)
                .update();
        removeOld(at);
    }

    /** Some of those that nobody can look back at any more: the table grows by one and shrinks by more. */
    private void removeOld(Instant now) {
        jdbc.sql("""
                        delete from judgement where (client_id, ticket_id) in (
                            select client_id, ticket_id from judgement where judged_at < :before
                            order by judged_at limit :some for update skip locked)
                        """)
                .param("before", utc(now.minus(KEPT)))
                .param("some", REMOVED_AT_A_TIME)
                .update();
    }

    /** What was judged since then about what the classifier had found. */
    List<Group> since(Instant since) {
        return jdbc.sql("""
                        select model_version, classified, said, count(*) as tickets from judgement
                        where judged_at >= :since and classified is not null
                        group by model_version, classified, said order by tickets desc, classified, said, model_version
                        """)
                .param("since", utc(since))
                .query((row, n) -> new Group(
                        row.getString("model_version"),
                        row.getString("classified"),
                        row.getString("said"),
                        row.getLong("tickets")))
                .list();
    }

    /** How many words of people since then did not become examples. */
    long notLearnedSince(Instant since) {
        return jdbc.sql("select count(*) from judgement where said_at >= :since and not_learned is not null")
                .param("since", utc(since))
                .query(Long.class)
                .single();
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}

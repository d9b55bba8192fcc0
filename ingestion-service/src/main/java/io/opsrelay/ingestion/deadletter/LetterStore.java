package io.opsrelay.ingestion.deadletter;

import io.opsrelay.contracts.Topics;
import io.opsrelay.messaging.RawRecord.RawHeader;
import io.opsrelay.messaging.TopicNames;
import io.opsrelay.security.web.Cursor;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table {@code dead_letter}. Every call belongs into a transaction of the owner. */
@Component
class LetterStore {

    private static final String INSERT = """
            insert into dead_letter (client_id, letter_id, state, topic, origin, consumer, reason, event_type, event_id,
                key, value, header_names, header_values, fingerprint, replay_of, set_aside_at, created_at)
            values (?, ?, 'open', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            on conflict do nothing""";

    /** A list leaves out what may be large. */
    private static final String FACTS = """
            client_id, letter_id, state, topic, origin, consumer, reason, event_type, event_id, key, replay_of,
            set_aside_at, created_at, settled_by, settled_at, note, null::bytea as value, null::bytea as edited,
            '{}'::text[] as header_names, '{}'::bytea[] as header_values""";

    private static final String ERASED = "the customer was erased";

    /** What other systems write may have anything as its key, an address say. */
    private static final String ERASE = """
            update dead_letter
            set value = null, edited = null, header_names = '{}', header_values = '{}', reason = :erased,
                key = case when topic = :upstream then null else key end,
                note = case when state in ('replayed', 'discarded') then null else :erased end,
                settled_by = case when state in ('replayed', 'discarded') then settled_by else :by end,
                settled_at = case when state in ('replayed', 'discarded') then settled_at else :at end,
                state = case when state = 'replayed' then state else 'discarded' end
            where value is not null and\s""";

    private final JdbcClient jdbc;
    private final JdbcTemplate batches;
    private final String upstream;

    LetterStore(JdbcClient jdbc, JdbcTemplate batches, TopicNames topics) {
        this.upstream = topics.full(Topics.UPSTREAM);
        this.jdbc = jdbc;
        this.batches = batches;
    }

    /** Adds those that are not there yet. */
    void add(List<Letter> letters) {
        batches.batchUpdate(INSERT, letters, letters.size(), (statement, letter) -> {
            statement.setString(1, letter.owner());
            statement.setObject(2, letter.letterId());
            statement.setString(3, letter.topic());
            statement.setString(4, letter.origin());
            statement.setString(5, letter.consumer());
            statement.setString(6, letter.reason());
            statement.setString(7, letter.eventType());
            statement.setString(8, letter.eventId());
            statement.setBytes(9, letter.key());
            statement.setBytes(10, letter.value());
            statement.setArray(
                    11,
                    statement
                            .getConnection()
                            .createArrayOf(
                                    "text",
                                    letter.headers().stream()
                                            .map(RawHeader::name)
                                            .toArray()));
            statement.setArray(
                    12,
                    statement
                            .getConnection()
                            .createArrayOf(
                                    "bytea",
                                    letter.headers().stream()
                                            .map(RawHeader::value)
                                            .toArray(byte[][]::new)));
            statement.setBytes(13, fingerprint(letter));
            statement.setObject(14, letter.replayOf());
            statement.setObject(15, utc(letter.setAsideAt()));
            statement.setObject(16, utc(letter.createdAt()));
        });
    }

    private static byte[] fingerprint(Letter letter) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            update(digest, letter.key());
            update(digest, letter.value());
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static void update(MessageDigest digest, byte @Nullable [] part) {
        digest.update((byte) (part == null ? 0 : 1));
        if (part != null) {
            digest.update(part);
        }
    }

    Optional<Letter> find(UUID letterId) {
        return jdbc.sql("select * from dead_letter where letter_id = :id")
                .param("id", letterId)
                .query(LETTER)
                .optional();
    }

    /** Reads it and holds off everybody else until the transaction ends. */
    Optional<Letter> lock(UUID letterId) {
        return jdbc.sql("select * from dead_letter where letter_id = :id for update")
                .param("id", letterId)
                .query(LETTER)
                .optional();
    }

    /** Newest first, without values and headers; one more than the page holds. */
    List<Letter> list(LetterFilter filter, @Nullable Cursor after, int limit) {
        Map<String, @Nullable Object> parameters = new HashMap<>(filter.parameters());
        parameters.put("limit", limit);
        if (after != null) {
            parameters.put("afterTime", utc(after.createdAt()));
            parameters.put("afterId", after.id());
        }
        return jdbc.sql("select " + FACTS + " from dead_letter where true" + filter.conditions()
                        + (after == null ? "" : " and (created_at, letter_id) < (:afterTime, :afterId)")
                        + " order by created_at desc, letter_id desc limit :limit")
                .params(parameters)
                .query(LETTER)
                .list();
    }

    /** Open ones, oldest first, locked; those that somebody else decides about just now are passed over. */
    List<Letter> open(LetterFilter filter, int most) {
        Map<String, @Nullable Object> parameters = new HashMap<>(filter.parameters());
        parameters.put("most", most);
        return jdbc.sql("select " + FACTS + " from dead_letter where state = 'open'" + filter.conditions()
                        + " order by created_at, letter_id limit :most for update skip locked")
                .params(parameters)
                .query(LETTER)
                .list();
    }

    /** Writes down what was decided. */
    void settle(
            UUID letterId,
            LetterState state,
            byte @Nullable [] edited,
            @Nullable String by,
            @Nullable Instant at,
            @Nullable String note) {
        jdbc.sql("""
                        update dead_letter
                        set state = :state, edited = :edited, settled_by = :by, settled_at = :at, note = :note
                        where letter_id = :id""")
                .param("id", letterId)
                .param("state", state.wireName())
                .param("edited", edited, Types.BINARY)
                .param("by", by, Types.VARCHAR)
                .param("at", at == null ? null : utc(at), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("note", note, Types.VARCHAR)
                .update();
    }

    /** Those of a topic that still have their value, with it, in the order of their ids. */
    List<Letter> whole(String topic, UUID after, int most) {
        return jdbc.sql("""
                        select * from dead_letter where topic = :topic and value is not null and letter_id > :after
                        order by letter_id limit :most""")
                .param("topic", topic)
                .param("after", after)
                .param("most", most)
                .query(LETTER)
                .list();
    }

    /**
     * Takes away what letters hold: those of these tickets, and those in whose value one of these addresses stands. What
     * nobody has decided about is discarded.
     */
    void erase(Collection<UUID> ticketIds, Collection<String> addresses, String by, Instant at) {
        jdbc.sql(ERASE + """
                        (key = any(:keys) or exists (
                            select from unnest(:addresses) as a
                            -- As text that any bytes can be: a value may be in no charset at all.
                            where position(lower(encode(convert_to(a, 'UTF8'), 'escape'))
                                in lower(encode(value || coalesce(edited, ''), 'escape'))) > 0))""")
                .param(
                        "keys",
                        ticketIds.stream()
                                .map(id -> id.toString().getBytes(StandardCharsets.US_ASCII))
                                .toArray(byte[][]::new))
                .param("addresses", addresses.toArray(String[]::new))
                .param("erased", ERASED)
                .param("upstream", upstream)
                .param("by", by)
                .param("at", utc(at))
                .update();
    }

    /** The same of these letters. */
    void erase(Collection<UUID> letterIds, String by, Instant at) {
        jdbc.sql(ERASE + "letter_id = any(:letters)")
                .param("letters", letterIds.toArray(UUID[]::new))
                .param("erased", ERASED)
                .param("upstream", upstream)
                .param("by", by)
                .param("at", utc(at))
                .update();
    }

    /** Letters of all owners that nobody has settled, and when the oldest of them was set aside. */
    Unsettled unsettled() {
        return jdbc.sql("select letters, oldest from unsettled_dead_letters()")
                .query((row, number) -> new Unsettled(
                        row.getLong("letters"), row.getObject("oldest") == null ? null : instant(row, "oldest")))
                .single();
    }

    /** Forgets what is old, of all owners, some of it at a time; how many rows that were. */
    long sweep(Instant settledBefore, Instant setAsideBefore, int most) {
        return jdbc.sql("select sweep_dead_letters(?, ?, ?)")
                .params(utc(settledBefore), utc(setAsideBefore), most)
                .query(Long.class)
                .single();
    }

    private static final RowMapper<Letter> LETTER = (row, number) -> new Letter(
            row.getString("client_id"),
            row.getObject("letter_id", UUID.class),
            LetterState.named(row.getString("state")).orElseThrow(),
            row.getString("topic"),
            row.getString("origin"),
            row.getString("consumer"),
            row.getString("reason"),
            row.getString("event_type"),
            row.getString("event_id"),
            row.getBytes("key"),
            row.getBytes("value"),
            headers(row),
            row.getObject("replay_of", UUID.class),
            instant(row, "set_aside_at"),
            instant(row, "created_at"),
            row.getBytes("edited"),
            row.getString("settled_by"),
            row.getObject("settled_at") == null ? null : instant(row, "settled_at"),
            row.getString("note"));

    private static List<RawHeader> headers(ResultSet row) throws SQLException {
        Array names = row.getArray("header_names");
        Array values = row.getArray("header_values");
        String[] name = (String[]) names.getArray();
        byte[][] value = (byte[][]) values.getArray();
        List<RawHeader> headers = new ArrayList<>(name.length);
        for (int i = 0; i < name.length; i++) {
            headers.add(new RawHeader(name[i], value[i]));
        }
        return headers;
    }

    static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    /** @param oldest null when there is none */
    record Unsettled(long letters, @Nullable Instant oldest) {}
}

package io.opsrelay.agent.knowledge;

import io.opsrelay.agent.knowledge.Knowledge.Hit;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Vectors of passages in the database. Within a transaction of the client, unless said otherwise. */
@Component
class VectorStore {

    private static final int FETCH = 500;

    private final JdbcClient jdbc;
    private final Clock clock;

    VectorStore(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** Clients that have passages. In any transaction, or none. */
    List<String> clientsWithPassages() {
        return jdbc.sql("select * from clients_with_passages()")
                .query(String.class)
                .list();
    }

    /** From now on vectors of this model are wanted. */
    void want(String clientId, String space) {
        jdbc.sql("""
                        insert into knowledge_vectors (client_id, model, updated_at) values (:client, :model, :at)
                        on conflict (client_id) do update set model = excluded.model, updated_at = excluded.updated_at
                        where knowledge_vectors.model <> excluded.model""")
                .param("client", clientId)
                .param("model", space)
                .param("at", clock.instant().atOffset(ZoneOffset.UTC))
                .update();
    }

    /**
     * Notes that a job is wanted.
     *
     * @param space wanted where nothing is yet
     * @return false if one waits already
     */
    boolean queue(String clientId, String space) {
        return jdbc.sql("""
                        insert into knowledge_vectors (client_id, model, queued, updated_at)
                        values (:client, :model, true, :at)
                        on conflict (client_id) do update set queued = true where not knowledge_vectors.queued""")
                        .param("client", clientId)
                        .param("model", space)
                        .param("at", clock.instant().atOffset(ZoneOffset.UTC))
                        .update()
                == 1;
    }

    /**
     * A job begins: what changes from now on needs another one.
     *
     * @return false if vectors of another model are wanted; then nothing was noted
     */
    boolean begin(String space) {
        return jdbc.sql("update knowledge_vectors set queued = false where model = :model")
                        .param("model", space)
                        .update()
                == 1;
    }

    /** Whether vectors of another model are wanted, and some instance has worked for them since then. */
    boolean worksForAnother(String space, Instant since) {
        return jdbc.sql(
                        "select exists (select 1 from knowledge_vectors where model <> :model and updated_at >= :since)")
                .param("model", space)
                .param("since", since.atOffset(ZoneOffset.UTC))
                .query(Boolean.class)
                .single();
    }

    /** A job has looked through all passages. What is wrong with some of them, if anything is. */
    void lookedThrough(String space, @Nullable String trouble) {
        jdbc.sql("update knowledge_vectors set failures = 0, trouble = :trouble, updated_at = :at where model = :model")
                .param("model", space)
                .param("trouble", trouble)
                .param("at", clock.instant().atOffset(ZoneOffset.UTC))
                .update();
    }

    /** No job waits any more, whatever model is wanted. */
    void idle() {
        jdbc.sql("update knowledge_vectors set queued = false").update();
    }

    /** @return how often it failed in a row */
    int failed(String trouble) {
        return jdbc.sql("""
                        update knowledge_vectors set failures = failures + 1, trouble = :trouble, updated_at = :at
                        returning failures""")
                .param("trouble", trouble)
                .param("at", clock.instant().atOffset(ZoneOffset.UTC))
                .query(Integer.class)
                .optional()
                .orElse(1);
    }

    /** Passages that lack a vector of the model, in the order of their keys, from behind {@code after} on. */
    List<Unembedded> missing(String space, @Nullable Unembedded after, int most) {
        return jdbc.sql("""
                        select p.article_id, p.seq, a.revision, a.title, p.heading, p.text
                        from passage p
                        join article a on a.article_id = p.article_id
                        left join passage_vector v
                            on v.article_id = p.article_id and v.seq = p.seq and v.model = :model
                        where v.article_id is null
                          and (:after::text is null or (p.article_id, p.seq) > (:after, :seq))
                        order by p.article_id, p.seq limit :most""")
                .param("model", space)
                .param("after", after == null ? null : after.articleId())
                .param("seq", after == null ? 0 : after.seq())
                .param("most", most)
                .query((row, n) -> new Unembedded(
                        row.getString("article_id"),
                        row.getInt("seq"),
                        row.getLong("revision"),
                        row.getString("title"),
                        row.getString("heading"),
                        row.getString("text")))
                .list();
    }

    /** How many dimensions the model's vectors have that are there already. */
    Optional<Integer> dimensions(String space) {
        return jdbc.sql("select octet_length(vector) from passage_vector where model = :model limit 1")
                .param("model", space)
                .query((row, n) -> row.getInt(1) / Float.BYTES)
                .optional();
    }

    /** Keeps the vectors of those passages that are still as they were read. The client's articles are locked. */
    void keep(String clientId, String space, List<Unembedded> passages, List<float[]> vectors) {
        long stamp = jdbc.sql("""
                        update knowledge_vectors set generation = generation + 1, failures = 0, trouble = null,
                            updated_at = :at returning generation""")
                .param("at", clock.instant().atOffset(ZoneOffset.UTC))
                .query(Long.class)
                .single();
        jdbc.sql("""
                        insert into passage_vector (client_id, article_id, seq, model, stamp, vector)
                        select :client, t.id, t.seq, :model, :stamp, t.vector
                        from unnest(:ids::text[], :seqs::int[], :revisions::bigint[], :vectors::bytea[])
                            as t (id, seq, revision, vector)
                        join article a on a.article_id = t.id and a.revision = t.revision
                        join passage p on p.article_id = t.id and p.seq = t.seq
                        on conflict (client_id, article_id, seq) do update
                            set model = excluded.model, stamp = excluded.stamp, vector = excluded.vector""")
                .param("client", clientId)
                .param("model", space)
                .param("stamp", stamp)
                .param("ids", passages.stream().map(Unembedded::articleId).toArray(String[]::new))
                .param("seqs", passages.stream().map(Unembedded::seq).toArray(Integer[]::new))
                .param("revisions", passages.stream().map(Unembedded::revision).toArray(Long[]::new))
                .param("vectors", vectors.stream().map(VectorStore::bytes).toArray(byte[][]::new))
                .update();
    }

    /** Where the client's vectors stand; empty if none were ever wanted. */
    Optional<State> state() {
        return jdbc.sql("select * from knowledge_vectors")
                .query((row, n) -> new State(
                        row.getString("client_id"),
                        row.getString("model"),
                        row.getLong("generation"),
                        row.getString("trouble")))
                .optional();
    }

    /** How many passages there are, and how many of them have a vector of the model. */
    Counts counts(String space) {
        return jdbc.sql("""
                        select (select count(*) from passage) as passages,
                               (select count(*) from passage_vector where model = :model) as embedded""")
                .param("model", space)
                .query((row, n) -> new Counts(row.getLong("passages"), row.getLong("embedded")))
                .single();
    }

    /** How many vectors of the model have so many dimensions. */
    long size(String space, int dimensions) {
        return jdbc.sql("select count(*) from passage_vector where model = :model and octet_length(vector) = :bytes")
                .param("model", space)
                .param("bytes", dimensions * Float.BYTES)
                .query(Long.class)
                .single();
    }

    /** Gives those of a later generation to {@code each}. */
    void each(String space, int dimensions, long laterThan, Each each) {
        jdbc.sql("""
                        select article_id, seq, stamp, vector from passage_vector
                        where stamp > :stamp and model = :model and octet_length(vector) = :bytes""")
                .param("stamp", laterThan)
                .param("model", space)
                .param("bytes", dimensions * Float.BYTES)
                .withFetchSize(FETCH)
                .query((RowCallbackHandler) row -> each.take(key(row), floats(row.getBytes("vector"))));
    }

    /** The passages of these vectors, in their order; without those that were replaced or deleted meanwhile. */
    List<Hit> passages(List<Located> keys, Map<Located, Double> similarities, @Nullable String intent) {
        return jdbc.sql("""
                        select p.article_id, p.seq, v.stamp, p.language, p.heading, p.text, a.title,
                               coalesce(:intent::text = any(a.intents), false) as about
                        from unnest(:ids::text[], :seqs::int[], :stamps::bigint[]) with ordinality
                            as t (id, seq, stamp, place)
                        join passage_vector v on v.article_id = t.id and v.seq = t.seq and v.stamp = t.stamp
                        join passage p on p.article_id = t.id and p.seq = t.seq
                        join article a on a.article_id = t.id
                        order by t.place""")
                .param("intent", intent)
                .param("ids", keys.stream().map(Located::articleId).toArray(String[]::new))
                .param("seqs", keys.stream().map(Located::seq).toArray(Integer[]::new))
                .param("stamps", keys.stream().map(Located::stamp).toArray(Long[]::new))
                .query((row, n) -> new Hit(
                        new Passage(
                                row.getString("article_id"),
                                row.getString("title"),
                                row.getString("language"),
                                row.getString("text")),
                        row.getInt("seq"),
                        row.getString("heading"),
                        row.getBoolean("about"),
                        List.of(),
                        0,
                        similarities.get(key(row))))
                .list();
    }

    private static Located key(ResultSet row) throws SQLException {
        return new Located(row.getString("article_id"), row.getInt("seq"), row.getLong("stamp"));
    }

    private static byte[] bytes(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return bytes.array();
    }

    private static float[] floats(byte[] bytes) {
        float[] vector = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
        return vector;
    }

    /** Takes a vector. */
    @FunctionalInterface
    interface Each {
        void take(Located key, float[] vector);
    }

    /**
     * A vector's passage.
     *
     * @param stamp tells it from the vector that replaces it
     */
    record Located(String articleId, int seq, long stamp) {}

    /** @param generation counts the changes of the client's vectors */
    record State(
            String clientId,
            String space,
            long generation,
            @Nullable String trouble) {}

    record Counts(long passages, long embedded) {}

    /** @param revision of its article when it was read */
    record Unembedded(String articleId, int seq, long revision, String title, String heading, String text) {

        /** What is embedded: a passage by itself may not say what it is about. */
        String inContext() {
            return title + "\n" + (heading.isEmpty() ? "" : heading + "\n") + text;
        }
    }
}

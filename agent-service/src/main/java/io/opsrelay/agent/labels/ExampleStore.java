package io.opsrelay.agent.labels;

import io.opsrelay.agent.learning.LabelledText;
import io.opsrelay.messaging.Ids;
import io.opsrelay.security.web.Cursor;
import io.opsrelay.security.web.PageRequest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** A client's examples in the database. Within a transaction of the client. */
@Component
class ExampleStore {

    private static final int BATCH = 1_000;

    private final JdbcClient jdbc;
    private final Ids ids;

    ExampleStore(JdbcClient jdbc, Ids ids) {
        this.jdbc = jdbc;
        this.ids = ids;
    }

    /** Where an example comes from. */
    enum Source {
        UPLOAD,
        CORRECTION;

        String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** An example as people see it. */
    record Example(
            UUID exampleId,
            String text,
            String label,
            Source source,
            @Nullable UUID ticketId,
            String createdBy,
            Instant createdAt) {}

    /** How much there is. */
    record Counts(int examples, int labels) {}

    /** Takes examples one by one and writes them many at a time; {@link #end()} writes the last ones. */
    final class Upload implements Consumer<LabelledText> {
        private final String clientId;
        private final String user;
        private final OffsetDateTime at;
        private final List<LabelledText> waiting = new ArrayList<>(BATCH);
        private int added;

        private Upload(String clientId, String user, Instant at) {
            this.clientId = clientId;
            this.user = user;
            this.at = at.atOffset(ZoneOffset.UTC);
        }

        @Override
        public void accept(LabelledText example) {
            waiting.add(example);
            added++;
            if (waiting.size() == BATCH) {
                write();
            }
        }

        /** How many it has taken so far. */
        int added() {
            return added;
        }

        void end() {
            write();
        }

        private void write() {
            jdbc.sql("""
                            insert into label_example (client_id, example_id, source, text, label, created_by, created_at)
                            select :client, id, 'upload', text, label, :user, :at
                            from unnest(:ids::uuid[], :texts::text[], :labels::text[]) as sent (id, text, label)""")
                    .param("client", clientId)
                    .param("ids", waiting.stream().map(example -> ids.next()).toArray(UUID[]::new))
                    .param("texts", waiting.stream().map(LabelledText::text).toArray(String[]::new))
                    .param("labels", waiting.stream().map(LabelledText::label).toArray(String[]::new))
                    .param("user", user)
                    .param("at", at)
                    .update();
            waiting.clear();
        }
    }

    /** Lets nobody else replace or add to the client's examples until the transaction ends. */
    void lock(String clientId) {
        jdbc.sql("select pg_advisory_xact_lock(hashtextextended('label_example ' || :client, 0)) is null")
                .param("client", clientId)
                .query(Boolean.class)
                .single();
    }

    Upload upload(String clientId, String user, Instant at) {
        return new Upload(clientId, user, at);
    }

    /** Keeps what a person says a text is about; a ticket's later correction replaces its earlier one. */
    UUID correct(String clientId, @Nullable UUID ticketId, LabelledText example, String user, Instant at) {
        return jdbc.sql("""
                        insert into label_example
                            (client_id, example_id, source, ticket_id, text, label, created_by, created_at)
                        values (:client, :id, 'correction', :ticket, :text, :label, :user, :at)
                        on conflict (client_id, ticket_id) where source = 'correction' do update set
                            text = excluded.text, label = excluded.label, created_by = excluded.created_by,
                            created_at = excluded.created_at
                        returning example_id""")
                .param("client", clientId)
                .param("id", ids.next())
                .param("ticket", ticketId)
                .param("text", example.text())
                .param("label", example.label())
                .param("user", user)
                .param("at", at.atOffset(ZoneOffset.UTC))
                .query(UUID.class)
                .single();
    }

    /** Removes all examples of that source, or all. */
    int delete(@Nullable Source source) {
        return jdbc.sql("delete from label_example where :source::text is null or source = :source")
                .param("source", source == null ? null : source.code())
                .update();
    }

    Counts counts() {
        return jdbc.sql("select count(*) as examples, count(distinct label) as labels from label_example")
                .query((row, n) -> new Counts(row.getInt("examples"), row.getInt("labels")))
                .single();
    }

    boolean has(String label) {
        return jdbc.sql("select exists (select from label_example where label = :label)")
                .param("label", label)
                .query(Boolean.class)
                .single();
    }

    /** How many labels have at least so many examples. */
    int labelsWith(int examples) {
        return jdbc.sql("""
                        select count(*) from (
                            select label from label_example group by label having count(distinct text) >= :least) as label""").param("least", examples).query(Integer.class).single();
    }

    int correctionsSince(Instant instant) {
        return jdbc.sql("select count(*) from label_example where source = 'correction' and created_at > :at")
                .param("at", instant.atOffset(ZoneOffset.UTC))
                .query(Integer.class)
                .single();
    }

    /** Gives each example to {@code each}, corrections first, the newest of them before the others. */
    void each(Consumer<Example> each) {
        jdbc.sql("select * from label_example order by source = 'correction' desc, created_at desc, example_id desc")
                .withFetchSize(BATCH)
                .query((RowCallbackHandler) row -> each.accept(read(row)));
    }

    /** A page, newest first, read with one row more than it holds. */
    List<Example> list(@Nullable String label, @Nullable Source source, PageRequest page) {
        Cursor after = page.after();
        return jdbc.sql("""
                        select * from label_example
                        where (:label::text is null or label = :label) and (:source::text is null or source = :source)
                          and (:at::timestamptz is null or (created_at, example_id) < (:at, :id::uuid))
                        order by created_at desc, example_id desc limit :limit""")
                .param("label", label)
                .param("source", source == null ? null : source.code())
                .param("at", after == null ? null : after.createdAt().atOffset(ZoneOffset.UTC))
                .param("id", after == null ? null : after.id())
                .param("limit", page.limit() + 1)
                .query((row, n) -> read(row))
                .list();
    }

    private static Example read(ResultSet row) throws SQLException {
        return new Example(
                row.getObject("example_id", UUID.class),
                row.getString("text"),
                row.getString("label"),
                Source.valueOf(row.getString("source").toUpperCase(Locale.ROOT)),
                row.getObject("ticket_id", UUID.class),
                row.getString("created_by"),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }
}

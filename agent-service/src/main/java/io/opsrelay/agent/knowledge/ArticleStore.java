package io.opsrelay.agent.knowledge;

import io.opsrelay.agent.knowledge.Article.Cut;
import io.opsrelay.agent.knowledge.Article.Format;
import io.opsrelay.agent.knowledge.Article.Section;
import io.opsrelay.agent.knowledge.Article.Stored;
import io.opsrelay.security.web.PageRequest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Articles in the database; triggers there keep the search's index, and a job their vectors. Within a transaction of the client. */
@Component
class ArticleStore {

    private static final int AT_ONCE = 250;

    private static final String COLUMNS = """
            select a.*, (select count(*) from passage p where p.article_id = a.article_id) as passages from article a""";

    private final JdbcClient jdbc;
    private final VectorJobs vectors;
    private final Clock clock;

    ArticleStore(JdbcClient jdbc, VectorJobs vectors, Clock clock) {
        this.jdbc = jdbc;
        this.vectors = vectors;
        this.clock = clock;
    }

    /**
     * Lets one transaction at a time change the client's articles: two would meet at the words that both count, each
     * waiting for the other. Comes before anything is read that decides about the change.
     */
    void lock(String clientId) {
        jdbc.sql("select pg_advisory_xact_lock(hashtextextended('knowledge ' || :client, 0)) is null")
                .param("client", clientId)
                .query(Boolean.class)
                .single();
    }

    /** Adds articles, or replaces those of the same ids; some at a time, so that no statement takes long. */
    void put(String clientId, List<Cut> articles) {
        for (int from = 0; from < articles.size(); from += AT_ONCE) {
            putSome(clientId, articles.subList(from, Math.min(from + AT_ONCE, articles.size())));
        }
        if (!articles.isEmpty()) {
            vectors.add(clientId);
        }
    }

    private void putSome(String clientId, List<Cut> cut) {
        List<Article> articles = cut.stream().map(Cut::article).toList();
        jdbc.sql("""
                        insert into article (client_id, article_id, title, language, intents, format, content, source_url,
                                             created_at, updated_at)
                        select :client, id, title, language, string_to_array(intents, ','), format, content, url, :at, :at
                        from unnest(:ids::text[], :titles::text[], :languages::text[], :intents::text[],
                                    :formats::text[], :contents::text[], :urls::text[])
                            as t (id, title, language, intents, format, content, url)
                        on conflict (client_id, article_id) do update set
                            title = excluded.title, language = excluded.language, intents = excluded.intents,
                            format = excluded.format, content = excluded.content, source_url = excluded.source_url,
                            updated_at = excluded.updated_at, revision = article.revision + 1""")
                .param("client", clientId)
                .param("ids", column(articles, Article::id))
                .param("titles", column(articles, Article::title))
                .param("languages", column(articles, Article::language))
                .param("intents", column(articles, article -> String.join(",", article.intents())))
                .param("formats", column(articles, article -> name(article.format())))
                .param("contents", column(articles, Article::content))
                .param("urls", column(articles, Article::sourceUrl))
                .param("at", clock.instant().atOffset(ZoneOffset.UTC))
                .update();
        jdbc.sql("delete from passage where article_id = any(:ids::text[])")
                .param("ids", column(articles, Article::id))
                .update();
        List<Row> rows = new ArrayList<>();
        for (Cut article : cut) {
            article.sections().forEach(section -> rows.add(new Row(article.article(), section)));
        }
        jdbc.sql("""
                        insert into passage (client_id, article_id, seq, language, heading, text)
                        select :client, id, row_number() over (partition by id order by position) - 1,
                               language, heading, text
                        from unnest(:ids::text[], :languages::text[], :headings::text[], :texts::text[])
                            with ordinality as t (id, language, heading, text, position)""")
                .param("client", clientId)
                .param("ids", column(rows, row -> row.article().id()))
                .param("languages", column(rows, row -> row.article().language()))
                .param("headings", column(rows, row -> row.section().heading()))
                .param("texts", column(rows, row -> row.section().text()))
                .update();
    }

    Optional<Stored> find(String articleId) {
        return jdbc.sql(COLUMNS + " where a.article_id = :id")
                .param("id", articleId)
                .query((row, n) -> read(row))
                .optional();
    }

    /** Newest first, one more than the page holds. */
    List<Stored> list(@Nullable String language, @Nullable String text, PageRequest page) {
        return jdbc.sql(COLUMNS + """
                         where (:language::text is null or a.language = :language)
                           and (:text::text is null or position(lower(:text) in lower(a.title)) > 0
                                or position(lower(:text) in lower(a.content)) > 0)
                           and (:at::timestamptz is null or (a.created_at, a.list_key) < (:at, :key::uuid))
                        order by a.created_at desc, a.list_key desc limit :rows""")
                .param("language", language)
                .param("text", text)
                .param(
                        "at",
                        page.after() == null ? null : page.after().createdAt().atOffset(ZoneOffset.UTC))
                .param("key", page.after() == null ? null : page.after().id())
                .param("rows", page.limit() + 1)
                .query((row, n) -> read(row))
                .list();
    }

    void delete(String articleId) {
        jdbc.sql("delete from article where article_id = :id")
                .param("id", articleId)
                .update();
    }

    Set<String> ids() {
        return Set.copyOf(
                jdbc.sql("select article_id from article").query(String.class).list());
    }

    private static Stored read(ResultSet row) throws SQLException {
        return new Stored(
                new Article(
                        row.getString("article_id"),
                        row.getString("title"),
                        row.getString("language"),
                        Knowledge.texts(row.getArray("intents")),
                        Format.valueOf(row.getString("format").toUpperCase(Locale.ROOT)),
                        row.getString("content"),
                        row.getString("source_url")),
                row.getLong("revision"),
                row.getInt("passages"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("updated_at", OffsetDateTime.class).toInstant(),
                Objects.requireNonNull(row.getObject("list_key", UUID.class)));
    }

    private static String name(Format format) {
        return format.name().toLowerCase(Locale.ROOT);
    }

    private static <T> @Nullable String[] column(List<T> rows, Function<T, @Nullable String> of) {
        return rows.stream().map(of).toArray(String[]::new);
    }

    private record Row(Article article, Section section) {}
}

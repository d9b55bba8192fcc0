package io.opsrelay.agent.knowledge;

import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Finds the passage that answers a question. Within a transaction of the client. */
@Component
public class Knowledge {

    /**
     * Articles about the ticket's intent come first, those in its language before others, then the closest wording.
     * Without the intent, at least two words of the question must stand in the passage: no passage is better than a
     * wrong one.
     */
    private static final String SEARCH = """
            with asked as materialized (
                select language, words,
                       (select coalesce(string_agg(quote_literal(word), ' | '), '')::tsquery
                        from unnest(tsvector_to_array(words)) as word) as query
                from (select language, to_tsvector(text_search_configuration(language), :question) as words
                      from (select :language::text union select 'en') as languages (language)) as parsed
            )
            select p.article_id, a.title, p.language, p.text,
                   :intent = any(a.intents) as about, p.language = :language as same_language,
                   ts_rank_cd(p.words, asked.query, 32) as rank,
                   (select count(*) from unnest(tsvector_to_array(p.words)) as word
                    where word = any(tsvector_to_array(asked.words))) as shared
            from asked
            join passage p using (language)
            join article a using (client_id, article_id)
            where :intent = any(a.intents) or p.words @@ asked.query
            order by about desc, same_language desc, shared desc, rank desc, p.article_id, p.seq
            limit 1""";

    private static final int LEAST_SHARED_WORDS = 2;
    private static final int LONGEST_QUESTION = 2_000;

    private final JdbcClient jdbc;

    Knowledge(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * The passage that best answers, or none.
     *
     * @param intent what the question is about, as the classifier names it
     * @param language ISO 639-1 of the question; passages in English serve where there is none in it
     */
    public Optional<Passage> answering(String question, String intent, String language) {
        String asked = question.length() > LONGEST_QUESTION ? question.substring(0, LONGEST_QUESTION) : question;
        return jdbc.sql(SEARCH)
                .param("question", asked)
                .param("intent", intent)
                .param("language", language)
                .query((row, n) -> row.getBoolean("about") || row.getInt("shared") >= LEAST_SHARED_WORDS
                        ? Optional.of(new Passage(
                                row.getString("article_id"),
                                row.getString("title"),
                                row.getString("language"),
                                row.getString("text")))
                        : Optional.<Passage>empty())
                .optional()
                .flatMap(found -> found);
    }

    /** Adds an article, or replaces the one of that id. */
    void put(String clientId, Article article) {
        jdbc.sql("delete from article where client_id = :client and article_id = :id")
                .param("client", clientId)
                .param("id", article.id())
                .update();
        jdbc.sql("""
                        insert into article (client_id, article_id, title, language, intents)
                        values (:client, :id, :title, :language, string_to_array(:intents, ','))""")
                .param("client", clientId)
                .param("id", article.id())
                .param("title", article.title())
                .param("language", article.language())
                .param("intents", String.join(",", article.intents()))
                .update();
        List<String> passages = article.passages();
        for (int seq = 0; seq < passages.size(); seq++) {
            jdbc.sql("""
                            insert into passage (client_id, article_id, seq, language, text)
                            values (:client, :id, :seq, :language, :text)""")
                    .param("client", clientId)
                    .param("id", article.id())
                    .param("seq", seq)
                    .param("language", article.language())
                    .param("text", passages.get(seq))
                    .update();
        }
    }
}

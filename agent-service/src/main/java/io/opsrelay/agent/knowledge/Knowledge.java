package io.opsrelay.agent.knowledge;

import io.opsrelay.agent.knowledge.Evidence.Word;
import io.opsrelay.agent.knowledge.VectorStore.Located;
import io.opsrelay.agent.vector.VectorSet.Near;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Finds the passages that answer a question: by its words and, where an embedding model is configured, by its meaning. Within
 * a transaction of the client.
 */
@Component
public class Knowledge {

    private static final int LONGEST_QUESTION = 2_000;
    private static final int QUOTED_AT_MOST = 2;
    private static final int MOST = 50;
    private static final int LONGEST_BEGINNING = 300;
    private static final String FALLBACK = "en";

    /** Begins and ends a word that was found; no text of an article holds these, see {@link ArticleText}. */
    static final char FOUND = '\u2066';

    static final char FOUND_END = '\u2069';

    /** Stands for {@code <} while the snippet is made: the search's parser would take what follows it for a tag. */
    private static final String LESS = "\u2067";

    private static final String WORDS = """
            select l.language, w.word, k.passages, l.all_passages, l.about
            from (select language,
                         coalesce((select n.passages from knowledge_word n
                                   where n.word = '' and n.language = asked.language), 0) as all_passages,
                         case when :intent::text is null then 0 else articles_about(language, :intent) end as about
                  from unnest(:languages::text[]) as asked (language) offset 0) as l
            left join lateral unnest(tsvector_to_array(
                to_tsvector(text_search_configuration(l.language), :question))) as w (word) on true
            left join knowledge_word k on k.word = w.word and k.language = l.language""";

    private static final String FIND = """
            select f.article_id, f.seq, f.about, f.found, f.score, a.title, p.heading, p.text
            from find_passages(:language, :strong::text[], :intent, :weak::text[], :words::text[], :weights::float8[],
                               :total, :least, :leastAbout, :most) f
            join passage p using (article_id, seq)
            join article a using (article_id)""";

    private static final String SNIPPET = """
            select ts_headline(text_search_configuration(:language), :text,
                any_of(:words::text[]), 'StartSel="' || :from || '", StopSel="' || :to ||
                '", MaxFragments=2, MaxWords=30, MinWords=10, FragmentDelimiter=" … "')""";

    private final JdbcClient jdbc;
    private final VectorStore vectors;
    private final LoadedVectors loaded;

    Knowledge(JdbcClient jdbc, VectorStore vectors, LoadedVectors loaded) {
        this.jdbc = jdbc;
        this.vectors = vectors;
        this.loaded = loaded;
    }

    /**
     * The passages that an answer may rest on, best first, or none: at most two, of one article. The second is there only
     * if it holds words of the question that the first does not.
     *
     * @param meaning of the question
     * @param intent what the question is about, as the classifier names it
     * @param language ISO 639-1 of the question; passages in English serve where there is none in it. A meaning finds those in
     *     any language
     */
    public List<Passage> answering(String question, Meaning meaning, String intent, String language) {
        List<Hit> hits = ranked(question, meaning, intent, language, MOST);
        if (hits.isEmpty()) {
            return List.of();
        }
        Hit best = hits.getFirst();
        Set<String> said = new LinkedHashSet<>(best.found());
        List<Passage> quoted = new ArrayList<>(List.of(best.passage()));
        for (Hit hit : hits.subList(1, hits.size())) {
            boolean sameArticle =
                    hit.passage().articleId().equals(best.passage().articleId());
            if (quoted.size() < QUOTED_AT_MOST && sameArticle && said.addAll(hit.found())) {
                quoted.add(hit.passage());
            }
        }
        return List.copyOf(quoted);
    }

    /**
     * The passages that answer, at most {@code most}: those about the intent first, then those in the question's
     * language, then those that hold most of what was asked, close together. With a meaning this order and that of the
     * nearest meanings are made one. Any text is a question.
     *
     * @param meaning of the question
     * @param intent as the classifier names it; null if it is not known
     * @param language as in {@link #answering}
     */
    public List<Hit> ranked(String question, Meaning meaning, @Nullable String intent, String language, int most) {
        return fused(find(question, intent, List.of(language, FALLBACK), true), meaning, intent, most);
    }

    /** Like {@link #ranked}, in all languages that the client has articles in. */
    List<Hit> rankedInAll(String question, Meaning meaning, int most) {
        List<String> languages = jdbc.sql(
                        "select language from knowledge_word where word = '' and passages > 0 order by passages desc")
                .query(String.class)
                .list();
        return fused(find(question, null, languages, false), meaning, null, most);
    }

    private List<Hit> fused(List<Hit> byWords, Meaning meaning, @Nullable String intent, int most) {
        List<Hit> hits = byWords;
        float[] vector = meaning.vector();
        String space = meaning.space();
        if (vector != null && space != null) {
            List<Near<Located>> near = loaded.nearest(space, vector, MOST).orElse(null);
            if (near == null) {
                meaning.leftOut("the vectors of too many clients are being loaded");
                return first(hits, most);
            }
            Map<Located, Double> similarities = new HashMap<>();
            near.forEach(found -> similarities.put(found.key(), (double) found.cosine()));
            List<Located> keys = near.stream().map(Near::key).toList();
            hits = Fusion.of(byWords, vectors.passages(keys, similarities, intent), meaning.leastSimilarity());
        }
        return first(hits, most);
    }

    private static List<Hit> first(List<Hit> hits, int most) {
        return List.copyOf(hits.subList(0, Math.min(hits.size(), most)));
    }

    private List<Hit> find(String question, @Nullable String intent, List<String> languages, boolean byLanguage) {
        Map<String, Asked> asked = new LinkedHashMap<>();
        languages.forEach(language -> asked.put(language, new Asked()));
        jdbc.sql(WORDS)
                .param("languages", languages.stream().distinct().toArray(String[]::new))
                .param("intent", intent)
                .param("question", storable(question))
                .query((ResultSet row) -> asked.computeIfAbsent(row.getString("language"), x -> new Asked())
                        .add(row));
        List<Hit> hits = new ArrayList<>();
        asked.forEach((language, words) -> hits.addAll(hitsOf(language, intent, words.evidence())));
        List<String> order = List.copyOf(asked.keySet());
        hits.sort(Comparator.comparing(Hit::about)
                .reversed()
                .thenComparing(hit -> byLanguage ? order.indexOf(hit.passage().language()) : 0)
                .thenComparing(Comparator.comparingDouble(Hit::score).reversed()));
        return first(hits, MOST);
    }

    private List<Hit> hitsOf(String language, @Nullable String intent, Evidence evidence) {
        if (!evidence.isPossible()) {
            return List.of();
        }
        List<String> weak = evidence.weak();
        return jdbc.sql(FIND)
                .param("language", language)
                .param("strong", evidence.strong().toArray(String[]::new))
                .param("intent", intent)
                .param("weak", weak == null ? null : weak.toArray(String[]::new))
                .param("words", evidence.words().toArray(String[]::new))
                .param("weights", evidence.weights().toArray(Double[]::new))
                .param("total", evidence.total())
                .param("least", Evidence.LEAST_SHARE)
                .param("leastAbout", evidence.leastShareAbout())
                .param("most", MOST)
                .query((row, n) -> hit(row, language))
                .list();
    }

    /**
     * A piece of the passage around the words that were found, each between {@link #FOUND} and {@link #FOUND_END}; its
     * beginning where none were.
     */
    String snippet(Hit hit) {
        if (hit.found().isEmpty()) {
            return beginning(hit.passage().text());
        }
        return jdbc.sql(SNIPPET)
                .param("language", hit.passage().language())
                .param("text", hit.passage().text().replace("<", LESS))
                .param("words", hit.found().toArray(String[]::new))
                .param("from", String.valueOf(FOUND))
                .param("to", String.valueOf(FOUND_END))
                .query(String.class)
                .single()
                .replace(LESS, "<");
    }

    private static String beginning(String text) {
        if (text.length() <= LONGEST_BEGINNING) {
            return text;
        }
        int end = Character.isLowSurrogate(text.charAt(LONGEST_BEGINNING)) ? LONGEST_BEGINNING - 1 : LONGEST_BEGINNING;
        return text.substring(0, end) + " …";
    }

    private static Hit hit(ResultSet row, String language) throws SQLException {
        return new Hit(
                new Passage(row.getString("article_id"), row.getString("title"), language, row.getString("text")),
                row.getInt("seq"),
                row.getString("heading"),
                row.getBoolean("about"),
                texts(row.getArray("found")),
                row.getDouble("score"),
                null);
    }

    static List<String> texts(Array array) throws SQLException {
        return Arrays.asList((String[]) array.getArray());
    }

    /** The beginning of the question, without what PostgreSQL cannot store: NUL and halves of surrogate pairs. */
    static String storable(String question) {
        StringBuilder text = new StringBuilder();
        question.codePoints()
                .limit(LONGEST_QUESTION)
                .map(c -> c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) ? ' ' : c)
                .forEach(text::appendCodePoint);
        return text.toString();
    }

    /**
     * A passage that was found.
     *
     * @param seq its place in the article
     * @param heading the headings above it, outermost first; empty if there are none
     * @param about whether the article is about the question's intent
     * @param found the question's words that stand in it, without endings; none if its meaning alone found it
     * @param score the higher the better: by words alone share of the question that it holds plus how close together, 0 to 2;
     *     with a meaning 0 to 1 by its place in both orders
     * @param similarity cosine with the question's meaning; null where that is not known
     */
    public record Hit(
            Passage passage,
            int seq,
            String heading,
            boolean about,
            List<String> found,
            double score,
            @Nullable Double similarity) {
        public Hit {
            found = List.copyOf(found);
        }

        Hit near(double cosine) {
            return new Hit(passage, seq, heading, about, found, score, cosine);
        }

        Hit scored(double other) {
            return new Hit(passage, seq, heading, about, found, other, similarity);
        }
    }

    /** A question in one language, while it is read. */
    private static final class Asked {

        private final List<Word> words = new ArrayList<>();
        private long passages;
        private long about;

        void add(ResultSet row) throws SQLException {
            passages = row.getLong("all_passages");
            about = row.getLong("about");
            String word = row.getString("word");
            if (word != null) {
                words.add(new Word(word, row.getLong("passages")));
            }
        }

        Evidence evidence() {
            return Evidence.of(words, passages, about);
        }
    }
}

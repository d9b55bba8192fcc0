package io.opsrelay.agent.knowledge;

import io.opsrelay.agent.knowledge.Article.Format;
import io.opsrelay.agent.knowledge.Article.Stored;
import io.opsrelay.agent.knowledge.Knowledge.Hit;
import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.Cursor;
import io.opsrelay.security.web.EntityTags;
import io.opsrelay.security.web.Page;
import io.opsrelay.security.web.PageRequest;
import io.opsrelay.security.web.ProblemException;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.HtmlUtils;

/** The knowledge base over HTTP. */
@RestController
@RequestMapping("/api/v1/agent/knowledge")
@RequiresRole({Role.VIEWER, Role.AGENT, Role.APPROVER, Role.SRE, Role.ADMIN})
class KnowledgeController {

    private static final String JSON_LINES = "application/x-ndjson";
    private static final int MOST_RESULTS = 50;
    private static final Pattern LANGUAGE = Pattern.compile("[a-z]{2}");

    private final Articles articles;
    private final Knowledge knowledge;
    private final Meanings meanings;
    private final ClientTransactions transactions;

    KnowledgeController(Articles articles, Knowledge knowledge, Meanings meanings, ClientTransactions transactions) {
        this.articles = articles;
        this.knowledge = knowledge;
        this.meanings = meanings;
        this.transactions = transactions;
    }

    @GetMapping("/articles")
    Page<ArticleSummary> list(
            Caller caller,
            PageRequest page,
            @RequestParam(required = false) @Nullable String language,
            @RequestParam(required = false) @Nullable String text) {
        Page<Stored> found = Page.of(
                articles.list(caller.clientId(), languageOf(language), text, page),
                page.limit(),
                stored -> new Cursor(stored.createdAt(), stored.listKey()));
        return new Page<>(found.items().stream().map(ArticleSummary::of).toList(), found.nextCursor());
    }

    @GetMapping("/articles/{id}")
    ResponseEntity<ArticleResource> one(Caller caller, @PathVariable String id) {
        return answer(articles.find(caller.clientId(), id).orElseThrow(() -> ProblemException.notFound("article", id)));
    }

    @PutMapping(path = "/articles/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
    @RequiresRole(Role.ADMIN)
    ResponseEntity<ArticleResource> put(
            Caller caller,
            @PathVariable String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody ArticleBody article) {
        return answer(articles.put(caller.clientId(), id, EntityTags.of(ifMatch), article));
    }

    @DeleteMapping("/articles/{id}")
    @RequiresRole(Role.ADMIN)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(
            Caller caller,
            @PathVariable String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
        articles.delete(caller.clientId(), id, EntityTags.of(ifMatch));
    }

    /** Takes a JSON array, or a JSON object a line. Bytes, since a larger bound holds for it than for other bodies. */
    @PostMapping(
            path = "/articles/bulk",
            consumes = {MediaType.APPLICATION_JSON_VALUE, JSON_LINES})
    @RequiresRole(Role.ADMIN)
    BulkReceipt bulk(Caller caller, @RequestBody byte[] body) {
        return new BulkReceipt(articles.putAll(caller.clientId(), body));
    }

    @GetMapping("/search")
    SearchResult search(
            Caller caller,
            @RequestParam String q,
            @RequestParam(required = false) @Nullable String language,
            @RequestParam(defaultValue = "10") int limit) {
        if (limit < 1 || limit > MOST_RESULTS) {
            throw ProblemException.badRequest("limit", "must be a number from 1 to " + MOST_RESULTS);
        }
        String wanted = languageOf(language);
        Meaning meaning = meanings.of(caller.clientId(), q);
        return transactions.read(
                caller.clientId(),
                () -> new SearchResult(
                        (wanted == null
                                        ? knowledge.rankedInAll(q, meaning, limit)
                                        : knowledge.ranked(q, meaning, null, wanted, limit))
                                .stream()
                                        .map(hit -> FoundPassage.of(hit, knowledge.snippet(hit)))
                                        .toList(),
                        meaning.note()));
    }

    private static @Nullable String languageOf(@Nullable String language) {
        if (language != null && !LANGUAGE.matcher(language).matches()) {
            throw ProblemException.badRequest("language", "must be a code of ISO 639-1, two lower-case letters");
        }
        return language;
    }

    private static ResponseEntity<ArticleResource> answer(Stored stored) {
        return ResponseEntity.ok()
                .eTag(EntityTags.tagOf(stored.revision()))
                .body(new ArticleResource(
                        stored.article().id(),
                        stored.article().title(),
                        stored.article().language(),
                        stored.article().intents(),
                        stored.article().format(),
                        stored.article().content(),
                        stored.article().sourceUrl(),
                        stored.passages(),
                        stored.createdAt(),
                        stored.updatedAt()));
    }

    /** @param passages how many the article was cut into */
    record ArticleResource(
            String id,
            String title,
            String language,
            List<String> intents,
            Format format,
            String content,
            @Nullable String sourceUrl,
            int passages,
            Instant createdAt,
            Instant updatedAt) {}

    /** An article in a list, without its content. */
    record ArticleSummary(
            String id,
            String title,
            String language,
            List<String> intents,
            Format format,
            @Nullable String sourceUrl,
            int passages,
            Instant createdAt,
            Instant updatedAt) {

        static ArticleSummary of(Stored stored) {
            Article article = stored.article();
            return new ArticleSummary(
                    article.id(),
                    article.title(),
                    article.language(),
                    article.intents(),
                    article.format(),
                    article.sourceUrl(),
                    stored.passages(),
                    stored.createdAt(),
                    stored.updatedAt());
        }
    }

    /** @param articles how many were stored: all that were sent */
    record BulkReceipt(int articles) {}

    /**
     * Best first.
     *
     * @param note why full text searched alone although vectors should as well; absent if they did, or shall not
     */
    record SearchResult(List<FoundPassage> items, @Nullable String note) {}

    /**
     * A passage that was found.
     *
     * @param heading the headings above it, outermost first; absent if there are none
     * @param snippet HTML that holds text and {@code <mark>} around words that were found, nothing else
     * @param score the higher the better; comparable within one answer
     * @param similarity cosine with the question's meaning; absent where no vectors were searched
     */
    record FoundPassage(
            String articleId,
            String title,
            String language,
            @Nullable String heading,
            String text,
            String snippet,
            double score,
            @Nullable Double similarity) {

        static FoundPassage of(Hit hit, String marked) {
            return new FoundPassage(
                    hit.passage().articleId(),
                    hit.passage().title(),
                    hit.passage().language(),
                    hit.heading().isEmpty() ? null : hit.heading(),
                    hit.passage().text(),
                    HtmlUtils.htmlEscape(marked, "UTF-8")
                            .replace(String.valueOf(Knowledge.FOUND), "<mark>")
                            .replace(String.valueOf(Knowledge.FOUND_END), "</mark>"),
                    hit.score(),
                    hit.similarity());
        }
    }
}

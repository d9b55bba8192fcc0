package io.opsrelay.agent.knowledge;

import io.opsrelay.agent.knowledge.Article.Cut;
import io.opsrelay.agent.knowledge.Article.Stored;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.EntityTags;
import io.opsrelay.security.web.PageRequest;
import io.opsrelay.security.web.ProblemException;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;

/** What may be done to a client's articles. */
@Component
class Articles {

    private static final String NOTHING_VISIBLE = "holds no visible text";
    private static final int MOST_REASONS = 100;
    /** A bulk request is held in memory while it is cut up; more at once wait for another try. */
    private static final int BULKS_AT_ONCE = 2;

    private final ArticleStore store;
    private final ClientTransactions transactions;
    private final KnowledgeProperties properties;
    private final JsonMapper json;
    private final Semaphore bulks = new Semaphore(BULKS_AT_ONCE);

    Articles(ArticleStore store, ClientTransactions transactions, KnowledgeProperties properties, JsonMapper json) {
        this.store = store;
        this.transactions = transactions;
        this.properties = properties;
        this.json = json;
    }

    Optional<Stored> find(String clientId, String id) {
        return transactions.read(clientId, () -> store.find(id));
    }

    List<Stored> list(String clientId, @Nullable String language, @Nullable String text, PageRequest page) {
        return transactions.read(clientId, () -> store.list(language, text, page));
    }

    Stored put(String clientId, String id, EntityTags ifMatch, ArticleBody body) {
        Map<String, String> refusals = body.refusals(id);
        if (!refusals.isEmpty()) {
            throw ProblemException.unprocessable(refusals);
        }
        Cut article = body.toArticle(id).cut();
        if (article.sections().isEmpty()) {
            throw ProblemException.unprocessable("content", NOTHING_VISIBLE);
        }
        return transactions.call(clientId, () -> {
            store.lock(clientId);
            requireMatch(ifMatch, store.find(id));
            store.put(clientId, List.of(article));
            return store.find(id).orElseThrow();
        });
    }

    void delete(String clientId, String id, EntityTags ifMatch) {
        transactions.run(clientId, () -> {
            store.lock(clientId);
            Stored there = store.find(id).orElseThrow(() -> ProblemException.notFound("article", id));
            requireMatch(ifMatch, Optional.of(there));
            store.delete(id);
        });
    }

    /** All of them, or none and the reasons by field: {@code [3].title}. Counts from 0, in JSON lines, too. */
    int putAll(String clientId, byte[] body) {
        if (!bulks.tryAcquire()) {
            throw ProblemException.unavailable(
                    "other bulk requests are under way here; nothing was changed, try again");
        }
        try {
            List<Cut> articles = checked(isArray(body) ? readArray(body) : readLines(body));
            transactions.run(clientId, () -> {
                store.lock(clientId);
                store.put(clientId, articles);
            });
            return articles.size();
        } finally {
            bulks.release();
        }
    }

    private List<Cut> checked(List<JsonNode> nodes) {
        if (nodes.isEmpty() || nodes.size() > properties.bulkArticles()) {
            throw ProblemException.unprocessable(
                    "articles", "must be 1 to " + properties.bulkArticles() + " in one request, not " + nodes.size());
        }
        Map<String, String> refusals = new LinkedHashMap<>();
        List<Cut> articles = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < nodes.size() && refusals.size() < MOST_REASONS; i++) {
            String at = "[" + i + "]";
            try {
                ArticleBody body = json.treeToValue(nodes.get(i), ArticleBody.class);
                Map<String, String> found = body == null ? Map.of("id", "is required") : body.refusals(null);
                found.forEach((field, reason) -> refusals.put(at + "." + field, reason));
                if (body != null && found.isEmpty()) {
                    Cut article = body.toArticle(null).cut();
                    articles.add(article);
                    if (article.sections().isEmpty()) {
                        refusals.put(at + ".content", NOTHING_VISIBLE);
                    }
                    if (!ids.add(article.article().id())) {
                        refusals.put(at + ".id", "stands in this request twice");
                    }
                }
            } catch (DatabindException e) {
                refusals.put(
                        at + pathOf(e),
                        e instanceof UnrecognizedPropertyException
                                ? "is not a field of an article"
                                : "does not have the form it must have");
            }
        }
        if (!refusals.isEmpty()) {
            throw ProblemException.unprocessable(refusals);
        }
        return articles;
    }

    private static boolean isArray(byte[] body) {
        for (byte b : body) {
            if (!Character.isWhitespace(b)) {
                return b == '[';
            }
        }
        return false;
    }

    private List<JsonNode> readArray(byte[] body) {
        try {
            return List.copyOf(json.readTree(body).values());
        } catch (JacksonException e) {
            throw ProblemException.badRequest("articles", "are not valid JSON in UTF-8");
        }
    }

    private List<JsonNode> readLines(byte[] body) {
        List<JsonNode> nodes = new ArrayList<>();
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(new ByteArrayInputStream(body), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!line.isBlank()) {
                    nodes.add(json.readTree(line));
                }
            }
            return nodes;
        } catch (JacksonException e) {
            throw ProblemException.badRequest("[" + nodes.size() + "]", "is not valid JSON on one line");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String pathOf(DatabindException e) {
        return e.getPath().stream()
                .map(step ->
                        step.getPropertyName() == null ? "[" + step.getIndex() + "]" : "." + step.getPropertyName())
                .collect(Collectors.joining());
    }

    private static void requireMatch(EntityTags ifMatch, Optional<Stored> there) {
        boolean matches = there.map(stored -> ifMatch.match(stored.revision())).orElse(ifMatch.any());
        if (!matches) {
            throw ProblemException.stale("the article was changed since it was read, or is gone: read it again");
        }
    }
}

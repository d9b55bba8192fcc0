package io.opsrelay.agent.knowledge;

import io.opsrelay.security.tenant.ClientTransactions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.stereotype.Component;

/** Gives the demo's clients the articles that ship with the service. Says so in the log. */
@Component
class DemoArticles implements ApplicationRunner {

    private static final Logger LOG = LoggerFactory.getLogger(DemoArticles.class);

    private final KnowledgeProperties properties;
    private final ArticleStore store;
    private final ClientTransactions transactions;

    DemoArticles(KnowledgeProperties properties, ArticleStore store, ClientTransactions transactions) {
        this.properties = properties;
        this.store = store;
        this.transactions = transactions;
    }

    @Override
    public void run(ApplicationArguments arguments) throws IOException {
        if (properties.demoClients().isEmpty()) {
            return;
        }
        List<Article> articles = shipped();
        for (String client : properties.demoClients()) {
            transactions.run(client, () -> addMissing(client, articles));
        }
        LOG.info("Demo: {} knowledge articles for {}", articles.size(), properties.demoClients());
    }

    /** What somebody changed since stays changed. */
    private void addMissing(String client, List<Article> articles) {
        store.lock(client);
        Set<String> there = store.ids();
        store.put(
                client,
                articles.stream()
                        .filter(article -> !there.contains(article.id()))
                        .map(Article::cut)
                        .toList());
    }

    static List<Article> shipped() throws IOException {
        List<Article> articles = new ArrayList<>();
        for (Resource file : new PathMatchingResourcePatternResolver().getResources("classpath:demo/knowledge/*.md")) {
            String name = String.valueOf(file.getFilename());
            articles.add(Article.parse(
                    name.substring(0, name.length() - ".md".length()),
                    file.getContentAsString(StandardCharsets.UTF_8)));
        }
        return articles;
    }
}

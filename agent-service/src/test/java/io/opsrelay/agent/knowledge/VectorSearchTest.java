package io.opsrelay.agent.knowledge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsrelay.agent.Tickets;
import io.opsrelay.agent.model.Embedder;
import io.opsrelay.agent.model.Embedders;
import io.opsrelay.agent.model.FakeEmbeddingServer;
import io.opsrelay.agent.model.FakeEmbeddingServer.Reply;
import io.opsrelay.contracts.RunEvent.Outcome;
import io.opsrelay.contracts.RunEvent.RunCompleted;
import io.opsrelay.contracts.TicketEvent.Citation;
import io.opsrelay.contracts.TicketEvent.ReplyDrafted;
import io.opsrelay.contracts.TicketEvent.TicketReceived;
import io.opsrelay.messaging.job.Job;
import io.opsrelay.security.Role;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.testing.FakeModelServer;
import io.opsrelay.testing.OpsRelayTest;
import io.opsrelay.testing.TestKafka;
import io.opsrelay.testing.TestTokens;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Search by meaning on a real PostgreSQL, with an embedding server that knows some words of two languages. Each test has
 * clients of its own.
 */
@OpsRelayTest(service = "agent")
@SpringBootTest(
        properties = {
            "opsrelay.llm.embedding.provider=openai",
            "opsrelay.llm.embedding.model=meanings",
            "opsrelay.llm.embedding.question-prefix=question: ",
            "opsrelay.llm.embedding.question-timeout=30s",
            "opsrelay.llm.embedding.least-similarity=0.6",
            "opsrelay.llm.embedding.retry-pause=20ms",
            "opsrelay.llm.embedding.batch=4",
            "opsrelay.llm.embedding.input-price=1000",
            "opsrelay.llm.models.fake.provider=openai",
            "opsrelay.llm.models.fake.model=fake",
        })
@AutoConfigureMockMvc
class VectorSearchTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String KNOWLEDGE = "/api/v1/agent/knowledge";
    private static final FakeEmbeddingServer SERVER = new FakeEmbeddingServer();
    private static final FakeModelServer MODEL = new FakeModelServer();

    private Tickets tickets;

    @Autowired
    private MockMvcTester http;

    @Autowired
    private ClientTransactions transactions;

    @Autowired
    private Knowledge knowledge;

    @Autowired
    private Meanings meanings;

    @Autowired
    private VectorStore store;

    @Autowired
    private VectorIndexing indexing;

    @Autowired
    private ArticleStore articles;

    @Autowired
    private VectorJobs jobs;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    void connect(TestKafka kafka) {
        tickets = new Tickets(kafka);
    }

    @DynamicPropertySource
    static void servers(DynamicPropertyRegistry registry) {
        registry.add("opsrelay.llm.embedding.base-url", () -> SERVER.url() + "/v1");
        registry.add("opsrelay.llm.models.fake.base-url", () -> MODEL.url() + "/v1");
    }

    @AfterAll
    static void close() {
        SERVER.close();
        MODEL.close();
    }

    @BeforeEach
    void allIsWell() {
        SERVER.does(request -> Reply.usual());
    }

    @Test
    void aTicketThatSharesNoWordWithTheArticleIsAnsweredFromItAndCitesIt() {
        embedded("paraphrase", "kontakt", "de", "Kontakt", "Wir sind werktags erreichbar.");
        TicketReceived ticket = Tickets.ticket("Opening hours", "What are your opening hours?");

        tickets.send("paraphrase", ticket);

        RunCompleted completed = completed(ticket);
        assertThat(completed.outcome()).isEqualTo(Outcome.RESOLVED);
        assertThat(completed.reply()).contains("Wir sind werktags erreichbar.");
        assertThat(tickets.only(ticket, ReplyDrafted.class).citations())
                .extracting(Citation::articleId)
                .containsExactly("kontakt");
    }

    @Test
    void whatIsNotNearEnoughIsNoPassageAndClaimsNothing() {
        embedded("distant", "rechnung", "de", "Rechnung", "Die Rechnung kommt per Post.");
        TicketReceived ticket = Tickets.ticket("Opening hours", "What are your opening hours?");

        tickets.send("distant", ticket);

        RunCompleted completed = completed(ticket);
        assertThat(completed.outcome()).isEqualTo(Outcome.ESCALATED);
        assertThat(completed.reason()).contains("no passage");
        assertThat(search("distant", "opening hours").get("items")).isEmpty();
    }

    @Test
    void anotherClientsPassagesAreNeverFound() {
        embedded("mine", "kontakt", "de", "Kontakt", "Werktags erreichbar, sagt der eine.");
        embedded("theirs", "kontakt", "de", "Kontakt", "Werktags erreichbar, sagt der andere.");

        for (int i = 0; i < 2; i++) {
            assertThat(texts(search("mine", "opening hours"))).containsExactly("Werktags erreichbar, sagt der eine.");
            assertThat(texts(search("theirs", "opening hours")))
                    .containsExactly("Werktags erreichbar, sagt der andere.");
            assertThat(texts(search("nobody", "opening hours"))).isEmpty();
        }
    }

    @Test
    void withoutTheServerFullTextAnswersAloneAndTheRunSaysSo() {
        embedded("down", "hours", "en", "Opening hours", "Opening hours are nine to five.");
        SERVER.does(request -> isQuestion(request) ? Reply.error(500) : Reply.usual());
        TicketReceived ticket = Tickets.ticket("Opening hours", "What are your opening hours?");

        tickets.send("down", ticket);

        assertThat(completed(ticket).reply()).contains("nine to five");
        assertThat(get("down", "/api/v1/agent/runs?ticket_id=" + ticket.ticketId()))
                .bodyText()
                .contains("by full text alone: the embedding model failed");
        JsonNode found = search("down", "opening hours");
        assertThat(texts(found)).containsExactly("Opening hours are nine to five.");
        assertThat(found.get("note").asString()).contains("the embedding model failed");
    }

    @Test
    void aModelsSearchFindsByMeaningToo() {
        embedded("searcher", "kontakt", "de", "Kontakt", "Wir sind werktags erreichbar.");
        assertThat(call("searcher", Role.ADMIN, "PUT", "/api/v1/agent/workflow", """
                {"mode": "react", "engine": "fake"}"""))
                .hasStatusOk();
        MODEL.thinks(request -> request.toString().contains("werktags erreichbar")
                ? FakeModelServer.Reply.call("reply_to_customer", Map.of("text", "On working days.", "passages", "p1"))
                : FakeModelServer.Reply.call("search_knowledge_base", Map.of("query", "opening hours")));
        TicketReceived ticket = Tickets.ticket("A complaint", "This is a disgrace, I am furious about you.");

        tickets.send("searcher", ticket);

        assertThat(completed(ticket).reply()).isEqualTo("On working days.");
        assertThat(tickets.only(ticket, ReplyDrafted.class).citations())
                .extracting(Citation::articleId)
                .containsExactly("kontakt");
    }

    @Test
    void theServerNeverSeesPersonalData() {
        embedded("private", "kontakt", "de", "Kontakt", "Werktags erreichbar.");
        TicketReceived ticket = Tickets.ticket(
                "Opening hours", "My name is Mary Major, mary.major@example.org. What are your opening hours?");

        tickets.send("private", ticket);
        completed(ticket);
        search("private", "opening hours for jane.roe@example.org");

        List<String> questions = SERVER.requests().stream()
                .filter(VectorSearchTest::isQuestion)
                .flatMap(request -> FakeEmbeddingServer.textsOf(request).stream())
                .toList();
        assertThat(questions).anyMatch(text -> text.contains("opening hours for"));
        assertThat(questions)
                .noneMatch(text -> text.contains("Major") || text.contains("example.org") || text.contains("[EMAIL"));
    }

    @Test
    void aChangedArticleIsFoundByWhatItSaysNowAndADeletedOneNotAtAll() {
        embedded("changes", "a", "de", "Hinweis", "Das Kennwort steht im Brief.");
        assertThat(texts(search("changes", "password"))).hasSize(1);

        embedded("changes", "a", "de", "Hinweis", "Der Akku wird geladen.");
        assertThat(texts(search("changes", "password"))).isEmpty();
        assertThat(texts(search("changes", "battery"))).containsExactly("Der Akku wird geladen.");

        assertThat(call("changes", Role.ADMIN, "DELETE", KNOWLEDGE + "/articles/a", ""))
                .hasStatus(204);
        assertThat(texts(search("changes", "battery"))).isEmpty();
        assertThat(status("changes").get("passages").asInt()).isZero();
    }

    @Test
    void anotherModelEmbedsAllAnewAndIsComparedWithItsOwnVectorsOnly() {
        embedded("models", "a", "de", "Hinweis", "Das Kennwort steht im Brief.");
        Embedder other = Embedders.of(SERVER, "other", 4);
        VectorIndexing otherIndexing =
                new VectorIndexing(other, store, articles, jobs, transactions, Clock.systemUTC());
        transactions.run("models", () -> store.want("models", other.space()));
        List<Knowledge.Hit> before = ask("models", new Meanings(other).of("models", "password"));
        assertThat(before).isEmpty();

        TestJob job = new TestJob("models");
        otherIndexing.work(job);

        assertThat(job.done).isTrue();
        assertThat(ask("models", new Meanings(other).of("models", "password"))).hasSize(1);
        assertThat(ask("models", meanings.of("models", "password"))).isEmpty();

        // This instance's job waits while vectors of another model are wanted, and goes on when its own are.
        TestJob waiting = new TestJob("models");
        indexing.work(waiting);
        assertThat(waiting.done).isFalse();
        assertThat(waiting.again).isPositive();
        indexing.run(null);
        awaitReady("models");
        assertThat(ask("models", meanings.of("models", "password"))).hasSize(1);
    }

    @Test
    void afterACrashBetweenBatchesTheRestIsEmbedded() throws InterruptedException {
        for (int i = 0; i < 10; i++) {
            put("crash", "a" + i, "de", "Hinweis " + i, "Die Sendung ist unterwegs.");
        }
        awaitReady("crash");
        Embedder embedder = Embedders.of(SERVER, "crashing", 4);
        VectorIndexing crashing = new VectorIndexing(embedder, store, articles, jobs, transactions, Clock.systemUTC());
        transactions.run("crash", () -> store.want("crash", embedder.space()));
        AtomicInteger asked = new AtomicInteger();
        SERVER.does(request -> isFor(request, "crashing") && asked.incrementAndGet() == 2
                ? Reply.usual().after(Duration.ofMinutes(5))
                : Reply.usual());
        Thread process = Thread.ofVirtual().start(() -> crashing.work(new TestJob("crash")));
        await().atMost(PATIENCE).until(() -> asked.get() == 2);
        process.interrupt();
        process.join(PATIENCE);
        assertThat(count("crash", embedder)).isEqualTo(4);

        TestJob again = new TestJob("crash");
        crashing.work(again);

        assertThat(again.done).isTrue();
        assertThat(count("crash", embedder)).isEqualTo(10);
        List<Integer> sizes = SERVER.requests().stream()
                .filter(request -> isFor(request, "crashing"))
                .map(request -> FakeEmbeddingServer.textsOf(request).size())
                .toList();
        assertThat(sizes).containsExactly(4, 4, 4, 2);
    }

    @Test
    void progressAndTroubleAreToldAndTroubleEnds() {
        SERVER.does(request -> isQuestion(request) ? Reply.usual() : Reply.error(401));
        put("status", "a", "en", "T", "Words.");
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(status("status").get("state").asString()).isEqualTo("failing"));
        assertThat(status("status").get("trouble").asString()).contains("embedding model failed");
        assertThat(status("status").get("embedded").asInt()).isZero();

        SERVER.does(request -> Reply.usual());

        awaitReady("status");
        assertThat(status("status").has("trouble")).isFalse();
        assertThat(status("status").get("model").asString()).isEqualTo("meanings");
    }

    @Test
    void vectorsOfOtherDimensionsThanBeforeAreTroubleAndNotMixed() {
        embedded("dimensions", "a", "de", "Hinweis", "Das Kennwort steht im Brief.");
        SERVER.does(request -> isQuestion(request) ? Reply.usual() : Reply.of(new float[] {1, 2, 3}));

        put("dimensions", "b", "de", "Hinweis", "Der Akku wird geladen.");

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                        status("dimensions").path("trouble").asString(""))
                .contains("3 dimensions, and with 64 before"));
        assertThat(texts(search("dimensions", "password"))).hasSize(1);
    }

    @Test
    void vectorsThatDoNotFitIntoMemoryAreLeftToFullText() {
        embedded("memory", "a", "de", "Hinweis", "Das Kennwort steht im Brief.");
        LoadedVectors small = new LoadedVectors(store, new KnowledgeProperties(List.of(), 1, DataSize.ofBytes(100)));
        Meaning meaning = meanings.of("memory", "password");

        assertThat(transactions.read("memory", () -> small.nearest(meaning.space(), meaning.vector(), 5)))
                .hasValue(List.of());
    }

    @Test
    void whereNobodyIsConfiguredForTheWantedModelAnyMoreWhoeverHasTheJobTakesOver() {
        embedded("orphan", "a", "de", "Hinweis", "Das Kennwort steht im Brief.");
        transactions.run("orphan", () -> store.want("orphan", "gone"));
        transactions.run(
                "orphan", () -> jdbc.sql("update knowledge_vectors set updated_at = updated_at - interval '1 hour'")
                        .update());

        put("orphan", "b", "de", "Hinweis", "Der Akku wird geladen.");

        awaitReady("orphan");
        assertThat(articleIds(search("orphan", "battery"))).containsExactly("b");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 413})
    void aPassageThatTheModelRefusesIsLeftOutAndNamedAndTheOthersGoOn(int status) {
        String client = "refused" + status;
        SERVER.does(
                request -> FakeEmbeddingServer.textsOf(request).stream().anyMatch(text -> text.contains("unspeakable"))
                        ? Reply.error(status)
                        : Reply.usual());
        put(client, "a", "de", "Hinweis", "Das Kennwort ist unspeakable.");
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(status(client).path("trouble").asString("")).contains("of article a"));
        String lines = IntStream.range(0, 9)
                .mapToObj(i -> "{\"id\": \"%s\", \"title\": \"T\", \"language\": \"de\", \"content\": \"%s\"}"
                        .formatted(i == 5 ? "odd" : "b" + i, i == 5 ? "An unspeakable Sendung." : "Die Sendung."))
                .collect(Collectors.joining(",", "[", "]"));
        assertThat(call(client, Role.ADMIN, "POST", KNOWLEDGE + "/articles/bulk", lines))
                .hasStatusOk();

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(status(client).path("trouble").asString(""))
                        .contains("2 passages cannot be embedded, of article a, odd"));
        assertThat(status(client).get("embedded").asInt()).isEqualTo(8);
        assertThat(status(client).get("state").asString()).isEqualTo("failing");
        assertThat(articleIds(search(client, "parcel"))).hasSize(8);

        for (String article : List.of("a", "odd")) {
            assertThat(call(client, Role.ADMIN, "DELETE", KNOWLEDGE + "/articles/" + article, ""))
                    .hasStatus(204);
        }
        assertThat(status(client).get("state").asString()).isEqualTo("ready");
    }

    @Test
    void noMoreThanTwoClientsVectorsAreLoadedAtOnceAndOthersSearchByFullTextWithANote() throws Exception {
        for (String client : List.of("load1", "load2", "load3")) {
            embedded(client, "a", "en", "Password", "Your password is in the letter.");
        }
        CountDownLatch loading = new CountDownLatch(2);
        CountDownLatch goOn = new CountDownLatch(1);
        VectorStore slow = new VectorStore(jdbc, Clock.systemUTC()) {
            @Override
            void each(String space, int dimensions, long laterThan, Each each) {
                loading.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                super.each(space, dimensions, laterThan, each);
            }
        };
        LoadedVectors loaded = new LoadedVectors(slow, new KnowledgeProperties(List.of(), 1, DataSize.ofMegabytes(1)));
        Knowledge searching = new Knowledge(jdbc, slow, loaded);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<Knowledge.Hit>>> others = Stream.of("load1", "load2")
                    .map(client -> threads.submit(() -> found(searching, client, meanings.of(client, "password"))))
                    .toList();
            assertThat(loading.await(30, TimeUnit.SECONDS)).isTrue();
            Meaning meaning = meanings.of("load3", "password");

            List<Knowledge.Hit> hits = found(searching, "load3", meaning);

            assertThat(hits).singleElement().satisfies(hit -> assertThat(hit.similarity())
                    .isNull());
            assertThat(meaning.note()).isEqualTo("the vectors of too many clients are being loaded");
            goOn.countDown();
            for (Future<List<Knowledge.Hit>> other : others) {
                assertThat(other.get().getFirst().similarity()).isNotNull();
            }
        } finally {
            goOn.countDown();
        }
        Meaning meaning = meanings.of("load3", "password");
        assertThat(found(searching, "load3", meaning).getFirst().similarity()).isNotNull();
        assertThat(meaning.note()).isNull();
    }

    private List<Knowledge.Hit> found(Knowledge searching, String client, Meaning meaning) {
        return transactions.read(client, () -> searching.ranked("password", meaning, null, "en", 10));
    }

    @Test
    void whatIsInMemoryIsWhatIsInTheDatabaseWhateverChanges() {
        Random random = new Random(5);
        List<String> words = List.of("Kennwort", "Akku", "Rechnung", "Sendung", "erreichbar");
        List<String> questions = List.of("password", "battery", "invoice", "parcel", "opening");
        Map<String, String> there = new HashMap<>();
        for (int i = 0; i < 40; i++) {
            String id = "a" + random.nextInt(6);
            String word = words.get(random.nextInt(words.size()));
            if (random.nextInt(4) == 0 && there.remove(id) != null) {
                assertThat(call("fuzz", Role.ADMIN, "DELETE", KNOWLEDGE + "/articles/" + id, ""))
                        .hasStatus(204);
            } else {
                put("fuzz", id, "de", "Hinweis", word + " " + word + " " + word);
                there.put(id, word);
            }
            if (random.nextBoolean()) {
                awaitReady("fuzz");
                int asked = random.nextInt(words.size());
                assertThat(articleIds(search("fuzz", questions.get(asked))))
                        .containsExactlyInAnyOrderElementsOf(there.entrySet().stream()
                                .filter(entry -> entry.getValue().equals(words.get(asked)))
                                .map(Map.Entry::getKey)
                                .toList());
            }
        }
    }

    @Test
    void manyArticlesInOneRequestAreOneJobAndAllAreEmbedded() {
        String lines = IntStream.range(0, 90)
                .mapToObj(i ->
                        "{\"id\": \"b%d\", \"title\": \"T%d\", \"language\": \"de\", \"content\": \"Die Sendung.\"}"
                                .formatted(i, i))
                .collect(Collectors.joining(",", "[", "]"));

        assertThat(call("bulk", Role.ADMIN, "POST", KNOWLEDGE + "/articles/bulk", lines))
                .hasStatusOk();

        awaitReady("bulk");
        assertThat(status("bulk").get("embedded").asInt()).isEqualTo(90);
        assertThat(articleIds(search("bulk", "parcel"))).hasSize(10);
    }

    private long count(String client, Embedder embedder) {
        return transactions.read(client, () -> store.counts(embedder.space())).embedded();
    }

    private List<Knowledge.Hit> ask(String client, Meaning meaning) {
        return transactions.read(client, () -> knowledge.ranked("password", meaning, null, "en", 10));
    }

    private void embedded(String client, String id, String language, String title, String content) {
        put(client, id, language, title, content);
        awaitReady(client);
    }

    private void put(String client, String id, String language, String title, String content) {
        assertThat(call(client, Role.ADMIN, "PUT", KNOWLEDGE + "/articles/" + id, """
                        {"title": "%s", "language": "%s", "content": "%s"}""".formatted(
                                title, language, content)))
                .hasStatusOk();
    }

    private void awaitReady(String client) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).untilAsserted(() -> assertThat(
                        status(client).get("state").asString())
                .isEqualTo("ready"));
    }

    private JsonNode status(String client) {
        return json(get(client, KNOWLEDGE + "/index"));
    }

    private JsonNode search(String client, String question) {
        return json(get(client, KNOWLEDGE + "/search?q=" + question));
    }

    private MvcTestResult get(String client, String uri) {
        return call(client, Role.VIEWER, "GET", uri, "");
    }

    private MvcTestResult call(String client, Role role, String method, String uri, String body) {
        var request = http.method(HttpMethod.valueOf(method))
                .uri(uri)
                .header("Authorization", TestTokens.bearer(client, "someone@" + client + ".example", role));
        return (body.isEmpty()
                        ? request
                        : request.contentType(MediaType.APPLICATION_JSON).content(body))
                .exchange();
    }

    private RunCompleted completed(TicketReceived ticket) {
        tickets.awaitLast(ticket, RunCompleted.class);
        return tickets.only(ticket, RunCompleted.class);
    }

    private static List<String> texts(JsonNode found) {
        return found.get("items").values().stream()
                .map(item -> item.get("text").asString())
                .toList();
    }

    private static List<String> articleIds(JsonNode found) {
        return found.get("items").values().stream()
                .map(item -> item.get("article_id").asString())
                .toList();
    }

    private static boolean isQuestion(JsonNode request) {
        return FakeEmbeddingServer.textsOf(request).getFirst().startsWith("question: ");
    }

    private static boolean isFor(JsonNode request, String model) {
        return request.get("model").asString().equals(model);
    }

    private static JsonNode json(MvcTestResult answer) {
        assertThat(answer).hasStatusOk();
        return JsonMapper.shared().readTree(answer.getResponse().getContentAsByteArray());
    }

    /** A job that nobody else has. */
    private static final class TestJob implements Job {

        private final String client;
        private boolean done;
        private Duration again = Duration.ZERO;

        TestJob(String client) {
            this.client = client;
        }

        @Override
        public String clientId() {
            return client;
        }

        @Override
        public String kind() {
            return "embed";
        }

        @Override
        public UUID subject() {
            return new UUID(0, 0);
        }

        @Override
        public void caused(Runnable work) {
            work.run();
        }

        @Override
        public int attempt() {
            return 1;
        }

        @Override
        public void done() {
            done = true;
        }

        @Override
        public void again(Duration delay) {
            again = delay;
        }
    }
}

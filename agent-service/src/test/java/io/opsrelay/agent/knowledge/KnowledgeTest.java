package io.opsrelay.agent.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.agent.knowledge.Knowledge.Hit;
import io.opsrelay.security.Role;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.testing.OpsRelayTest;
import io.opsrelay.testing.TestDatabase;
import io.opsrelay.testing.TestTokens;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import tools.jackson.databind.json.JsonMapper;

/** The knowledge base over HTTP and on a real PostgreSQL. Each test has clients of its own. */
@OpsRelayTest(service = "agent")
@SpringBootTest(properties = "opsrelay.knowledge.demo-clients=acme")
@AutoConfigureMockMvc
class KnowledgeTest {

    private static final String ARTICLES = "/api/v1/agent/knowledge/articles";
    private static final String JSON = "application/json";
    private static final String LINES = "application/x-ndjson";

    @Autowired
    private MockMvcTester http;

    @Autowired
    private Knowledge knowledge;

    @Autowired
    private ClientTransactions transactions;

    @Autowired
    private TestDatabase database;

    @Test
    void anArticleIsStoredReadChangedAndDeleted() {
        MvcTestResult created = put("crud", "routers", """
                {"title": "Routers", "format": "markdown", "intents": ["how_to_question"], "language": "en",
                 "content": "# Routers\\n\\n## Reset\\nHold the button for ten seconds.",
                 "source_url": "https://help.example/routers"}""");

        assertThat(created).hasStatusOk().hasHeader("ETag", "\"1\"");
        assertThat(created).bodyJson().extractingPath("passages").isEqualTo(1);
        assertThat(get("crud", ARTICLES + "/routers"))
                .bodyJson()
                .hasPathSatisfying(
                        "format", format -> assertThat(format).asString().isEqualTo("markdown"))
                .hasPathSatisfying(
                        "content", content -> assertThat(content).asString().contains("ten seconds"));
        assertThat(titlesOf(search("crud", "reset button", null))).containsExactly("Routers");

        MvcTestResult stale = send("crud", "PUT", ARTICLES + "/routers", JSON, article("R", "Never mind."), "\"7\"");
        assertThat(stale).hasStatus(412);
        assertThat(titlesOf(search("crud", "reset button", null))).containsExactly("Routers");

        MvcTestResult changed =
                send("crud", "PUT", ARTICLES + "/routers", JSON, article("Modems", "Unplug the modem."), "\"1\"");
        assertThat(changed).hasStatusOk().hasHeader("ETag", "\"2\"");
        assertThat(titlesOf(search("crud", "reset button", null))).isEmpty();
        assertThat(titlesOf(search("crud", "unplug", null))).containsExactly("Modems");

        assertThat(send("crud", "DELETE", ARTICLES + "/routers", JSON, "", "\"1\""))
                .hasStatus(412);
        assertThat(send("crud", "DELETE", ARTICLES + "/routers", JSON, "", "\"2\""))
                .hasStatus(204);
        assertThat(get("crud", ARTICLES + "/routers")).hasStatus(404);
        assertThat(titlesOf(search("crud", "unplug", null))).isEmpty();
    }

    @Test
    void articlesAreListedNewestFirstByLanguageAndTextPageByPage() {
        for (int i = 0; i < 5; i++) {
            assertThat(put("lists", "a" + i, article("Title " + i, "Content of number " + i)))
                    .hasStatusOk();
        }
        assertThat(put("lists", "deutsch", """
                {"title": "Lieferung", "language": "de", "content": "Wir liefern täglich."}""")).hasStatusOk();

        MvcTestResult first = get("lists", ARTICLES + "?limit=4&language=en");
        assertThat(idsOf(first)).containsExactly("a4", "a3", "a2", "a1");
        String cursor = String.valueOf(json(first).get("next_cursor"));
        assertThat(idsOf(get("lists", ARTICLES + "?limit=4&language=en&cursor=" + cursor)))
                .containsExactly("a0");
        assertThat(idsOf(get("lists", ARTICLES + "?text=NUMBER 3"))).containsExactly("a3");
        assertThat(idsOf(get("lists", ARTICLES + "?language=de"))).containsExactly("deutsch");
        assertThat(json(first).toString()).doesNotContain("Content of");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            title       | {"content": "x", "language": "en"}
            title       | {"title": " ", "content": "x", "language": "en"}
            content     | {"title": "T", "language": "en"}
            content     | {"title": "T", "content": "<script>x</script>", "format": "html", "language": "en"}
            content     | {"title": "T", "content": "a\\u0000b", "language": "en"}
            language    | {"title": "T", "content": "x", "language": "english"}
            intents     | {"title": "T", "content": "x", "language": "en", "intents": ["No Name"]}
            intents     | {"title": "T", "content": "x", "language": "en", "intents": [null]}
            source_url  | {"title": "T", "content": "x", "language": "en", "source_url": "javascript:alert(1)"}
            format      | {"title": "T", "content": "x", "language": "en", "format": "pdf"}
            colour      | {"title": "T", "content": "x", "language": "en", "colour": "red"}
            id          | {"id": "other", "title": "T", "content": "x", "language": "en"}
            """)
    void aBadArticleIsRefusedByFieldAndNothingChanges(String field, String body) {
        MvcTestResult refused = put("refused", "article", body);

        assertThat(refused.getResponse().getStatus()).isIn(400, 422);
        assertThat(errorsOf(refused)).containsKey(field);
        assertThat(get("refused", ARTICLES + "/article")).hasStatus(404);
    }

    @Test
    void theLanguageIsToldFromTheTextOrAskedFor() {
        assertThat(put("languages", "de", """
                {"title": "Rückgabe", "content": "Sie können die Ware innerhalb von dreißig Tagen zurückgeben."}"""))
                .bodyJson()
                .extractingPath("language")
                .isEqualTo("de");

        MvcTestResult unclear = put("languages", "x", """
                {"title": "4711", "content": "0815 0815"}""");
        assertThat(unclear).hasStatus(422);
        assertThat(errorsOf(unclear)).containsOnlyKeys("language");
    }

    @Test
    void aBulkOfArticlesIsStoredWholeAsArrayOrAsLines() {
        String big = "Paragraph with words. ".repeat(1_000);
        List<String> many =
                IntStream.range(0, 120).mapToObj(i -> """
                        {"id": "b%d", "title": "Bulk %d", "language": "en", "content": "%s"}""".formatted(i, i, big)).toList();
        String array = "[" + String.join(",", many) + "]";
        assertThat(array.length()).isGreaterThan(2_000_000);

        assertThat(send("bulk", "POST", ARTICLES + "/bulk", JSON, array, null))
                .hasStatusOk()
                .bodyJson()
                .extractingPath("articles")
                .isEqualTo(120);
        assertThat(send("bulk", "POST", ARTICLES + "/bulk", LINES, String.join("\n", many) + "\n\n", null))
                .hasStatusOk();
        assertThat(get("bulk", ARTICLES + "/b119")).hasHeader("ETag", "\"2\"");
        assertCountsAgree("bulk");
    }

    @Test
    void aThousandArticlesOfFourMebibytesAreStoredInOneRequestAndReplacedInAnother() {
        Random random = new Random(7);
        String articles = IntStream.range(0, 1_000)
                .mapToObj(i -> """
                        {"id": "b%d", "title": "Bulk %d", "language": "en", "content": "%s"}""".formatted(i, i, words(random)))
                .collect(Collectors.joining(",", "[", "]"));
        assertThat(articles.length()).isBetween(3 << 20, 4 << 20);

        assertThat(send("largest", "POST", ARTICLES + "/bulk", JSON, articles, null))
                .hasStatusOk();
        assertThat(send("largest", "POST", ARTICLES + "/bulk", JSON, articles, null))
                .hasStatusOk();

        assertThat(ask("largest", "bulk 999", null, "en"))
                .first()
                .extracting(hit -> hit.passage().articleId())
                .isEqualTo("b999");
        assertCountsAgree("largest");
    }

    /** As unevenly spread as words are. */
    private static String words(Random random) {
        StringBuilder words = new StringBuilder();
        while (words.length() < 3_900) {
            words.append("word").append((int) Math.pow(random.nextDouble() * 30, 3));
            words.append(words.length() % 11 == 0 ? ". " : " ");
        }
        return words.toString();
    }

    @Test
    void oneBadArticleInABulkRefusesAllWithTheReasonOfEach() {
        MvcTestResult refused = send("whole", "POST", ARTICLES + "/bulk", JSON, """
                [{"id": "good", "title": "T", "language": "en", "content": "Fine."},
                 {"id": "bad/id", "title": "", "language": "en", "content": "x"},
                 {"id": "good", "title": "T", "language": "en", "content": "Again."},
                 {"id": "u", "title": "T", "language": "en", "content": "x", "colour": "red"},
                 {"id": "n", "title": 7, "language": "en", "content": "x"}]""", null);

        assertThat(refused).hasStatus(422);
        assertThat(errorsOf(refused)).containsOnlyKeys("[1].id", "[1].title", "[2].id", "[3].colour", "[4].title");
        assertThat(send("whole", "POST", ARTICLES + "/bulk", LINES, "{\"id\": \"a\"\n", null))
                .hasStatus(400);
        assertThat(send("whole", "POST", ARTICLES + "/bulk", JSON, "[]", null)).hasStatus(422);
        assertThat(send("whole", "POST", ARTICLES + "/bulk", JSON, "{\"id\": \"a\"}", null))
                .hasStatus(422);
        assertThat(idsOf(get("whole", ARTICLES))).isEmpty();
    }

    @Test
    void onlyTheBulkTakesMoreThanAMebibyteAndItIsBounded() {
        String more = article("T", "word ".repeat(300_000));
        assertThat(send("limits", "PUT", ARTICLES + "/a", JSON, more, null)).hasStatus(413);
        assertThat(send("limits", "POST", ARTICLES + "/bulk", JSON, "[" + " ".repeat(5 << 20) + "]", null))
                .hasStatus(413);
    }

    @Test
    void onlyAnAdminWritesAndOnlyPeopleRead() {
        for (Role role : List.of(Role.VIEWER, Role.AGENT, Role.APPROVER, Role.SRE)) {
            assertThat(call("roles", role, "PUT", ARTICLES + "/a", JSON, article("T", "x"), null))
                    .hasStatus(403);
            assertThat(call("roles", role, "POST", ARTICLES + "/bulk", JSON, "[]", null))
                    .hasStatus(403);
            assertThat(call("roles", role, "DELETE", ARTICLES + "/a", JSON, "", null))
                    .hasStatus(403);
            assertThat(call("roles", role, "GET", ARTICLES, JSON, "", null)).hasStatusOk();
        }
        assertThat(call("roles", Role.INGEST, "GET", ARTICLES, JSON, "", null)).hasStatus(403);
    }

    @Test
    void twoClientsNeverSeeEachOthersArticles() {
        assertThat(put("one", "pricing", article("Prices of one", "The zebra plan costs nine.")))
                .hasStatusOk();
        assertThat(put("two", "pricing", article("Prices of two", "The zebra plan costs ten.")))
                .hasStatusOk();

        assertThat(titlesOf(search("one", "zebra plan", "en"))).containsExactly("Prices of one");
        assertThat(titlesOf(search("two", "zebra plan", "en"))).containsExactly("Prices of two");
        assertThat(send("one", "DELETE", ARTICLES + "/pricing", JSON, "", null)).hasStatus(204);
        assertThat(titlesOf(search("two", "zebra plan", "en"))).containsExactly("Prices of two");
        assertThat(get("one", ARTICLES + "/pricing")).hasStatus(404);
    }

    @Test
    void aHitTellsItsHeadingAndMarksWhatWasFoundInSafeHtml() {
        assertThat(put("marks", "html", """
                {"title": "Widgets", "format": "html", "language": "en",
                 "content": "<h2>Set-up</h2><h3>Cables</h3><p>Connect the cables to a &lt;b&gt; socket.</p>"}""")).hasStatusOk();

        MvcTestResult found = search("marks", "connecting a cable", "en");

        assertThat(found).bodyJson().extractingPath("items[0].heading").isEqualTo("Set-up > Cables");
        assertThat(found)
                .bodyJson()
                .extractingPath("items[0].snippet")
                .isEqualTo("<mark>Connect</mark> the <mark>cables</mark> to a &lt;b&gt; socket");
        assertThat(found).bodyJson().extractingPath("items[0].score").asNumber().satisfies(score -> assertThat(
                        score.doubleValue())
                .isGreaterThan(1));
    }

    @ParameterizedTest
    @CsvSource({
        "sv, Vi levererar paketen till dörren., paket",
        "fi, Palautukset käsitellään nopeasti., palautuksen",
        "nl, De bestellingen worden snel geleverd., bestelling",
        "ru, Возвраты обрабатываются быстро., возврат",
        "tr, Siparişleriniz hızlıca gönderilir., sipariş",
        "hu, A csomagokat gyorsan kiszállítjuk., csomag",
        "ja, 返品 は 可能 です, 返品"
    })
    void questionsAreFoundByTheWordStemsOfTheirLanguage(String language, String content, String question) {
        String client = "stems-" + language;
        assertThat(put(client, "a", """
                {"title": "T", "language": "%s", "content": "%s"}""".formatted(language, content))).hasStatusOk();

        assertThat(titlesOf(search(client, question, language))).containsExactly("T");
        assertThat(titlesOf(search(client, question, null))).containsExactly("T");
    }

    @Test
    void theTitleOutranksTheTextAndNearWordsOutrankFarOnes() {
        assertThat(send("ranks", "POST", ARTICLES + "/bulk", JSON, """
                [{"id": "far", "title": "Other", "language": "en",
                  "content": "A gift is nice. Many people come here every day and look around. Some like a card."},
                 {"id": "near", "title": "Other", "language": "en",
                  "content": "A gift card is nice. Many people come here every day and look around."},
                 {"id": "title", "title": "Gift card", "language": "en", "content": "It never expires."}]""", null)).hasStatusOk();

        assertThat(articlesOf(search("ranks", "gift card", "en"))).containsExactly("title", "near", "far");
    }

    @Test
    void withoutEvidenceThereIsNoPassage() {
        assertThat(send("evidence", "POST", ARTICLES + "/bulk", JSON, """
                [{"id": "a", "title": "Passwords", "language": "en", "content": "Reset your password in the settings."},
                 {"id": "b", "title": "Printers", "language": "en", "content": "A printer needs paper and a cable."},
                 {"id": "c", "title": "Phones", "language": "en", "content": "The settings of a phone."}]""", null))
                .hasStatusOk();

        assertThat(articlesOf(search("evidence", "reset my password", "en"))).containsExactly("a");
        assertThat(articlesOf(search("evidence", "reset the quantum flux capacitor", "en")))
                .isEmpty();
        assertThat(articlesOf(search("evidence", "what is the meaning of life", "en")))
                .isEmpty();
    }

    @Test
    void anArticleAboutTheIntentComesFirstAndAFewAreEvidenceByThemselves() {
        assertThat(send("intents", "POST", ARTICLES + "/bulk", JSON, """
                [{"id": "hours", "title": "When we are there", "language": "en", "intents": ["contact_hours"],
                  "content": "Weekdays from eight to six."},
                 {"id": "other", "title": "Opening bottles", "language": "en",
                  "content": "Opening a bottle takes an opener."}]""", null)).hasStatusOk();

        List<Hit> hits = ask("intents", "opening bottles", "contact_hours", "en");

        assertThat(hits).extracting(hit -> hit.passage().articleId()).containsExactly("hours", "other");
        assertThat(hits).extracting(Hit::about).containsExactly(true, false);
    }

    @Test
    void anAnswerRestsOnUpToTwoPassagesOfOneArticleThatBothSaySomething() {
        String long1 = "Warranty covers the battery. " + "Filler stands here so it is long enough. ".repeat(15);
        String long2 =
                "Scratches on the screen are excluded. " + "Filler stands here so it is long enough. ".repeat(15);
        String long3 = "The battery again. " + "Filler stands here so it is long enough. ".repeat(15);
        assertThat(put("pairs", "w", article("Cover", long1 + "\\n\\n" + long2 + "\\n\\n" + long3)))
                .hasStatusOk();
        assertThat(put("pairs", "x", article("Other", "Screens are made of glass.")))
                .hasStatusOk();

        List<Passage> passages = transactions.read(
                "pairs",
                () -> knowledge.answering(
                        "warranty for battery, screen scratches?", Meaning.none(), "product_question", "en"));

        assertThat(passages).hasSize(2).allMatch(passage -> passage.articleId().equals("w"));
        assertThat(passages).extracting(Passage::text).anyMatch(text -> text.startsWith("Warranty"));
        assertThat(passages).extracting(Passage::text).anyMatch(text -> text.startsWith("Scratches"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "the a of",
                "& | ! ( ) <-> : * '",
                "'; drop table article; --",
                "a & | b:*A !!",
                "\\\\ \\' \\",
                "😀😀 🇩🇪",
                "\u0000\uD800x\uDFFF",
                "C:\\temp\\'x' http://a/b?c=d&e='f' x@y.z",
                "%_%",
                "\n\r\t\u2028",
                "<b>word</b> &amp;",
                "''''''''",
                "-1.5e10 1/2 ２ ½"
            })
    void anyTextIsAQuestion(String question) {
        assertThat(put("hostile", "a", article("Word", "A word about x, temp and more.")))
                .hasStatusOk();

        assertThat(ask("hostile", question, "how_to_question", "en")).isNotNull();
        assertThat(http.get()
                        .uri("/api/v1/agent/knowledge/search?q={q}", question)
                        .header("Authorization", TestTokens.bearer("hostile", "v@x.example", Role.VIEWER)))
                .hasStatusOk();
    }

    @Test
    void aQuestionOfAMegabyteIsAnsweredByItsBeginning() {
        assertThat(put("huge", "a", article("Warranty", "Two years of warranty.")))
                .hasStatusOk();

        assertThat(ask("huge", "warranty? " + "😀".repeat(500_000), null, "en")).hasSize(1);
        assertThat(ask("huge", "warrantywarranty".repeat(70_000), null, "en")).isEmpty();
    }

    @Test
    void withoutAnEmbeddingModelTheIndexIsOffAndSaysHowManyPassagesThereAre() {
        assertThat(put("off", "a", article("One", "Apples."))).hasStatusOk();

        assertThat(get("off", "/api/v1/agent/knowledge/index"))
                .hasStatusOk()
                .bodyText()
                .isEqualTo("{\"state\":\"off\",\"passages\":1,\"embedded\":0}");
        assertThat(search("off", "apples", "en"))
                .bodyText()
                .doesNotContain("similarity")
                .doesNotContain("note");
    }

    @Test
    void theCountsOfWordsFollowEveryChange() {
        assertThat(put("counts", "a", article("One", "Apples and pears, and apples again.")))
                .hasStatusOk();
        assertThat(put("counts", "b", article("Two", "Apples alone."))).hasStatusOk();
        assertThat(put("counts", "a", article("One", "Pears only."))).hasStatusOk();
        assertCountsAgree("counts");
        assertThat(send("counts", "DELETE", ARTICLES + "/b", JSON, "", null)).hasStatus(204);
        assertCountsAgree("counts");
        assertThat(query("select word from knowledge_word where client_id = 'counts' and word in ('appl', 'pear', '')"
                        + " order by word"))
                .containsExactly("", "pear");
    }

    @Test
    void theIndexIsUsedForOneClientsFiftyThousandPassagesAmongOthers() throws SQLException {
        for (String client : List.of("large", "large-too", "large-three")) {
            fill(client, client.equals("large") ? 50_000 : 10_000);
        }
        assertThat(put("large", "needle", article("Needle", "The quizzical marmot whistles.")))
                .hasStatusOk();
        assertThat(put("large-too", "needle", article("Theirs", "The quizzical marmot whistles.")))
                .hasStatusOk();

        assertThat(ask("large", "which quizzical marmot?", null, "en"))
                .extracting(hit -> hit.passage().title())
                .containsExactly("Needle");

        List<String> plan = planOfFindPassages("large", "'{quizzic,marmot}'", "null", "'{}'");
        assertThat(plan).anyMatch(line -> line.contains("Bitmap Index Scan on passage_index_words"));
        assertThat(plan).noneMatch(line -> line.contains("Seq Scan on passage_index"));
        List<String> byIntent = planOfFindPassages("large", "'{}'", "'refund_status'", "'{whistl}'");
        assertThat(byIntent).anyMatch(line -> line.contains("Bitmap Index Scan on passage_index_words"));
    }

    @Test
    void articlesOfTheFirstVersionAreKeptAndFoundAfterTheMigration() throws SQLException {
        TestDatabase old = TestDatabase.create("agent");
        migrate(old, "1");
        try (Connection admin = old.admin().getConnection();
                Statement statement = admin.createStatement()) {
            statement.execute("set search_path = agent");
            statement.execute("""
                    insert into article (client_id, article_id, title, language, intents)
                    values ('acme', 'r', 'Returns', 'en', '{refund_status}')""");
            statement.execute("""
                    insert into passage (client_id, article_id, seq, language, text)
                    values ('acme', 'r', 0, 'en', 'Thirty days.'), ('acme', 'r', 1, 'en', 'Unworn shoes only.')""");
        }

        migrate(old, "4");

        try (Connection app = old.app().getConnection();
                Statement statement = app.createStatement()) {
            statement.execute("select set_config('app.client_id', 'acme', false)");
            assertThat(column(statement, "select content from article"))
                    .containsExactly("Thirty days.\n\nUnworn shoes only.");
            assertThat(column(statement, "select text from passage order by seq"))
                    .containsExactly("Thirty days.", "Unworn shoes only.");
            assertThat(column(statement, """
                            select seq from find_passages('en', '{shoe}', 'refund_status', '{}', '{shoe}', '{1}', 1,
                                0.5, 0.1, 10)""")).containsExactly("1");
            assertThat(column(statement, "select passages from knowledge_word where word = ''"))
                    .containsExactly("2");
            assertThat(column(statement, "select articles_about('en', 'refund_status')"))
                    .containsExactly("1");
            statement.execute("select set_config('app.client_id', 'globex', false)");
            assertThat(column(statement, "select count(*) from article")).containsExactly("0");
        }
    }

    private static void migrate(TestDatabase target, String version) {
        Flyway.configure()
                .dataSource(target.owner())
                .defaultSchema("agent")
                .locations("classpath:db/platform", "classpath:db/migration")
                .outOfOrder(true)
                .target(version)
                .placeholders(Map.of("schema", "agent", "app", "agent_app", "relay", "agent_relay"))
                .load()
                .migrate();
    }

    private void fill(String client, int passages) throws SQLException {
        try (Connection admin = database.admin().getConnection();
                Statement statement = admin.createStatement()) {
            statement.execute("set search_path = agent");
            statement.execute("""
                    insert into article (client_id, article_id, title, language, intents, content)
                    select '%1$s', 'a' || n, 'Article ' || n, 'en', '{}', 'x' from generate_series(1, %2$d / 10) n""".formatted(client, passages));
            statement.execute("""
                    insert into passage (client_id, article_id, seq, language, text)
                    select '%1$s', 'a' || (n / 10 + 1), n %% 10, 'en',
                           'Orders of customers are shipped by parcel number w' || n || ' and x' || n %% 997
                    from generate_series(0, %2$d - 1) n""".formatted(client, passages));
            statement.execute("analyze passage_index");
        }
    }

    /** The plan of the function's body, as its owner gets it. */
    private List<String> planOfFindPassages(String client, String strong, String intent, String weak)
            throws SQLException {
        try (Connection owner = database.owner().getConnection();
                Statement statement = owner.createStatement()) {
            String body = column(statement, "select prosrc from pg_proc where proname = 'find_passages'")
                    .getFirst();
            statement.execute("select set_config('app.client_id', '" + client + "', false)");
            statement.execute("set plan_cache_mode = force_generic_plan");
            statement.execute("prepare body (text, text[], text, text[], text[], float8[], float8, float8, float8, int)"
                    + " as " + body);
            return column(
                    statement,
                    "explain execute body ('en', %s, %s, %s, '{marmot}', '{1}', 1, 0.5, 0.1, 10)"
                            .formatted(strong, intent, weak));
        }
    }

    private void assertCountsAgree(String client) {
        assertThat(query("""
                with real as (
                    select word, language, count(*) as passages
                    from (select language, unnest(tsvector_to_array(words)) as word from passage_index
                          where client_id = '%1$s'
                          union all select language, '' from passage_index where client_id = '%1$s') as said
                    where not starts_with(word, ' ') group by word, language)
                select coalesce(r.word, k.word) from real r
                full join (select * from knowledge_word where client_id = '%1$s') k using (word, language)
                where r.passages is distinct from k.passages""".formatted(client))).isEmpty();
        assertThat(query("""
                select count(*) from (select article_id, seq from passage where client_id = '%1$s'
                except select article_id, seq from passage_index where client_id = '%1$s') as missing""".formatted(client))).containsExactly("0");
    }

    private List<String> query(String sql) {
        try (Connection admin = database.admin().getConnection();
                Statement statement = admin.createStatement()) {
            statement.execute("set search_path = agent");
            return column(statement, sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> column(Statement statement, String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }

    private List<Hit> ask(String client, String question, String intent, String language) {
        return transactions.read(client, () -> knowledge.ranked(question, Meaning.none(), intent, language, 10));
    }

    private static String article(String title, String content) {
        return """
                {"title": "%s", "language": "en", "content": "%s"}""".formatted(title, content);
    }

    private MvcTestResult search(String client, String question, String language) {
        return get(
                client,
                "/api/v1/agent/knowledge/search?q=" + question + (language == null ? "" : "&language=" + language));
    }

    private MvcTestResult put(String client, String id, String body) {
        return send(client, "PUT", ARTICLES + "/" + id, JSON, body, null);
    }

    private MvcTestResult get(String client, String uri) {
        return call(client, Role.VIEWER, "GET", uri, JSON, "", null);
    }

    private MvcTestResult send(String client, String method, String uri, String type, String body, String ifMatch) {
        return call(client, Role.ADMIN, method, uri, type, body, ifMatch);
    }

    private MvcTestResult call(
            String client, Role role, String method, String uri, String type, String body, String ifMatch) {
        var request = http.method(org.springframework.http.HttpMethod.valueOf(method))
                .uri(uri)
                .header("Authorization", TestTokens.bearer(client, "someone@" + client + ".example", role));
        if (!body.isEmpty()) {
            request = request.contentType(type).content(body);
        }
        return (ifMatch == null ? request : request.header("If-Match", ifMatch)).exchange();
    }

    private static List<String> idsOf(MvcTestResult answer) {
        return values(answer, "id");
    }

    private static List<String> titlesOf(MvcTestResult answer) {
        return values(answer, "title");
    }

    private static List<String> articlesOf(MvcTestResult answer) {
        return values(answer, "article_id");
    }

    private static List<String> values(MvcTestResult answer, String name) {
        assertThat(answer).hasStatusOk();
        return ((List<?>) json(answer).get("items"))
                .stream()
                        .map(item -> String.valueOf(((Map<?, ?>) item).get(name)))
                        .toList();
    }

    private static Map<String, String> errorsOf(MvcTestResult answer) {
        return ((List<?>) json(answer).get("errors"))
                .stream()
                        .map(Map.class::cast)
                        .collect(Collectors.toMap(
                                error -> String.valueOf(error.get("field")),
                                error -> String.valueOf(error.get("reason"))));
    }

    private static Map<?, ?> json(MvcTestResult answer) {
        return JsonMapper.shared().readValue(answer.getResponse().getContentAsByteArray(), Map.class);
    }
}

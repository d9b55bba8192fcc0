package io.opsrelay.ingestion.canned;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.opsrelay.ingestion.Api;
import io.opsrelay.ingestion.IngestionServiceTest;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestKafka;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Canned replies as people of a client write and read them. */
@IngestionServiceTest
class CannedReplyTest {

    private static final String PATH = "/api/v1/canned-replies";

    @Autowired
    private Api api;

    private Api.As admin;

    /** In names, so that each test meets its own replies only. */
    private String mark;

    @BeforeEach
    void someone() {
        admin = api.as("acme", Role.ADMIN);
        mark = "m" + UUID.randomUUID().toString().substring(0, 8);
    }

    @Test
    void whatAnAdminWritesAgentsReadAsItStandsByName() {
        JsonNode late = admin.post(PATH, body(mark + " late", "Dear {customer_name},\n\nsorry for {ticket_id}."))
                .has(201)
                .json();
        Api.Answer early = admin.post(
                        PATH,
                        "{\"name\":\" " + mark.toUpperCase()
                                + " Early \",\"text\":\"Hello\",\"category\":\"delivery problem\","
                                + "\"language\":\"de\"}")
                .has(201);

        JsonNode list = api.as("acme", Role.AGENT).get(PATH).has(200).json();

        assertThat(list.get("next_cursor").isNull()).isTrue();
        assertThat(list.get("items")
                        .valueStream()
                        .map(item -> item.get("name").asString())
                        .filter(name -> name.toLowerCase().contains(mark)))
                .containsExactly(mark.toUpperCase() + " Early", mark + " late");
        JsonNode read = api.as("acme", Role.VIEWER)
                .get(early.headers().get("Location"))
                .has(200)
                .json();
        assertThat(read).isEqualTo(early.json());
        assertThat(read.get("category").asString()).isEqualTo("delivery problem");
        assertThat(read.get("language").asString()).isEqualTo("de");
        assertThat(late.get("text").asString()).isEqualTo("Dear {customer_name},\n\nsorry for {ticket_id}.");
        assertThat(late.has("category")).isFalse();
        assertThat(late.get("created_by").asString()).isEqualTo("user:admin@acme.example");
    }

    @Test
    void anotherClientsRepliesAreNotThereAndTheirNamesAreFree() {
        String id = created(mark, "Ours");

        Api.As other = api.as("globex", Role.ADMIN);
        assertThat(other.get(PATH).has(200).text()).doesNotContain(id).doesNotContain(mark);
        other.get(PATH + "/" + id).has(404);
        other.put(PATH + "/" + id, body(mark, "Theirs"), Map.of()).has(404);
        other.delete(PATH + "/" + id, Map.of()).has(404);
        other.post(PATH, body(mark, "Theirs")).has(201);

        assertThat(admin.get(PATH + "/" + id).has(200).json().get("text").asString())
                .isEqualTo("Ours");
    }

    @Test
    void aChangeNamesTheVersionThatWasRead() {
        String id = created(mark, "One");
        String one = PATH + "/" + id;

        Api.Answer changed =
                admin.put(one, body(mark, "Two"), Map.of("If-Match", "\"1\"")).has(200);
        assertThat(changed.headers()).containsEntry("ETag", "\"2\"");
        admin.put(one, body(mark, "Three"), Map.of("If-Match", "\"1\"")).has(412);
        admin.delete(one, Map.of("If-Match", "\"1\"")).has(412);
        assertThat(admin.put(one, body(mark, "Two"), Map.of()).has(200).headers())
                .as("what is so already is no change")
                .containsEntry("ETag", "\"2\"");

        admin.delete(one, Map.of("If-Match", "\"2\"")).has(204);
        admin.get(one).has(404);
        admin.delete(one, Map.of()).has(404);
    }

    @Test
    void aNameBelongsToOneReplyWhateverTheCase() {
        String first = created(mark + " Late", "One");
        String second = created(mark + " other", "Two");

        assertThat(admin.post(PATH, body(mark + " lATE", "Three")).has(409).text())
                .contains("already: change that one");
        admin.put(PATH + "/" + second, body(mark + " late", "Two"), Map.of()).has(409);
        admin.put(PATH + "/" + first, body(mark + " LATE", "One"), Map.of()).has(200);
    }

    @Test
    void ofManyWhoTakeTheSameNameAtOnceOneGetsIt() throws Exception {
        List<Callable<Integer>> posts = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            posts.add(() -> admin.post(PATH, body(mark, "Hello")).status());
        }

        List<Integer> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(posts.size())) {
            for (Future<Integer> answer : threads.invokeAll(posts)) {
                answers.add(answer.get());
            }
        }

        assertThat(answers).containsOnlyOnce(201).containsOnly(201, 409);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                                  | name     | is required",
                "{\"name\":\" \",\"text\":\"x\"}                     | name     | must not be blank",
                "{\"name\":\"a\\nb\",\"text\":\"x\"}                 | name     | must not contain line breaks",
                "{\"name\":\"n\"}                                    | text     | is required",
                "{\"name\":\"n\",\"text\":\" \\n\"}                  | text     | must not be blank",
                "{\"name\":\"n\",\"text\":\"a\\u0000\"}              | text     | must not contain NUL",
                "{\"name\":\"n\",\"text\":\"Hi {customer_nmae}\"}    | text     | has the placeholder {customer_nmae}",
                "{\"name\":\"n\",\"text\":\"x\",\"category\":\" \"}  | category | must be 1 to 100 visible characters",
                "{\"name\":\"n\",\"text\":\"x\",\"language\":\"EN\"} | language | must be the two small letters",
            })
    void whatWillNotDoIsNamedAndChangesNothing(String body, String field, String reason) {
        String before = admin.get(PATH).text();

        JsonNode problem = admin.post(PATH, body).has(422).json();

        assertThat(problem.get("errors").valueStream()).anySatisfy(error -> {
            assertThat(error.get("field").asString()).isEqualTo(field);
            assertThat(error.get("reason").asString()).startsWith(reason);
        });
        assertThat(admin.get(PATH).text()).isEqualTo(before);
    }

    @Test
    void textsAndNamesAreBoundedAndUnknownFieldsRefused() {
        created(mark + "n".repeat(CannedReplyBody.MAX_NAME - mark.length()), "t".repeat(CannedReplyBody.MAX_TEXT));
        admin.post(PATH, body("n".repeat(CannedReplyBody.MAX_NAME + 1), "x")).has(422);
        admin.post(PATH, body(mark, "t".repeat(CannedReplyBody.MAX_TEXT + 1))).has(422);
        admin.post(PATH, "{\"name\":\"" + mark + "\",\"text\":\"x\",\"script\":\"y\"}")
                .has(400);
    }

    @Test
    void bracesThatAreNoPlaceholderStayText() {
        String text = "{ \"a\": {} } {{customer_name}} ${customer_email} {Not One} #{ticket_subject}";

        assertThat(admin.get(PATH + "/" + created(mark, text))
                        .json()
                        .get("text")
                        .asString())
                .isEqualTo(text);
    }

    @Test
    void theMostIsAtLeastOne() {
        assertThatThrownBy(() -> new CannedReplyProperties(0)).hasMessageContaining("opsrelay.canned-replies.most");
    }

    @Test
    void whoChangedWhatIsAudited() {
        String id = created(mark, "One");
        admin.put(PATH + "/" + id, body(mark, "Two"), Map.of()).has(200);
        admin.delete(PATH + "/" + id, Map.of()).has(204);

        await().atMost(TestKafka.PATIENCE).untilAsserted(() -> {
            List<JsonNode> entries = admin.get("/api/v1/tickets/audit?subject=" + id)
                    .has(200)
                    .json()
                    .get("items")
                    .valueStream()
                    .map(item -> item.get("entry"))
                    .toList();
            assertThat(entries)
                    .extracting(entry -> entry.get("action").asString())
                    .containsExactly("canned_reply.deleted", "canned_reply.changed", "canned_reply.created");
            assertThat(entries.get(1).at("/before/text").asString()).isEqualTo("One");
            assertThat(entries.get(1).at("/after/text").asString()).isEqualTo("Two");
            assertThat(entries.get(1).get("actor").asString()).isEqualTo("user:admin@acme.example");
        });
    }

    private String created(String name, String text) {
        return admin.post(PATH, body(name, text))
                .has(201)
                .json()
                .get("reply_id")
                .asString();
    }

    private static String body(String name, String text) {
        return JSONObjectUtils.toJSONString(Map.of("name", name, "text", text));
    }
}

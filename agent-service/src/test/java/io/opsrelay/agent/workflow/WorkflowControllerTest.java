package io.opsrelay.agent.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.security.Role;
import io.opsrelay.testing.OpsRelayTest;
import io.opsrelay.testing.TestTokens;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@OpsRelayTest(service = "agent")
@SpringBootTest(properties = "opsrelay.knowledge.demo-clients=acme")
@AutoConfigureMockMvc
class WorkflowControllerTest {

    @Autowired
    private MockMvcTester http;

    private final String client = "c" + UUID.randomUUID().toString().substring(0, 8);

    @Test
    void whoHasSetNothingSeesTheDefaults() {
        assertThat(get(client))
                .hasStatusOk()
                .hasHeader("ETag", "\"0\"")
                .bodyJson()
                .isLenientlyEqualTo("""
                        {"version": 0, "mode": "pipeline", "engine": "local", "routing": [],
                         "thresholds": {"least_confidence": 0.5, "least_confidence_to_answer": 0}, "limits": {"max_steps": 8}}""");
    }

    @Test
    void eachChangeIsAVersionOfItsOwnAndTheClientsAlone() {
        assertThat(put("{\"mode\":\"react\",\"tools\":[\"search_knowledge_base\"]}", null, Role.ADMIN))
                .hasStatusOk()
                .hasHeader("ETag", "\"1\"");
        assertThat(put("{\"thresholds\":{\"least_confidence\":0.8}}", "\"1\"", Role.ADMIN))
                .hasStatusOk()
                .bodyJson()
                .isLenientlyEqualTo("{\"version\": 2, \"mode\": \"pipeline\", \"changed_by\": \"user:someone@" + client
                        + ".example\"}");
        assertThat(get("another-" + client))
                .bodyJson()
                .extractingPath("version")
                .isEqualTo(0);
    }

    @Test
    void whatWasSetBeforeIsListedNewestFirstPageByPage() {
        put("{\"mode\":\"react\"}", null, Role.ADMIN);
        put("{\"thresholds\":{\"least_confidence\":0.8}}", null, Role.ADMIN);
        put("{}", null, Role.ADMIN);

        JsonNode first = versions(client, "?limit=2");
        assertThat(first.get("items").valueStream().map(item -> item.get("version")
                        .asInt()))
                .containsExactly(3, 2);
        assertThat(first.at("/items/1/thresholds/least_confidence").asDouble()).isEqualTo(0.8);
        JsonNode rest =
                versions(client, "?limit=2&cursor=" + first.get("next_cursor").asString());
        assertThat(rest.get("items").valueStream().map(item -> item.get("mode").asString()))
                .containsExactly("react");
        assertThat(rest.at("/items/0/changed_by").asString()).isEqualTo("user:someone@" + client + ".example");
        assertThat(rest.path("next_cursor").isString()).isFalse();
        assertThat(versions("another-" + client, "").get("items")).isEmpty();
    }

    private JsonNode versions(String who, String query) {
        MvcTestResult answer = http.get()
                .uri("/api/v1/agent/workflow/versions" + query)
                .header("Authorization", TestTokens.bearer(who, "viewer@" + who + ".example", Role.VIEWER))
                .exchange();
        assertThat(answer).hasStatusOk();
        return JsonMapper.shared().readTree(answer.getResponse().getContentAsByteArray());
    }

    @Test
    void whoReadAnOlderVersionIsTold() {
        put("{}", null, Role.ADMIN);

        assertThat(put("{\"mode\":\"react\"}", "\"0\"", Role.ADMIN)).hasStatus(412);
        assertThat(get(client)).bodyJson().extractingPath("mode").isEqualTo("pipeline");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"engine\":\"gpt-99\"} | 422 | engine",
                "{\"mode\":\"magic\"} | 400 | mode",
                "{\"tools\":[\"search_knowledge_base\",\"rm\"]} | 422 | tools[1]",
                "{\"tools\":[\"search_knowledge_base\",\"search_knowledge_base\"]} | 422 | tools",
                "{\"thresholds\":{\"least_confidence\":1.5}} | 422 | thresholds.least_confidence",
                "{\"thresholds\":{\"least_confidence_to_answer\":-1}} | 422 | thresholds.least_confidence_to_answer",
                "{\"limits\":{\"max_steps\":0}} | 422 | limits.max_steps",
                "{\"limits\":{\"max_cost_usd\":-1}} | 422 | limits.max_cost_usd",
                "{\"routing\":[{\"categories\":[],\"to\":\"person\"}]} | 422 | routing.categories",
                "{\"routing\":[{\"categories\":[\"spam\"]}]} | 422 | routing.to",
                "{\"surprise\":1} | 400 | surprise"
            })
    void settingsThatCannotBeChangeNothingAndNameTheField(String body, int status, String field) {
        MvcTestResult answer = put(body, null, Role.ADMIN);

        assertThat(answer).hasStatus(status).bodyText().contains(field);
        assertThat(get(client)).bodyJson().extractingPath("version").isEqualTo(0);
    }

    @Test
    void onlyAdministratorsChangeSettings() {
        assertThat(put("{}", null, Role.AGENT)).hasStatus(403);
        assertThat(put("{}", null, Role.SRE)).hasStatus(403);
        assertThat(http.put()
                        .uri("/api/v1/agent/workflow")
                        .contentType(MediaType.APPLICATION_JSON)
                        .content("{}"))
                .hasStatus(401);
    }

    private MvcTestResult get(String who) {
        return http.get()
                .uri("/api/v1/agent/workflow")
                .header("Authorization", TestTokens.bearer(who, "viewer@" + who + ".example", Role.VIEWER))
                .exchange();
    }

    private MvcTestResult put(String body, @org.jspecify.annotations.Nullable String ifMatch, Role role) {
        var request = http.put()
                .uri("/api/v1/agent/workflow")
                .header("Authorization", TestTokens.bearer(client, "someone@" + client + ".example", role))
                .contentType(MediaType.APPLICATION_JSON)
                .content(body);
        return (ifMatch == null ? request : request.header("If-Match", ifMatch)).exchange();
    }
}

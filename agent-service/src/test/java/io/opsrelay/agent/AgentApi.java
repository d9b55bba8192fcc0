package io.opsrelay.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.contracts.TicketEvent.TicketReceived;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestTokens;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What people of a client set and read. */
public record AgentApi(MockMvcTester http) {

    /** Sets the client's workflow. */
    public void workflow(String client, String settings) {
        put(client, "/api/v1/agent/workflow", settings);
    }

    /** Makes an AI employee of the client, or changes it. */
    public void employee(String client, String name, String employee) {
        put(client, "/api/v1/ai/employees/" + name, employee);
    }

    /** What the client's AI employees did, newest first. */
    public List<JsonNode> activities(String client) {
        return read(get(client, "/api/v1/ai/activities", Role.VIEWER))
                .get("items")
                .valueStream()
                .toList();
    }

    /** Loads orders of the client. */
    public void orders(String client, String orders) {
        put(client, "/api/v1/agent/orders", orders);
    }

    /** Puts an article into the client's knowledge base. */
    public void article(String client, String id, String article) {
        put(client, "/api/v1/agent/knowledge/articles/" + id, article);
    }

    /** The ticket's newest run; missing if the client has none. */
    public JsonNode run(String client, TicketReceived ticket) {
        return read(get(client, "/api/v1/agent/runs?ticket_id=" + ticket.ticketId(), Role.VIEWER))
                .path("items")
                .path(0);
    }

    /** What was said with a model in the run that {@code owner} has, as somebody of {@code client} gets it. */
    public MvcTestResult transcript(String client, String owner, TicketReceived ticket) {
        return get(
                client,
                "/api/v1/agent/runs/" + run(owner, ticket).path("run_id").asString() + "/transcript",
                Role.VIEWER);
    }

    public MvcTestResult get(String client, String path, Role role) {
        return http.get()
                .uri(path)
                .header("Authorization", bearer(client, role))
                .exchange();
    }

    private void put(String client, String path, String body) {
        assertThat(http.put()
                        .uri(path)
                        .header("Authorization", bearer(client, Role.ADMIN))
                        .contentType(MediaType.APPLICATION_JSON)
                        .content(body))
                .hasStatusOk();
    }

    private static String bearer(String client, Role role) {
        return TestTokens.bearer(client, "someone@" + client + ".example", role);
    }

    private static JsonNode read(MvcTestResult answer) {
        return JsonMapper.shared()
                .readTree(new String(answer.getResponse().getContentAsByteArray(), StandardCharsets.UTF_8));
    }
}

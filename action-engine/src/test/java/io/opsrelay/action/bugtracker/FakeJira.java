package io.opsrelay.action.bugtracker;

import io.opsrelay.action.remote.FakeServer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Issues of the project OPS as Jira Cloud's REST v3 answers them; it checks documents as strictly as Jira does. */
final class FakeJira extends FakeServer {

    private static final Pattern LABEL = Pattern.compile("labels = \"([^\"]+)\"");
    private static final String LOGIN = "Basic "
            + Base64.getEncoder().encodeToString("bot@acme.example:api-token".getBytes(StandardCharsets.UTF_8));

    private final List<JsonNode> issues = new ArrayList<>();

    synchronized List<JsonNode> issues() {
        return List.copyOf(issues);
    }

    @Override
    protected boolean acts(Asked asked) {
        return asked.method().equals("POST");
    }

    @Override
    protected synchronized Told answer(Asked asked) {
        if (!asked.header("authorization").equals(LOGIN)) {
            return Told.json(401, Map.of("errorMessages", List.of("Client must be authenticated"), "errors", Map.of()));
        }
        return switch (asked.path()) {
            case "/rest/api/3/issue" -> created(asked.json().path("fields"));
            case "/rest/api/3/search/jql" -> found(asked.query().get("jql"));
            default -> Told.json(404, Map.of("errorMessages", List.of("dead link")));
        };
    }

    private Told created(JsonNode fields) {
        String wrong = wrong(fields);
        if (wrong != null) {
            return Told.json(400, Map.of("errorMessages", List.of(wrong), "errors", Map.of()));
        }
        issues.add(fields);
        int number = issues.size();
        return Told.json(
                201,
                Map.of(
                        "id",
                        "1000" + number,
                        "key",
                        "OPS-" + number,
                        "self",
                        url() + "/rest/api/3/issue/1000" + number));
    }

    private static String wrong(JsonNode fields) {
        if (!"OPS".equals(fields.path("project").path("key").asString(""))
                || !"Bug".equals(fields.path("issuetype").path("name").asString(""))) {
            return "project or issue type is not valid";
        }
        String summary = fields.path("summary").asString("");
        if (summary.isBlank() || summary.length() > 255 || summary.contains("\n")) {
            return "summary is not valid";
        }
        if (fields.path("labels").valueStream().anyMatch(label -> label.asString()
                .contains(" "))) {
            return "The label contains spaces which is invalid.";
        }
        JsonNode document = fields.path("description");
        if (document.path("version").asInt() != 1
                || !document.path("type").asString("").equals("doc")) {
            return "INVALID_INPUT";
        }
        boolean strange = document.path("content")
                .valueStream()
                .flatMap(paragraph -> paragraph.path("content").valueStream())
                .anyMatch(node ->
                        !Set.of("text", "hardBreak").contains(node.path("type").asString(""))
                                || (node.path("type").asString("").equals("text")
                                        && node.path("text").asString("").isEmpty()));
        return strange || document.path("content").isEmpty() ? "INVALID_INPUT" : null;
    }

    private Told found(String jql) {
        Matcher label = LABEL.matcher(jql);
        if (!label.find()) {
            return Told.json(400, Map.of("errorMessages", List.of("Unbounded JQL queries are not allowed here.")));
        }
        List<Map<String, Object>> found = new ArrayList<>();
        for (int i = 0; i < issues.size(); i++) {
            if (issues.get(i).path("labels").valueStream().anyMatch(one -> one.asString()
                    .equals(label.group(1)))) {
                found.add(Map.of("id", "1000" + (i + 1), "key", "OPS-" + (i + 1)));
            }
        }
        return Told.json(200, Map.of("issues", found, "isLast", true));
    }
}

package io.opsrelay.action.bugtracker;

import io.opsrelay.action.remote.FakeServer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Issues of acme/shop as GitHub's REST API answers them. */
public final class FakeGitHub extends FakeServer {

    private static final String ISSUES = "/repos/acme/shop/issues";

    private final List<Map<String, Object>> issues = new ArrayList<>();
    private volatile String token = "ghs_first";

    /** The only token that is accepted from now on. */
    public void accept(String only) {
        token = only;
    }

    /** All issues, oldest first. */
    public synchronized List<Map<String, Object>> issues() {
        return List.copyOf(issues);
    }

    @Override
    protected boolean acts(Asked asked) {
        return asked.method().equals("POST");
    }

    @Override
    protected synchronized Told answer(Asked asked) {
        if (!asked.header("authorization").equals("Bearer " + token)) {
            return Told.json(401, Map.of("message", "Bad credentials", "status", "401"));
        }
        if (!asked.path().equals(ISSUES)
                || !asked.header("accept").equals("application/vnd.github+json")
                || asked.header("user-agent").isEmpty()) {
            return Told.json(404, Map.of("message", "Not Found", "status", "404"));
        }
        return asked.method().equals("POST") ? created(asked.json()) : listed(asked.query());
    }

    private Told created(JsonNode wanted) {
        if (wanted.path("title").asString("").isBlank()
                || wanted.path("title").asString().length() > 256) {
            return Told.json(422, Map.of("message", "Validation Failed"));
        }
        int number = issues.size() + 1;
        Map<String, Object> issue = new LinkedHashMap<>();
        issue.put("number", number);
        issue.put("title", wanted.path("title").asString());
        issue.put("body", wanted.path("body").asString());
        issue.put(
                "labels",
                wanted.path("labels")
                        .valueStream()
                        .map(label -> Map.of("name", label.asString()))
                        .toList());
        issue.put("html_url", "https://github.com/acme/shop/issues/" + number);
        issue.put("state", "open");
        issues.add(issue);
        return Told.json(201, issue);
    }

    private Told listed(Map<String, String> query) {
        if (!"all".equals(query.get("state")) || !"desc".equals(query.get("direction"))) {
            return Told.json(422, Map.of("message", "this fake lists newest first, whatever their state"));
        }
        int size = Math.min(100, Integer.parseInt(query.getOrDefault("per_page", "30")));
        int page = Integer.parseInt(query.getOrDefault("page", "1"));
        return Told.json(
                200,
                issues.reversed().stream()
                        .skip((long) (page - 1) * size)
                        .limit(size)
                        .toList());
    }
}

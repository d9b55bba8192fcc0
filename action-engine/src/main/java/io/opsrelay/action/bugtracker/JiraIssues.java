package io.opsrelay.action.bugtracker;

import io.opsrelay.action.bugtracker.BugReportProperties.Jira;
import io.opsrelay.action.catalogue.Answer;
import io.opsrelay.action.remote.Addresses;
import io.opsrelay.action.remote.NoReplyException;
import io.opsrelay.action.remote.OutsideText;
import io.opsrelay.action.remote.RemoteSystem;
import io.opsrelay.action.remote.Reply;
import io.opsrelay.action.remote.SecretFile;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Issues of a project in Jira Cloud (REST v3). An issue has its action's key as a label, by which it is searched for. */
final class JiraIssues implements BugTracker {

    static final String NAME = "jira";

    private static final byte[] NOTHING = {};

    private final Jira settings;
    private final RemoteSystem system;
    private final String site;

    JiraIssues(Jira settings, RemoteSystem system) {
        this.settings = settings;
        this.system = system;
        this.site = settings.url().replaceAll("/+$", "");
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String place() {
        return settings.project();
    }

    @Override
    public Duration settle() {
        return settings.settle();
    }

    /** The key is a label, and no other issue has it. */
    @Override
    public String mark() {
        return "";
    }

    @Override
    public Answer file(String idempotencyKey, BugReport report) {
        List<String> labels = new ArrayList<>(settings.labels());
        labels.add(idempotencyKey);
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("project", Map.of("key", settings.project()));
        fields.put("issuetype", Map.of("name", settings.issueType()));
        fields.put("summary", report.title());
        fields.put("description", document(report));
        fields.put("labels", labels);
        String priority = settings.priorities().get(report.priority());
        if (priority != null) {
            fields.put("priority", Map.of("name", priority));
        }
        Reply reply = send("POST", "/rest/api/3/issue", RemoteSystem.json(Map.of("fields", fields)));
        if (!reply.done()) {
            return system.refusal(reply);
        }
        String key = reply.text("/key");
        if (key == null) {
            throw new NoReplyException(
                    system.name() + " answered without the issue's key", true, new IllegalStateException("key"));
        }
        return done(key);
    }

    /** Atlassian Document Format: its text is text and nothing else, a mention would be a node of another type. */
    static Map<String, Object> document(BugReport report) {
        List<Object> paragraphs = new ArrayList<>();
        for (String paragraph : report.description().split("\n{2,}")) {
            paragraph(paragraph).ifPresent(paragraphs::add);
        }
        paragraph("Priority: " + report.priority() + ". Reported through OpsRelay.")
                .ifPresent(paragraphs::add);
        return Map.of("version", 1, "type", "doc", "content", paragraphs);
    }

    private static Optional<Object> paragraph(String text) {
        List<Object> nodes = new ArrayList<>();
        for (String line : text.split("\n")) {
            if (!line.isBlank()) {
                if (!nodes.isEmpty()) {
                    nodes.add(Map.of("type", "hardBreak"));
                }
                nodes.add(Map.of("type", "text", "text", line.stripTrailing()));
            }
        }
        return nodes.isEmpty() ? Optional.empty() : Optional.of(Map.of("type", "paragraph", "content", nodes));
    }

    @Override
    public Optional<Answer> find(String idempotencyKey, String mark) {
        String jql = "project = \"" + settings.project() + "\" AND labels = \"" + idempotencyKey + "\"";
        Reply reply =
                send("GET", "/rest/api/3/search/jql?maxResults=2&fields=labels&jql=" + Addresses.encoded(jql), NOTHING);
        if (!reply.done() || !reply.body().path("issues").isArray()) {
            throw new NoReplyException(
                    system.name() + " answered " + reply.status() + " when it was asked for issues",
                    false,
                    new IllegalStateException("search"));
        }
        for (JsonNode issue : reply.body().path("issues")) {
            String key = issue.path("key").asString("");
            if (!key.isBlank()) {
                return Optional.of(done(OutsideText.line(key, 100)));
            }
        }
        return Optional.empty();
    }

    private Answer.Done done(String key) {
        return new Answer.Done(Map.of("reference", key, "url", site + "/browse/" + Addresses.encoded(key)));
    }

    private Reply send(String method, String path, byte[] body) {
        String login = settings.user() + ":" + new SecretFile(settings.tokenFile()).read();
        return system.send(
                method,
                URI.create(site + path),
                Map.of(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8))),
                body);
    }
}

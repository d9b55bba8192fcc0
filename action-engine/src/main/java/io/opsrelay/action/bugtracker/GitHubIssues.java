package io.opsrelay.action.bugtracker;

import io.opsrelay.action.bugtracker.BugReportProperties.GitHub;
import io.opsrelay.action.catalogue.Answer;
import io.opsrelay.action.remote.NoReplyException;
import io.opsrelay.action.remote.OutsideText;
import io.opsrelay.action.remote.RemoteSystem;
import io.opsrelay.action.remote.Reply;
import io.opsrelay.action.remote.SecretFile;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Issues of a repository on GitHub. An issue holds its action's key in a comment that nobody sees. It is looked for in the
 * list of issues, down to the newest one that was there before the first call: the list is told at once what was made, the
 * search only later.
 */
final class GitHubIssues implements BugTracker {

    static final String NAME = "github";

    private static final int UNAUTHORIZED = 401;
    private static final int PAGE = 20;
    private static final int MOST_PAGES = 50;
    private static final byte[] NOTHING = {};

    private final GitHub settings;
    private final RemoteSystem system;
    private final String issues;

    GitHubIssues(GitHub settings, RemoteSystem system) {
        this.settings = settings;
        this.system = system;
        this.issues = settings.url().replaceAll("/+$", "") + "/repos/" + settings.repository() + "/issues";
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String place() {
        return settings.repository();
    }

    @Override
    public Duration settle() {
        return settings.settle();
    }

    /** The number of the newest issue. */
    @Override
    public String mark() {
        return Long.toString(page(1, 1).path(0).path("number").asLong(0));
    }

    @Override
    public Answer file(String idempotencyKey, BugReport report) {
        List<String> labels = new ArrayList<>(settings.labels());
        String label = settings.priorityLabels().get(report.priority());
        if (label != null) {
            labels.add(label);
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("title", OutsideText.harmless(report.title()));
        body.put("body", bodyOf(idempotencyKey, report));
        body.put("labels", labels);
        Reply reply = send("POST", "", RemoteSystem.json(body));
        return reply.done() ? done(reply.body()) : system.refusal(reply);
    }

    /** Within a fence nothing is Markdown: nobody is called, nothing is linked, no image is loaded, no HTML is read. */
    static String bodyOf(String idempotencyKey, BugReport report) {
        String fence = "`".repeat(Math.max(3, longestRun(report.description()) + 1));
        return fence + "text\n" + report.description() + "\n" + fence + "\n\nPriority: " + report.priority()
                + ". Reported through OpsRelay.\n\n" + marker(idempotencyKey);
    }

    private static int longestRun(String text) {
        int longest = 0;
        int run = 0;
        for (int i = 0; i < text.length(); i++) {
            run = text.charAt(i) == '`' ? run + 1 : 0;
            longest = Math.max(longest, run);
        }
        return longest;
    }

    /** Stands outside of the fence, where no description can put one. */
    private static String marker(String idempotencyKey) {
        return "<!-- opsrelay-key: " + idempotencyKey + " -->";
    }

    @Override
    public Optional<Answer> find(String idempotencyKey, String mark) {
        long before = Long.parseLong(mark);
        String marker = marker(idempotencyKey);
        for (int number = 1; number <= MOST_PAGES; number++) {
            JsonNode page = page(number, PAGE);
            for (JsonNode issue : page) {
                if (issue.path("number").asLong(0) <= before) {
                    return Optional.empty();
                }
                if (issue.path("body").asString("").stripTrailing().endsWith(marker)) {
                    return Optional.of(done(issue));
                }
            }
            if (page.size() < PAGE) {
                return Optional.empty();
            }
        }
        throw new NoReplyException(
                "too many issues were made in " + place() + " since to look through",
                true,
                new IllegalStateException());
    }

    private JsonNode page(int number, int size) {
        Reply reply =
                send("GET", "?state=all&sort=created&direction=desc&per_page=" + size + "&page=" + number, NOTHING);
        if (!reply.done() || !reply.body().isArray()) {
            throw new NoReplyException(
                    system.name() + " answered " + reply.status() + " when it was asked for issues",
                    false,
                    new IllegalStateException("issues"));
        }
        return reply.body();
    }

    private static Answer.Done done(JsonNode issue) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("reference", "#" + issue.path("number").asLong(0));
        String url = issue.path("html_url").asString("");
        if (url.startsWith("https://")) {
            result.put("url", OutsideText.line(url, 500));
        }
        return new Answer.Done(result);
    }

    /** A token that is refused may have been replaced in its file meanwhile; the refused request did nothing. */
    private Reply send(String method, String path, byte[] body) {
        String token = new SecretFile(settings.tokenFile()).read();
        Reply reply = send(method, path, body, token);
        if (reply.status() != UNAUTHORIZED) {
            return reply;
        }
        String other = new SecretFile(settings.tokenFile()).read();
        return other.equals(token) ? reply : send(method, path, body, other);
    }

    private Reply send(String method, String path, byte[] body, String token) {
        return system.send(
                method,
                URI.create(issues + path),
                Map.of(
                        "Authorization",
                        "Bearer " + token,
                        "Accept",
                        "application/vnd.github+json",
                        "X-GitHub-Api-Version",
                        "2022-11-28"),
                body);
    }
}

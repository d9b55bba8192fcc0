package io.opsrelay.action.bugtracker;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.action.bugtracker.BugReportProperties.Jira;
import io.opsrelay.action.catalogue.Answer;
import io.opsrelay.action.remote.FakeServer.Fault;
import io.opsrelay.action.remote.RemoteSystem;
import io.opsrelay.security.outbound.GuardedHttp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class JiraIssuesTest extends BugTrackerKit {

    @TempDir
    private Path folder;

    private final FakeJira jira = new FakeJira();
    private final GuardedHttp http = new GuardedHttp();
    private JiraIssues issues;

    @BeforeEach
    void connect() throws Exception {
        issues = new JiraIssues(
                new Jira(
                        jira.url() + "/",
                        "OPS",
                        "Bug",
                        "bot@acme.example",
                        Files.writeString(folder.resolve("token"), "api-token\n"),
                        List.of("opsrelay"),
                        Map.of("high", "Highest"),
                        Duration.ofSeconds(6),
                        Duration.ofMinutes(2),
                        true,
                        true),
                new RemoteSystem(JiraIssues.NAME, http, Duration.ofSeconds(6), true, Clock.systemUTC()));
    }

    @AfterEach
    void stop() throws Exception {
        jira.close();
        http.close();
    }

    @Override
    BugTracker tracker() {
        return issues;
    }

    @Override
    List<String> titles() {
        return jira.issues().stream()
                .map(issue -> issue.path("summary").asString())
                .toList();
    }

    @Override
    void next(Fault fault) {
        jira.next(fault);
    }

    @Test
    void anIssueHasItsDocumentItsPriorityAndItsKey() {
        Answer answer = issues.file("opsrelay-1", new BugReport("x", "one\ntwo\n\n\n@bot [~admin] *three*", "high"));

        JsonNode issue = jira.issues().getFirst();
        assertThat(issue.path("priority").path("name").asString()).isEqualTo("Highest");
        assertThat(issue.path("labels")).extracting(JsonNode::asString).containsExactly("opsrelay", "opsrelay-1");
        assertThat(issue.path("description").path("content")).hasSize(3);
        assertThat(issue.at("/description/content/0/content/1/type").asString()).isEqualTo("hardBreak");
        assertThat(issue.at("/description/content/1/content/0/text").asString()).isEqualTo("@bot [~admin] *three*");
        assertThat(answer)
                .isEqualTo(new Answer.Done(Map.of("reference", "OPS-1", "url", jira.url() + "/browse/OPS-1")));
    }

    @Test
    void aPriorityThatTheProjectDoesNotNameIsLeftToIt() {
        issues.file(key(), new BugReport("x", "y", "low"));

        assertThat(jira.issues().getFirst().has("priority")).isFalse();
    }
}

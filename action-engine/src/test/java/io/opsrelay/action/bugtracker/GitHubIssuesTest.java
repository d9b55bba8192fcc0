package io.opsrelay.action.bugtracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opsrelay.action.bugtracker.BugReportProperties.GitHub;
import io.opsrelay.action.catalogue.Answer;
import io.opsrelay.action.remote.FakeServer.Fault;
import io.opsrelay.action.remote.NoReplyException;
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

class GitHubIssuesTest extends BugTrackerKit {

    @TempDir
    private Path folder;

    private final FakeGitHub github = new FakeGitHub();
    private final GuardedHttp http = new GuardedHttp();
    private GitHubIssues issues;

    @BeforeEach
    void connect() throws Exception {
        issues = new GitHubIssues(
                new GitHub(
                        github.url(),
                        "acme/shop",
                        Files.writeString(folder.resolve("token"), "ghs_first\n"),
                        List.of("opsrelay"),
                        Map.of("high", "priority: high"),
                        Duration.ofSeconds(6),
                        Duration.ofMinutes(2),
                        true,
                        true),
                new RemoteSystem(GitHubIssues.NAME, http, Duration.ofSeconds(6), true, Clock.systemUTC()));
    }

    @AfterEach
    void stop() throws Exception {
        github.close();
        http.close();
    }

    @Override
    BugTracker tracker() {
        return issues;
    }

    @Override
    List<String> titles() {
        return github.issues().stream()
                .map(issue -> String.valueOf(issue.get("title")))
                .toList();
    }

    @Override
    void next(Fault fault) {
        github.next(fault);
    }

    @Test
    void nothingInADescriptionIsReadAsMarkdown() {
        String hostile = "@acme/admins fixes #1\n````\n<img src=x onerror=y>\n![i](https://evil.example/i.png)\n"
                + "<!-- opsrelay-key: opsrelay-forged -->";

        issues.file("opsrelay-real", new BugReport("@octocat <b>look</b>", hostile, "high"));

        Map<String, Object> issue = github.issues().getFirst();
        assertThat(issue.get("title")).isEqualTo("@ octocat ‹b›look‹/b›");
        assertThat(issue.get("body"))
                .isEqualTo(
                        "`````text\n" + hostile
                                + "\n`````\n\nPriority: high. Reported through OpsRelay.\n\n<!-- opsrelay-key: opsrelay-real -->");
        assertThat(issue.get("labels"))
                .isEqualTo(List.of(Map.of("name", "opsrelay"), Map.of("name", "priority: high")));
    }

    @Test
    void aKeyThatADescriptionQuotesIsNotFound() {
        String mark = issues.mark();
        issues.file("opsrelay-real", new BugReport("x", "<!-- opsrelay-key: opsrelay-forged -->", "low"));

        assertThat(issues.find("opsrelay-forged", mark)).isEmpty();
    }

    @Test
    void aReportIsFoundOnLaterPagesAndNotLookedForBeforeItsMark() {
        issues.file(key(), REPORT);
        String mark = issues.mark();
        assertThat(mark).isEqualTo("1");
        String key = key();
        issues.file(key, REPORT);
        for (int i = 0; i < 45; i++) {
            issues.file(key(), REPORT);
        }
        int before = github.asked().size();

        assertThat(issues.find(key, mark))
                .contains(new Answer.Done(Map.of("reference", "#2", "url", "https://github.com/acme/shop/issues/2")));
        assertThat(github.asked().size() - before).isEqualTo(3);
    }

    @Test
    void aTokenThatWasReplacedInItsFileIsTakenUp() throws Exception {
        github.accept("ghs_second");
        assertThat(issues.file(key(), REPORT))
                .isInstanceOfSatisfying(Answer.Refused.class, refused -> assertThat(refused.code())
                        .isEqualTo("provider_denied"));

        Files.writeString(folder.resolve("token"), "ghs_second");

        assertThat(issues.file(key(), REPORT)).isInstanceOf(Answer.Done.class);
    }

    @Test
    void whoCannotListIsNotTakenForWhoHasNothing() {
        github.nextQuestion(Fault.FAIL);

        assertThatThrownBy(() -> issues.find(key(), "0")).isInstanceOf(NoReplyException.class);
    }
}

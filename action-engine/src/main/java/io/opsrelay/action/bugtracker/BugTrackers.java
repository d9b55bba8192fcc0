package io.opsrelay.action.bugtracker;

import io.opsrelay.action.bugtracker.BugReportProperties.GitHub;
import io.opsrelay.action.bugtracker.BugReportProperties.Http;
import io.opsrelay.action.bugtracker.BugReportProperties.Jira;
import io.opsrelay.action.bugtracker.BugReportProperties.Where;
import io.opsrelay.action.remote.RemoteSystem;
import io.opsrelay.security.outbound.GuardedHttp;
import io.opsrelay.security.tenant.ClientTransactions;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The trackers of all clients. */
@Component
class BugTrackers {

    private final Map<String, BugTracker> trackers = new HashMap<>();

    BugTrackers(
            BugReportProperties properties,
            GuardedHttp http,
            ClientTransactions transactions,
            JdbcClient jdbc,
            Clock clock) {
        properties
                .sandboxClients()
                .forEach(client -> trackers.put(client, new SandboxTracker(client, transactions, jdbc)));
        properties.clients().forEach((client, where) -> trackers.put(client, tracker(where, http, clock)));
    }

    private static BugTracker tracker(Where where, GuardedHttp http, Clock clock) {
        GitHub github = where.github();
        if (github != null) {
            return new GitHubIssues(
                    github, new RemoteSystem(GitHubIssues.NAME, http, github.timeout(), github.allowPrivate(), clock));
        }
        Jira jira = where.jira();
        if (jira != null) {
            return new JiraIssues(
                    jira, new RemoteSystem(JiraIssues.NAME, http, jira.timeout(), jira.allowPrivate(), clock));
        }
        Http other = Objects.requireNonNull(where.http());
        return new SignedTracker(
                other, new RemoteSystem(SignedTracker.NAME, http, other.timeout(), other.allowPrivate(), clock), clock);
    }

    /** The client's, if it has one. */
    Optional<BugTracker> of(String clientId) {
        return Optional.ofNullable(trackers.get(clientId));
    }

    /** Names of all that are configured. */
    List<String> names() {
        return trackers.values().stream()
                .map(BugTracker::name)
                .distinct()
                .sorted()
                .toList();
    }
}

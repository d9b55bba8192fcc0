package io.opsrelay.action.bugtracker;

import static io.opsrelay.action.remote.Settings.unless;

import io.opsrelay.action.remote.Settings;
import io.opsrelay.security.tenant.ClientId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where clients' bug reports go.
 *
 * @param clients by client; a client that is not here has no bug reports
 * @param sandboxClients who try OpsRelay out and have the sandbox instead, as far as they are not among the others
 */
@ConfigurationProperties(value = "opsrelay.bug-reports", ignoreUnknownFields = false)
record BugReportProperties(
        @DefaultValue Map<String, Where> clients,
        @DefaultValue Set<String> sandboxClients) {

    BugReportProperties {
        clients = Collections.unmodifiableMap(new LinkedHashMap<>(clients));
        sandboxClients = Set.copyOf(sandboxClients);
        sandboxClients.forEach(client -> unless(
                ClientId.isValid(client),
                "opsrelay.bug-reports.sandbox-clients",
                "has what is no client id: " + client));
        clients.forEach((client, where) -> where.check("opsrelay.bug-reports.clients." + client));
    }

    private static void unlessPriorities(Set<String> names, String property) {
        names.forEach(name -> unless(
                BugReport.PRIORITIES.contains(name), property + "." + name, "is not one of low, normal, high, urgent"));
    }

    /** One of the three. */
    record Where(
            @Nullable GitHub github,
            @Nullable Jira jira,
            @Nullable Http http) {

        private void check(String property) {
            unless(
                    Stream.of(github == null, jira == null, http == null)
                                    .filter(none -> !none)
                                    .count()
                            == 1,
                    property,
                    "needs one of github, jira and http");
            if (github != null) {
                github.check(property + ".github");
            }
            if (jira != null) {
                jira.check(property + ".jira");
            }
            if (http != null) {
                http.check(property + ".http");
            }
        }
    }

    /**
     * Issues of a repository on GitHub.
     *
     * @param url of the API; another one for GitHub Enterprise
     * @param repository owner/name
     * @param tokenFile file with a token that may write issues; read for each request
     * @param labels that every report gets
     * @param priorityLabels further label by priority
     * @param settle how long after a call that broke off its issue may still be missing in lists
     */
    record GitHub(
            @DefaultValue("https://api.github.com") String url,
            String repository,
            Path tokenFile,
            @DefaultValue("opsrelay") List<String> labels,
            @DefaultValue Map<String, String> priorityLabels,
            @DefaultValue("10s") Duration timeout,
            @DefaultValue("2m") Duration settle,
            @DefaultValue("false") boolean allowPrivate,
            @DefaultValue("false") boolean allowHttp) {

        private static final Pattern REPOSITORY =
                Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,38}/(?!\\.{1,2}$)[A-Za-z0-9._-]{1,100}");

        GitHub {
            labels = List.copyOf(labels);
            priorityLabels = Map.copyOf(priorityLabels);
        }

        private void check(String property) {
            Settings.unlessUrl(url, allowHttp, Set.of(), property + ".url");
            unless(
                    repository != null && REPOSITORY.matcher(repository).matches(),
                    property + ".repository",
                    "must be owner/name");
            Settings.unlessSecret(tokenFile, property + ".token-file");
            unlessPriorities(priorityLabels.keySet(), property + ".priority-labels");
            Settings.unlessTimeout(timeout, property + ".timeout");
            unless(!settle.isNegative(), property + ".settle", "must not be negative");
        }
    }

    /**
     * A project of Jira Cloud.
     *
     * @param url of the site
     * @param project its key
     * @param user e-mail address of the account that the token belongs to
     * @param tokenFile file with its API token; read for each request
     * @param labels that every report gets beside its key
     * @param priorities names of priorities in Jira; where one is not named, the project's own default stays
     * @param settle how long after a call that broke off its issue may still be missing in searches
     */
    record Jira(
            String url,
            String project,
            @DefaultValue("Bug") String issueType,
            String user,
            Path tokenFile,
            @DefaultValue("opsrelay") List<String> labels,
            @DefaultValue Map<String, String> priorities,
            @DefaultValue("10s") Duration timeout,
            @DefaultValue("2m") Duration settle,
            @DefaultValue("false") boolean allowPrivate,
            @DefaultValue("false") boolean allowHttp) {

        private static final Pattern PROJECT = Pattern.compile("[A-Z][A-Z0-9_]{1,30}");

        Jira {
            labels = List.copyOf(labels);
            priorities = Map.copyOf(priorities);
        }

        private void check(String property) {
            Settings.unlessUrl(url, allowHttp, Set.of(), property + ".url");
            unless(
                    project != null && PROJECT.matcher(project).matches(),
                    property + ".project",
                    "must be a project's key, such as OPS");
            unless(user != null && !user.isBlank(), property + ".user", "is missing");
            Settings.unlessSecret(tokenFile, property + ".token-file");
            unless(
                    labels.stream().noneMatch(label -> label.isBlank() || label.contains(" ")),
                    property + ".labels",
                    "must have no spaces, as Jira wants it");
            unlessPriorities(priorities.keySet(), property + ".priorities");
            Settings.unlessTimeout(timeout, property + ".timeout");
            unless(!settle.isNegative(), property + ".settle", "must not be negative");
        }
    }

    /**
     * A tracker that speaks signed JSON.
     *
     * @param url where reports are sent by POST
     * @param statusUrl asked by GET for a report, with {@code {key}}; 404 if there is none
     * @param secretFile with which requests are signed
     * @param fields what it calls {@code title}, {@code description}, {@code priority} and {@code key}
     * @param priorities what it calls a priority
     * @param reference JSON pointer of the report's id in answers
     * @param link JSON pointer of the report's address in answers
     */
    record Http(
            String url,
            String statusUrl,
            Path secretFile,
            @DefaultValue Map<String, String> fields,
            @DefaultValue Map<String, String> priorities,
            @DefaultValue("/id") String reference,
            @DefaultValue("/url") String link,
            @DefaultValue("10s") Duration timeout,
            @DefaultValue("false") boolean allowPrivate,
            @DefaultValue("false") boolean allowHttp) {

        private static final Set<String> OURS = Set.of("title", "description", "priority", "key");

        Http {
            fields = Map.copyOf(fields);
            priorities = Map.copyOf(priorities);
        }

        private void check(String property) {
            Settings.unlessUrl(url, allowHttp, Set.of(), property + ".url");
            Settings.unlessUrl(statusUrl, allowHttp, Set.of("key"), property + ".status-url");
            unless(statusUrl.contains("{key}"), property + ".status-url", "must have {key}");
            Settings.unlessSecret(secretFile, property + ".secret-file");
            fields.keySet()
                    .forEach(name -> unless(
                            OURS.contains(name),
                            property + ".fields." + name,
                            "is not one of title, description, priority, key"));
            unlessPriorities(priorities.keySet(), property + ".priorities");
            Settings.unlessPointer(reference, property + ".reference");
            Settings.unlessPointer(link, property + ".link");
            Settings.unlessTimeout(timeout, property + ".timeout");
        }

        /** What it calls a field of ours. */
        String field(String name) {
            return fields.getOrDefault(name, name);
        }
    }
}

package io.opsrelay.benchmarks.history;

import io.opsrelay.benchmarks.history.History.Answer;
import io.opsrelay.benchmarks.history.History.Post;
import io.opsrelay.benchmarks.history.History.Ticket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What was acknowledged is stored, once, under the client that sent it; what was refused changed nothing; and whoever asks
 * again is answered at last.
 */
final class IntakeRules {

    private static final int TOO_MANY_REQUESTS = 429;

    private IntakeRules() {}

    static List<String> violations(History history) {
        List<String> violations = new ArrayList<>();
        Map<String, List<Ticket>> storedByKey = history.tickets().stream()
                .collect(Collectors.groupingBy(ticket -> name(ticket.client(), ticket.key())));
        for (Post post : history.posts()) {
            List<Ticket> stored = storedByKey.getOrDefault(name(post.client(), post.key()), List.of());
            if (post.good()) {
                checkGood(post, stored, violations);
                if (history.load().givenUp().contains(post.key())) {
                    violations.add("%s's good post %s was never served, and its sender gave up"
                            .formatted(post.client(), post.key()));
                }
            } else {
                checkBad(post, stored, violations);
            }
        }
        Set<String> known = history.posts().stream()
                .map(post -> name(post.client(), post.key()))
                .collect(Collectors.toSet());
        storedByKey.forEach((name, tickets) -> {
            if (!known.contains(name)) {
                violations.add("ticket %s is stored for %s, which nobody posted"
                        .formatted(tickets.getFirst().ticketId(), name));
            }
        });
        return violations;
    }

    private static void checkGood(Post post, List<Ticket> stored, List<String> violations) {
        Set<String> ids = stored.stream().map(Ticket::ticketId).collect(Collectors.toSet());
        Set<String> acknowledged = post.answers().stream()
                .filter(Answer::isAcknowledgement)
                .map(Answer::ticketId)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
        for (String ticketId : acknowledged) {
            if (!ids.contains(ticketId)) {
                violations.add("%s's ticket %s (%s) was acknowledged and is not stored"
                        .formatted(post.client(), ticketId, post.key()));
            }
        }
        if (acknowledged.size() > 1) {
            violations.add("%s's post %s was acknowledged as several tickets: %s"
                    .formatted(post.client(), post.key(), acknowledged));
        }
        if (ids.size() > 1) {
            violations.add("%s's post %s is stored as several tickets: %s".formatted(post.client(), post.key(), ids));
        }
        long anew =
                post.answers().stream().filter(answer -> answer.status() == 202).count();
        if (anew > 1) {
            violations.add("%s's post %s was accepted as new %d times".formatted(post.client(), post.key(), anew));
        }
        for (Answer answer : post.answers()) {
            if (answer.status() >= 400 && answer.status() < 500 && answer.status() != TOO_MANY_REQUESTS) {
                violations.add(
                        "%s's good post %s was refused with %d".formatted(post.client(), post.key(), answer.status()));
            }
        }
    }

    private static void checkBad(Post post, List<Ticket> stored, List<String> violations) {
        if (post.answers().stream().anyMatch(Answer::isAcknowledgement)) {
            violations.add("%s's bad request %s was acknowledged".formatted(post.client(), post.key()));
        }
        for (Ticket ticket : stored) {
            violations.add("%s's bad request %s is stored as ticket %s"
                    .formatted(post.client(), post.key(), ticket.ticketId()));
        }
    }

    private static String name(String client, String key) {
        return client + "'s " + key;
    }
}

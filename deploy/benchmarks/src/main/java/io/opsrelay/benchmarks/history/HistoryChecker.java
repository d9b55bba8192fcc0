package io.opsrelay.benchmarks.history;

import io.opsrelay.benchmarks.history.History.Dashboard;
import io.opsrelay.benchmarks.history.History.DeadLetter;
import io.opsrelay.benchmarks.history.History.Sight;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Holds a history against what OpsRelay promises: nothing acknowledged is lost, every ticket ends once and by legal
 * steps, most of them well, the agent says each thing once, every approved action is done once or was refused outside and
 * no other has any effect, every dashboard saw all or was told, nobody saw another client's, and nothing good was set
 * aside.
 */
public final class HistoryChecker {

    private HistoryChecker() {}

    /** What was broken, a sentence each; empty for a sound history. */
    public static List<String> violations(History history) {
        List<String> violations = new ArrayList<>();
        violations.addAll(IntakeRules.violations(history));
        history.tickets().forEach(ticket -> violations.addAll(TicketRules.violations(ticket)));
        violations.addAll(TicketRules.violations(history.tickets()));
        violations.addAll(ActionRules.violations(history));
        violations.addAll(RunRules.violations(history));
        violations.addAll(FeedRules.violations(history));
        for (Dashboard dashboard : history.dashboards()) {
            violations.addAll(violations(dashboard, dashboard.name(), channelsOf(dashboard), history.feed()));
        }
        violations.addAll(history.foreign());
        violations.addAll(deadLetters(history));
        return violations;
    }

    /**
     * What was broken of what one dashboard was sent, whatever it is about.
     *
     * @param user whose dashboard it is
     * @param channels what it subscribes to
     * @param feed what the feed's topic holds, at least since the dashboard came
     */
    public static List<String> violations(Dashboard dashboard, String user, List<String> channels, List<Written> feed) {
        List<String> violations = new ArrayList<>(StreamRules.violations(dashboard));
        violations.addAll(EventRules.violations(dashboard, user, channels, feed));
        return violations;
    }

    private static List<String> channelsOf(Dashboard dashboard) {
        return dashboard.sights().stream()
                .filter(Sight.Subscribed.class::isInstance)
                .map(sight -> ((Sight.Subscribed) sight).channel())
                .distinct()
                .toList();
    }

    private static List<String> deadLetters(History history) {
        List<String> violations = new ArrayList<>();
        for (DeadLetter letter : history.deadLetters()) {
            if (!history.poison().contains(letter.key())) {
                violations.add("the record %s of topic %s was set aside, and was no poison: %s"
                        .formatted(letter.key(), letter.topic(), letter.reason()));
            }
        }
        Set<String> setAside =
                history.deadLetters().stream().map(DeadLetter::key).collect(Collectors.toSet());
        for (String key : history.poison()) {
            if (!setAside.contains(key)) {
                violations.add("the poison record " + key + " is in no dead-letter topic");
            }
        }
        return violations;
    }
}

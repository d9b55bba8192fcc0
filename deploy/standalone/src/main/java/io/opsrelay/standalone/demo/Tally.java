package io.opsrelay.standalone.demo;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Counts of all that was done so far. */
final class Tally {

    private final Map<String, Long> refused = new TreeMap<>();
    private final Map<String, Long> decided = new TreeMap<>();
    private final Map<String, Long> undecided = new TreeMap<>();
    private final Map<String, Long> ended = new TreeMap<>();
    private final Map<String, Long> restarts = new TreeMap<>();
    private long accepted;
    private long givenUp;

    synchronized void accepted() {
        accepted++;
    }

    /** A letter was not taken; it may be sent again. */
    synchronized void refused(Answer answer) {
        refused.merge(answer.label(), 1L, Long::sum);
    }

    /** A letter will not be sent again. */
    synchronized void givenUp() {
        givenUp++;
    }

    synchronized void decided(String decision) {
        decided.merge(decision, 1L, Long::sum);
    }

    /** A decision, or the list of what is to be decided, was not granted. */
    synchronized void undecided(Answer answer) {
        undecided.merge(answer.label(), 1L, Long::sum);
    }

    synchronized void ended(String status) {
        ended.merge(status, 1L, Long::sum);
    }

    synchronized void restart(Answer answer) {
        restarts.merge(answer.succeeded() ? "requested" : "refused " + answer.label(), 1L, Long::sum);
    }

    /** For the line now and then. */
    synchronized String line(int open) {
        return "accepted " + accepted + ", refused " + total(refused) + "; " + open + " open, " + list(ended)
                + "; decisions: " + list(decided);
    }

    /** For the end. */
    synchronized String summary(int open) {
        return """
                tickets     accepted %d; refused %s; given up %d
                end states  %s; %d not ended yet
                approvals   %s; refused %s
                restarts    %s""".formatted(
                accepted, list(refused), givenUp, list(ended), open, list(decided), list(undecided), list(restarts));
    }

    private static long total(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private static String list(Map<String, Long> counts) {
        return counts.isEmpty()
                ? "none"
                : counts.entrySet().stream()
                        .map(count -> count.getKey() + " " + count.getValue())
                        .collect(Collectors.joining(", "));
    }
}

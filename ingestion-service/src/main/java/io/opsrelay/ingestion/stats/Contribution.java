package io.opsrelay.ingestion.stats;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one ticket adds to the numbers, from its steps alone. A pure function: counting on is the difference of what it
 * says of more steps and of fewer, counting anew is its sum over all tickets, and so both come to the same.
 */
final class Contribution {

    private static final Set<String> COMPLETED = Set.of("resolved", "closed");
    private static final Set<String> ENDED = Set.of("resolved", "closed", "escalated", "failed");

    private final Counts counts = new Counts();
    private final Step first;
    private Instant since;
    private @Nullable String status;
    private boolean person;
    private boolean replied;
    private @Nullable String found;
    private @Nullable String said;
    private @Nullable Step judgedAt;

    private Contribution(Step first) {
        this.first = first;
        this.since = first.at();
    }

    /** @param steps of one ticket, from its first on, by seq; none adds nothing */
    static Counts of(List<Step> steps) {
        if (steps.isEmpty()) {
            return new Counts();
        }
        Contribution contribution = new Contribution(steps.getFirst());
        contribution.received(steps);
        steps.forEach(contribution::count);
        contribution.judged();
        return contribution.counts;
    }

    /** Counted when it came, under what is known of it by now. */
    private void received(List<Step> steps) {
        Step last = steps.getLast();
        String industry = steps.stream()
                .map(Step::industry)
                .filter(Objects::nonNull)
                .reduce((earlier, later) -> later)
                .orElse(null);
        add(first, Figure.RECEIVED, "");
        add(first, Figure.CHANNEL, first.channel());
        add(first, Figure.CATEGORY, orUnset(last.category()));
        add(first, Figure.PRIORITY, orUnset(last.priority()));
        add(first, Figure.INDUSTRY, orUnset(industry));
    }

    private void count(Step step) {
        boolean moved = !step.status().equals(status);
        takePart(step, moved);
        judge(step, moved);
        if (moved) {
            move(step);
        }
        if (step.replied() && !replied) {
            replied = true;
            time(step, Figure.FIRST_RESPONSE, Figure.FIRST_RESPONSE_MILLIS, millisSince(first.at(), step));
        }
        if (step.outcome() != null) {
            add(step, Figure.RUN, step.outcome());
        }
        decide(step);
        if (step.event().equals("ticket_classified")) {
            if (said == null) {
                found = step.category();
            }
            add(step, Figure.CLASSIFIED, "");
            if (step.processingMillis() != null) {
                time(step, Figure.PROCESSING, Figure.PROCESSING_MILLIS, step.processingMillis());
            }
        }
        status = step.status();
    }

    /** Whether a person had a part in it. Who only handed the ticket in, tagged it or sent it back to the agent had none. */
    private void takePart(Step step, boolean moved) {
        if (step.byPerson() && !isFirst(step)) {
            person |=
                    step.replied() || step.event().startsWith("approval_") || (moved && ENDED.contains(step.status()));
        }
    }

    /**
     * Whether a person judged what the classifier had found: by a word about the category, or by ending the ticket and
     * leaving the category as it was. The first word is about what the classifier had found until then; a later one may
     * take it back.
     */
    private void judge(Step step, boolean moved) {
        if (!step.byPerson() || isFirst(step)) {
            return;
        }
        boolean speaks = step.event().equals("ticket_category_set");
        boolean ends = moved && COMPLETED.contains(step.status());
        if (speaks) {
            said = step.category();
        }
        if (found != null && judgedAt == null && (speaks || (ends && said == null))) {
            judgedAt = step;
        }
    }

    /** Counted where a person judged first, so that of no span more is corrected than was judged. */
    private void judged() {
        if (judgedAt != null) {
            add(
                    judgedAt,
                    Figure.REVIEWED,
                    said == null ? Figure.LEFT_ALONE : said.equals(found) ? Figure.CONFIRMED : Figure.CORRECTED);
        }
    }

    private void move(Step step) {
        if (status != null) {
            add(step, Figure.LEFT, status);
        }
        add(step, Figure.ENTERED, step.status());
        boolean wasCompleted = status != null && COMPLETED.contains(status);
        boolean isCompleted = COMPLETED.contains(step.status());
        if (isCompleted && !wasCompleted && !step.event().equals("ticket_merged")) {
            add(step, Figure.COMPLETED, person ? Figure.PEOPLE : Figure.ALONE);
            // One that came completed took no time here.
            if (!isFirst(step)) {
                time(step, Figure.RESOLUTION, Figure.RESOLUTION_MILLIS, millisSince(since, step));
            }
        } else if (wasCompleted && !isCompleted) {
            add(step, Figure.REOPENED, "");
            since = step.at();
            person = false;
        }
    }

    private void decide(Step step) {
        switch (step.event()) {
            case "approval_granted" -> add(step, Figure.APPROVAL, step.byPerson() ? "approved" : "by_policy");
            case "approval_rejected" -> add(step, Figure.APPROVAL, step.byPerson() ? "rejected" : "by_policy");
            case "approval_responded" -> add(step, Figure.APPROVAL, "responded");
            case "approval_expired" -> add(step, Figure.APPROVAL, "expired");
            default -> {
                // Not a decision.
            }
        }
    }

    private boolean isFirst(Step step) {
        return step.seq() == first.seq();
    }

    private void add(Step step, Figure figure, String key) {
        counts.add(step.at(), figure, key, 1);
    }

    private void time(Step step, Figure figure, Figure sum, double millis) {
        counts.add(step.at(), figure, Times.classOf(millis), 1);
        counts.add(step.at(), sum, "", Math.round(millis));
    }

    /** Clocks of several machines may disagree: never below zero. */
    private static double millisSince(Instant start, Step step) {
        return Math.max(0, Duration.between(start, step.at()).toNanos() / 1e6);
    }

    private static String orUnset(@Nullable String value) {
        return value == null ? Figure.UNSET : value;
    }
}

package io.opsrelay.action.kubernetes;

import io.opsrelay.action.deployment.Operation;
import io.opsrelay.action.deployment.Scaling;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What to make of a change as it stands. Pure. */
sealed interface Verdict {

    /**
     * It ended well.
     *
     * @param overtaken whether something else has been changed since
     */
    record Done(boolean overtaken) implements Verdict {}

    /** It did not end well, and nothing more can be done about it here. */
    record Refused(String code, String reason) implements Verdict {}

    /** It must be taken back. */
    record Undo(String reason) implements Verdict {}

    /** It is under way. */
    record Wait(String text) implements Verdict {}

    /** @param due when it counts as failed, if it has not ended by then */
    static Verdict of(Mark mark, Seen seen, Instant due, Instant now) {
        String failure = mark.failure();
        return switch (seen.standing(mark)) {
            case OVERTAKEN -> overtaken(mark, failure);
            case NOT_MADE ->
                failure == null
                        ? new Refused("superseded", "nothing was changed: the number of replicas was never set")
                        : new Undo(failure);
            case STANDS -> {
                Rollout rollout = rollout(mark, seen);
                yield failure == null
                        ? standing(rollout, !now.isBefore(due))
                        : undone(failure, rollout, !now.isBefore(due));
            }
        };
    }

    private static Verdict overtaken(Mark mark, @Nullable String failure) {
        if (failure != null) {
            return failed(failure + "; it was undone, and something else has been changed since");
        }
        return mark.operation() == Operation.SCALE && !mark.scalesByBounds()
                ? new Refused(
                        "superseded", "something else has set the number of replicas since; it is left as it is now")
                : new Done(true);
    }

    private static Rollout rollout(Mark mark, Seen seen) {
        Scaling expected = mark.expected();
        int replicas = Snapshot.replicasOf(seen.deployment());
        if (expected != null && (replicas < expected.minReplicas() || replicas > expected.maxReplicas())) {
            return new Rollout.UnderWay("%d replicas, to become %s by the autoscaler".formatted(replicas, expected));
        }
        Rollout rollout = Rollout.of(seen.deployment(), mark.failedAt() == null ? mark.at() : mark.failedAt());
        // The cluster's own deadline is about new revisions: another number of replicas may still come about.
        return expected != null && rollout instanceof Rollout.Failed(String reason)
                ? new Rollout.UnderWay(reason)
                : rollout;
    }

    private static Verdict standing(Rollout rollout, boolean late) {
        return switch (rollout) {
            case Rollout.Complete complete -> new Done(false);
            case Rollout.Failed(String reason) -> new Undo(reason);
            case Rollout.UnderWay(String text) ->
                late ? new Undo("it has not come to its end in time: " + text) : new Wait(text);
        };
    }

    private static Verdict undone(String failure, Rollout rollout, boolean late) {
        return switch (rollout) {
            case Rollout.Complete complete -> failed(failure + "; it was undone, and what ran before runs again");
            case Rollout.Failed(String reason) ->
                failed(failure + "; it was undone, but what ran before does not come up either: " + reason);
            case Rollout.UnderWay(String text) ->
                late
                        ? failed(failure + "; it was undone, but what ran before is not all there yet: " + text)
                        : new Wait("undoing: " + text);
        };
    }

    private static Verdict failed(String reason) {
        return new Refused("rollout_failed", reason);
    }
}

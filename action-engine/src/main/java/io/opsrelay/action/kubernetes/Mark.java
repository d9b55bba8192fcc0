package io.opsrelay.action.kubernetes;

import io.opsrelay.action.deployment.Operation;
import io.opsrelay.action.deployment.Scaling;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an action of ours did to an object, kept at the object itself: so the cluster can tell it after a crash.
 *
 * @param key the action's key
 * @param operation what was asked
 * @param at when it was begun
 * @param generation the object's generation before it was changed
 * @param template fingerprint of the pod template that it left; with a new template only
 * @param revisionBefore the revision that ran before, if that is known
 * @param before how many instances were to run, or the autoscaler's bounds; with scaling only
 * @param wanted how many instances shall run, or the autoscaler's bounds; with scaling only
 * @param failure why it was undone; absent while it stands
 * @param failedAt when it was undone
 */
record Mark(
        String key,
        Operation operation,
        Instant at,
        long generation,
        @Nullable String template,
        @Nullable String revisionBefore,
        @Nullable Scaling before,
        @Nullable Scaling wanted,
        @Nullable String failure,
        @Nullable Instant failedAt) {

    Mark {
        if (key.isBlank()) {
            throw new IllegalArgumentException("a mark has a key");
        }
        if ((operation == Operation.SCALE) != (wanted != null) || (wanted == null) != (before == null)) {
            throw new IllegalArgumentException("numbers of replicas go with scaling, and with nothing else");
        }
        if ((failure == null) != (failedAt == null)) {
            throw new IllegalArgumentException("a failure has a time");
        }
    }

    static Mark template(
            String key, Operation operation, Instant at, long generation, String template, @Nullable String before) {
        return new Mark(key, operation, at, generation, template, before, null, null, null, null);
    }

    static Mark scaling(String key, Instant at, long generation, Scaling before, Scaling wanted) {
        return new Mark(key, Operation.SCALE, at, generation, null, null, before, wanted, null, null);
    }

    /** The same, undone: {@code template} and {@code generation} are those of the undoing. */
    Mark undone(String reason, Instant when, long generation, @Nullable String template) {
        return new Mark(key, operation, at, generation, template, revisionBefore, before, wanted, reason, when);
    }

    /** The same with another fingerprint: the cluster has put something of its own into the template. */
    Mark leaving(String template) {
        return new Mark(key, operation, at, generation, template, revisionBefore, before, wanted, failure, failedAt);
    }

    /** Whether it changed an autoscaler's bounds. */
    boolean scalesByBounds() {
        return wanted != null && !wanted.fixed();
    }

    /** With scaling, what holds if nobody else changed it since. */
    @Nullable
    Scaling expected() {
        return failure == null ? wanted : before;
    }
}

package io.opsrelay.action.standalone;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An operation as the launcher tells it; further fields are skipped. */
record LauncherOperation(
        String key,
        String kind,
        String service,
        @Nullable Integer replicas,
        String status,
        @Nullable String finishedAt,
        @Nullable String failure,
        List<Step> steps) {

    LauncherOperation {
        steps = steps == null ? List.of() : List.copyOf(steps);
    }

    /** What the launcher did, one sentence. */
    record Step(String at, String text) {}

    boolean isRunning() {
        return "running".equals(status);
    }

    boolean hasSucceeded() {
        return "succeeded".equals(status);
    }
}

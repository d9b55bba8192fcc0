package io.opsrelay.action.cloudrun;

import com.google.cloud.run.v2.Condition;
import com.google.cloud.run.v2.Revision;
import com.google.cloud.run.v2.Service;
import com.google.protobuf.util.Timestamps;
import io.opsrelay.action.cloudrun.Traffic.One;
import io.opsrelay.action.deployment.Operation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How far an action has come, by what the service and its revisions say. Pure. */
sealed interface Rollout {

    /** Nothing was done under that key. */
    record Unheard() implements Rollout {}

    /** @param steps how it stands, a sentence for each condition */
    record Running(List<String> steps) implements Rollout {}

    /** @param revision that gets the requests now; empty if several do */
    record Done(String revision) implements Rollout {}

    /** @param own the revision that the action made, empty if it made none */
    record Failed(String reason, String own) implements Rollout {}

    /** It had failed and was undone. */
    record Undone(String reason) implements Rollout {}

    /** @param revisions of the service, the newest first; looked at for a restart only */
    static Rollout of(String key, Operation operation, Service service, List<Revision> revisions) {
        Mark mark = Mark.of(service).orElse(null);
        Mark current = mark != null && mark.key().equals(key) ? mark : null;
        Revision own =
                operation == Operation.RESTART ? revisionOf(key, revisions).orElse(null) : null;
        // Whoever replaces a service's annotations leaves those of its revisions.
        if (current == null && own == null && (mark == null || !mark.earlier().contains(key))) {
            return new Unheard();
        }
        if (current != null && current.undone() != null) {
            return new Undone(current.undone());
        }
        if (operation == Operation.RESTART) {
            return restart(service, own, current != null);
        }
        return current == null ? done(service) : byService(operation, service, current);
    }

    private static Rollout restart(Service service, @Nullable Revision own, boolean current) {
        if (own == null) {
            return switch (service.getTerminalCondition().getState()) {
                case CONDITION_FAILED -> new Failed(reasonOf(service.getTerminalCondition()), "");
                case CONDITION_SUCCEEDED -> current ? running(service) : done(service);
                default -> running(service);
            };
        }
        String name = Traffic.shortName(own);
        return switch (ready(own).getState()) {
            case CONDITION_FAILED -> new Failed(name + " does not get ready: " + reasonOf(ready(own)), name);
            case CONDITION_SUCCEEDED -> {
                String newest = Traffic.shortName(service.getLatestCreatedRevision());
                if (!current || !newest.equals(name) || serves(service, name)) {
                    yield new Done(name);
                }
                yield service.getReconciling()
                        ? running(service)
                        : new Failed(
                                "%s is ready and gets no requests: %s"
                                        .formatted(name, reasonOf(service.getTerminalCondition())),
                                name);
            }
            // Another action came since, and it had to wait for this one's end.
            default -> current ? running(service) : new Done(name);
        };
    }

    private static boolean serves(Service service, String revision) {
        return !service.getReconciling()
                && Traffic.of(service) instanceof One one
                && one.revision().equals(revision);
    }

    private static Rollout byService(Operation operation, Service service, Mark mark) {
        if (service.getReconciling()) {
            return running(service);
        }
        Condition end = service.getTerminalCondition();
        if (operation != Operation.ROLLBACK) {
            // A newest revision that is broken, and that no requests go to, is what the service goes on to tell of.
            boolean ofNewest = !service.getLatestCreatedRevision().equals(service.getLatestReadyRevision());
            return end.getState() == Condition.State.CONDITION_FAILED && !ofNewest
                    ? new Failed(reasonOf(end), "")
                    : done(service);
        }
        return mark.before() != null
                        && Traffic.of(service) instanceof One one
                        && one.revision().equals(mark.before().revision())
                ? new Failed("requests go to " + one.revision() + " still: " + reasonOf(end), "")
                : done(service);
    }

    private static Done done(Service service) {
        return new Done(Traffic.of(service) instanceof One one ? one.revision() : "");
    }

    private static Running running(Service service) {
        List<String> steps = new ArrayList<>();
        for (Condition condition : service.getConditionsList()) {
            steps.add(condition.getType() + ": " + stateOf(condition));
        }
        return new Running(List.copyOf(steps));
    }

    /** What later deployments inherit the key of is the oldest that carries it. */
    static Optional<Revision> revisionOf(String key, List<Revision> revisions) {
        return revisions.stream()
                .filter(revision -> key.equals(revision.getAnnotationsOrDefault(Mark.ACTION, "")))
                .min(Comparator.comparing(Revision::getCreateTime, Timestamps::compare));
    }

    /** Whether a revision can serve. */
    static boolean isReady(Revision revision) {
        return ready(revision).getState() == Condition.State.CONDITION_SUCCEEDED;
    }

    private static Condition ready(Revision revision) {
        return revision.getConditionsList().stream()
                .filter(condition -> condition.getType().equals("Ready"))
                .findFirst()
                .orElse(Condition.getDefaultInstance());
    }

    /** A condition in words. */
    static String stateOf(Condition condition) {
        String state =
                switch (condition.getState()) {
                    case CONDITION_PENDING -> "pending";
                    case CONDITION_RECONCILING -> "at work";
                    case CONDITION_FAILED -> "failed";
                    case CONDITION_SUCCEEDED -> "done";
                    case STATE_UNSPECIFIED, UNRECOGNIZED -> "not known";
                };
        return condition.getMessage().isEmpty() ? state : state + ", " + condition.getMessage();
    }

    private static String reasonOf(Condition condition) {
        return condition.getMessage().isEmpty() ? "Cloud Run gives no reason" : condition.getMessage();
    }
}

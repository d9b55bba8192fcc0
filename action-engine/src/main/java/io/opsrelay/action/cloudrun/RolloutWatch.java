package io.opsrelay.action.cloudrun;

import static io.opsrelay.action.deployment.Operation.RESTART;
import static io.opsrelay.action.deployment.Operation.SCALE;

import com.google.cloud.run.v2.Revision;
import com.google.cloud.run.v2.Service;
import com.google.longrunning.Operation;
import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.action.catalogue.Answer;
import io.opsrelay.action.catalogue.OutcomeUnknownException;
import io.opsrelay.action.catalogue.Progress;
import io.opsrelay.action.cloudrun.Traffic.One;
import io.opsrelay.action.cloudrun.Updates.Sent;
import io.opsrelay.action.deployment.DeploymentOrder;
import io.opsrelay.action.deployment.Scaling;
import io.opsrelay.action.deployment.UnreachableException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows what was ordered to its end, and takes it back if it fails. */
final class RolloutWatch {

    private static final Logger LOG = LoggerFactory.getLogger(RolloutWatch.class);

    /** Looks in a row that may fail before the outcome counts as not known. */
    private static final int MOST_BLIND = 5;

    private static final int MOST_STEPS = 40;

    private final CloudRunProperties properties;
    private final Updates updates;
    private final Stop stop;
    private final Clock clock;
    private final MeterRegistry meters;

    RolloutWatch(CloudRunProperties properties, Updates updates, Stop stop, Clock clock, MeterRegistry meters) {
        this.properties = properties;
        this.updates = updates;
        this.stop = stop;
        this.clock = clock;
        this.meters = meters;
    }

    /**
     * One action at a service.
     *
     * @param operation Cloud Run's name for the update; absent where it was lost
     */
    record Watched(
            CloudRunClient client,
            Site site,
            String key,
            DeploymentOrder order,
            @Nullable String operation) {}

    /**
     * Waits for the end.
     *
     * @return empty if nothing was done under the key
     * @throws OutcomeUnknownException if Cloud Run does not tell
     */
    Optional<Answer> follow(Watched watched, Progress progress) {
        Instant deadline = clock.instant().plus(properties.rolloutDeadline());
        Set<String> told = new HashSet<>();
        int blind = 0;
        while (true) {
            Rollout rollout;
            try {
                rollout = look(watched);
                blind = 0;
            } catch (CloudRunException e) {
                if (++blind > MOST_BLIND) {
                    throw new OutcomeUnknownException("Cloud Run does not tell how it went: " + e.reason(), e);
                }
                rollout = new Rollout.Running(List.of());
            }
            Optional<Answer> end = end(watched, rollout, progress);
            if (end.isPresent() || rollout instanceof Rollout.Unheard) {
                return end;
            }
            tell(rollout, told, progress);
            if (clock.instant().isAfter(deadline)) {
                return Optional.of(undo(watched, late(), progress));
            }
            pause();
        }
    }

    private Optional<Answer> end(Watched watched, Rollout rollout, Progress progress) {
        return switch (rollout) {
            case Rollout.Unheard unheard -> Optional.empty();
            case Rollout.Running running -> Optional.empty();
            case Rollout.Done done -> Optional.of(new Answer.Done(result(watched, done)));
            case Rollout.Undone undone -> Optional.of(failed(undone.reason() + ". " + confirmed(watched)));
            case Rollout.Failed failure -> Optional.of(undo(watched, failure, progress));
        };
    }

    private Rollout look(Watched watched) {
        Service service = watched.client().service(watched.site().resource()).orElse(null);
        if (service == null) {
            return new Rollout.Unheard();
        }
        List<Revision> revisions = watched.order().operation() == RESTART
                ? watched.client().revisions(watched.site().resource())
                : List.of();
        Rollout rollout = Rollout.of(watched.key(), watched.order().operation(), service, revisions);
        return switch (rollout) {
            case Rollout.Undone undone -> undone;
            case Rollout.Failed failure -> failure;
            case Rollout.Unheard unheard -> byOperation(watched, unheard, new Rollout.Done(""));
            case Rollout.Running running -> byOperation(watched, running, running);
            case Rollout.Done done -> byOperation(watched, done, done);
        };
    }

    /**
     * Waits for Cloud Run's own word on the update as well. Its errors tell of the service's newest revision, whatever the
     * update was about: they do not go before what the service shows.
     */
    private static Rollout byOperation(Watched watched, Rollout unlessKnown, Rollout whenDone) {
        if (watched.operation() == null) {
            return unlessKnown;
        }
        Operation operation = watched.client().operation(watched.operation()).orElse(null);
        if (operation == null) {
            return unlessKnown;
        }
        if (operation.hasError() && !(unlessKnown instanceof Rollout.Done)) {
            return new Rollout.Failed(operation.getError().getMessage(), "");
        }
        if (operation.getDone()) {
            return whenDone;
        }
        return unlessKnown instanceof Rollout.Running running ? running : new Rollout.Running(List.of());
    }

    private Rollout.Failed late() {
        Duration within = properties.rolloutDeadline();
        return new Rollout.Failed("it did not end within " + within.toSeconds() + " s", "");
    }

    private static void tell(Rollout rollout, Set<String> told, Progress progress) {
        if (rollout instanceof Rollout.Running running) {
            running.steps().stream()
                    .filter(step -> told.size() < MOST_STEPS && told.add(step))
                    .forEach(progress::step);
        }
    }

    private Answer.Refused undo(Watched watched, Rollout.Failed failure, Progress progress) {
        progress.step(failure.reason() + "; it is undone");
        String outcome;
        boolean undone = false;
        try {
            outcome = switch (updates.send(watched.client(), watched.site(), true, new Undo(watched, failure))) {
                case Sent.Taken taken -> {
                    undone = true;
                    yield confirmed(watched);
                }
                case Sent.Refused refused -> "It was not undone: " + refused.reason();
            };
        } catch (UnreachableException e) {
            throw new OutcomeUnknownException("it failed, and its undo has not been sent: " + e.reason(), e);
        }
        CloudRunMetric.FAILED.count(meters, watched.order().operation().verb(), Boolean.toString(undone));
        if (!undone) {
            LOG.warn("{} failed and was not undone: {}", watched.site().resource(), outcome);
        }
        return failed(failure.reason() + ". " + outcome);
    }

    /** The update that takes it back, unless it has been taken back. */
    private record Undo(Watched watched, Rollout.Failed failure) implements Updates.Writer {

        @Override
        public boolean isOn(Service now) {
            return Mark.of(now)
                    .filter(mark -> mark.key().equals(watched.key()) && mark.undone() != null)
                    .isPresent();
        }

        @Override
        public Plan plan(Service now, List<Revision> revisions) {
            Mark mark = Mark.of(now).orElse(null);
            if (mark == null || !mark.key().equals(watched.key())) {
                return new Plan.Refused("not_undone", "another action has changed the service since");
            }
            String own = failure.own().isEmpty()
                    ? Rollout.revisionOf(watched.key(), revisions)
                            .map(Traffic::shortName)
                            .orElse("")
                    : failure.own();
            return Plan.undo(watched.order().operation(), mark, now, own, failure.reason());
        }
    }

    /** Waits until what served before serves, in words. */
    private String confirmed(Watched watched) {
        Instant deadline = clock.instant().plus(properties.undoDeadline());
        String aim = "";
        while (true) {
            try {
                Service now =
                        watched.client().service(watched.site().resource()).orElse(null);
                Mark.Before before =
                        now == null ? null : Mark.of(now).map(Mark::before).orElse(null);
                if (now == null || before == null) {
                    return "It was undone, and somebody has changed the service since";
                }
                aim = aim(watched, before);
                if (!now.getReconciling() && isBack(watched, now, before)) {
                    return "It was undone: " + aim;
                }
            } catch (CloudRunException e) {
                LOG.warn("The undo at {} cannot be watched: {}", watched.site().resource(), e.reason());
            }
            if (clock.instant().isAfter(deadline)) {
                return "Its undo was ordered and has not ended within "
                        + properties.undoDeadline().toSeconds() + " s" + (aim.isEmpty() ? "" : ": " + aim);
            }
            pause();
        }
    }

    private static String aim(Watched watched, Mark.Before before) {
        return watched.order().operation() == SCALE
                ? "the bounds are as they were before"
                : "all requests go to " + before.revision() + " as before";
    }

    private static boolean isBack(Watched watched, Service now, Mark.Before before) {
        return watched.order().operation() == SCALE
                || (Traffic.of(now) instanceof One one && one.revision().equals(before.revision()));
    }

    private static Map<String, Object> result(Watched watched, Rollout.Done done) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("service_name", watched.site().service());
        result.put("operation", watched.order().operation().verb());
        result.put("project", watched.site().project().name());
        result.put("region", watched.site().region());
        if (!done.revision().isEmpty()) {
            result.put("revision", done.revision());
        }
        Scaling scaling = watched.order().scaling();
        if (scaling != null && scaling.fixed()) {
            result.put("replicas", scaling.minReplicas());
        } else if (scaling != null) {
            result.put("min_replicas", scaling.minReplicas());
            result.put("max_replicas", scaling.maxReplicas());
        }
        return result;
    }

    private static Answer.Refused failed(String reason) {
        return new Answer.Refused("rollout_failed", reason);
    }

    private void pause() {
        if (stop.within(properties.pollInterval())) {
            throw stop.unknown();
        }
    }
}

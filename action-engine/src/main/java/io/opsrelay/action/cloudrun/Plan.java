package io.opsrelay.action.cloudrun;

import com.google.cloud.run.v2.Revision;
import com.google.cloud.run.v2.Service;
import com.google.cloud.run.v2.ServiceScaling;
import com.google.cloud.run.v2.ServiceScaling.ScalingMode;
import com.google.cloud.run.v2.UpdateServiceRequest;
import com.google.protobuf.FieldMask;
import com.google.protobuf.util.Timestamps;
import io.opsrelay.action.catalogue.Answer;
import io.opsrelay.action.cloudrun.Mark.Before;
import io.opsrelay.action.cloudrun.Traffic.Nobody;
import io.opsrelay.action.cloudrun.Traffic.One;
import io.opsrelay.action.cloudrun.Traffic.Split;
import io.opsrelay.action.deployment.DeploymentOrder;
import io.opsrelay.action.deployment.Operation;
import io.opsrelay.action.deployment.Scaling;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What an order comes to on a service as it is now. Pure. */
sealed interface Plan {

    /** @param request with the precondition that the service has not changed since it was read */
    record Update(UpdateServiceRequest request) implements Plan {}

    /** It will not be done. */
    record Refused(String code, String reason) implements Plan {

        Answer.Refused answer() {
            return new Answer.Refused(code, reason);
        }
    }

    /** @param revisions of the service, the newest first; looked at for a rollback only */
    static Plan of(String key, DeploymentOrder order, Service now, List<Revision> revisions) {
        return switch (order.operation()) {
            case RESTART -> restart(key, now);
            case SCALE -> scale(key, now, Objects.requireNonNull(order.scaling()));
            case ROLLBACK -> rollback(key, order, now, revisions);
            case ROLLOUT ->
                new Refused(
                        "operation_not_offered",
                        "cloud_run has no rollout restart: a restart replaces the old revision by a new one already");
        };
    }

    private static Plan restart(String key, Service now) {
        if (now.getReconciling()) {
            return busy(now);
        }
        return switch (Traffic.of(now)) {
            case Nobody nobody -> neverReady(now);
            case Split split -> splitTraffic(now, split);
            case One one
            when one.followsLatest() -> {
                String newest = Traffic.shortName(now.getLatestCreatedRevision());
                yield newest.equals(one.revision())
                        ? restart(key, now, false)
                        : new Refused(
                                "latest_not_ready",
                                "the newest revision %s is not ready, and %s serves: a restart would deploy what failed. Deploy anew, or roll back"
                                        .formatted(newest, one.revision()));
            }
            case One one ->
                one.revision().equals(now.getAnnotationsOrDefault(Mark.PINNED, ""))
                        ? restart(key, now, true)
                        : new Refused(
                                "traffic_pinned",
                                "all requests go to %s, whatever is deployed: a new revision would get none. Send them to the latest revision first"
                                        .formatted(one.revision()));
        };
    }

    private static Plan restart(String key, Service now, boolean pinnedByUndo) {
        Service.Builder next = now.toBuilder();
        // A name that was given to the last revision cannot be given again.
        next.getTemplateBuilder().clearRevision().putAnnotations(Mark.ACTION, key);
        if (!pinnedByUndo) {
            return update(next, Mark.next(key, now, before(now)), "template");
        }
        next.clearTraffic().addAllTraffic(Traffic.toLatest(now)).removeAnnotations(Mark.PINNED);
        return update(next, Mark.next(key, now, before(now)), "template", "traffic");
    }

    private static Plan scale(String key, Service now, Scaling wanted) {
        if (now.getReconciling()) {
            return busy(now);
        }
        ServiceScaling.Builder scaling = now.getScaling().toBuilder();
        if (now.getScaling().getScalingMode() == ScalingMode.MANUAL) {
            if (!wanted.fixed()) {
                return new Refused(
                        "no_autoscaler",
                        shortName(now) + " is scaled by hand and has no range: ask for one number of replicas");
            }
            scaling.setManualInstanceCount(wanted.minReplicas());
        } else {
            int most = mostPerRevision(now);
            if (wanted.maxReplicas() > most) {
                return new Refused(
                        "revision_limit",
                        "a revision of %s may have at most %d instances, which %s would exceed: deploy it with a higher limit first"
                                .formatted(shortName(now), most, wanted));
            }
            int least = now.getTemplate().getScaling().getMinInstanceCount();
            if (wanted.minReplicas() < least) {
                return new Refused(
                        "revision_limit",
                        "a revision of %s has at least %d instances, more than %s: deploy it with a lower limit first"
                                .formatted(shortName(now), least, wanted));
            }
            scaling.setMinInstanceCount(wanted.minReplicas()).setMaxInstanceCount(wanted.maxReplicas());
        }
        return update(now.toBuilder().setScaling(scaling), Mark.next(key, now, before(now)), "scaling");
    }

    private static Plan rollback(String key, DeploymentOrder order, Service now, List<Revision> revisions) {
        return switch (Traffic.of(now)) {
            case Nobody nobody -> neverReady(now);
            case Split split -> splitTraffic(now, split);
            case One one
            when order.revision() != null && !order.revision().equals(one.revision()) ->
                new Refused(
                        "revision_changed",
                        "%s was served by %s when this was decided and is by %s now: what it would go back to is another one"
                                .formatted(shortName(now), order.revision(), one.revision()));
            case One one ->
                previous(one.revision(), revisions)
                        .<Plan>map(previous -> update(
                                now.toBuilder()
                                        .clearTraffic()
                                        .addAllTraffic(Traffic.toRevision(now, Traffic.shortName(previous)))
                                        .removeAnnotations(Mark.PINNED),
                                Mark.next(key, now, before(now)),
                                "traffic"))
                        .orElseGet(() -> new Refused(
                                "no_previous_revision",
                                "no revision of %s before %s is ready to serve"
                                        .formatted(shortName(now), one.revision())));
        };
    }

    /** The newest revision that is older than that one and was ready. */
    static Optional<Revision> previous(String serving, List<Revision> revisions) {
        Revision current = revisions.stream()
                .filter(revision -> Traffic.shortName(revision).equals(serving))
                .findFirst()
                .orElse(null);
        return current == null
                ? Optional.empty()
                : revisions.stream()
                        .filter(revision -> Timestamps.compare(revision.getCreateTime(), current.getCreateTime()) < 0
                                && !revision.hasDeleteTime()
                                && Rollout.isReady(revision))
                        .max((a, b) -> Timestamps.compare(a.getCreateTime(), b.getCreateTime()));
    }

    /**
     * What takes an action back whose rollout failed.
     *
     * @param own the revision that the action made, empty if it made none
     */
    static Plan undo(Operation operation, Mark mark, Service now, String own, String reason) {
        Before before = mark.before();
        if (before == null) {
            return new Refused("not_undone", "what was before is not known any more");
        }
        Mark undone = mark.undone(reason);
        return switch (operation) {
            case SCALE -> update(now.toBuilder().setScaling(before.scaling()), undone, "scaling");
            case RESTART, ROLLOUT -> {
                String newest = Traffic.shortName(now.getLatestCreatedRevision());
                yield newest.equals(own.isEmpty() ? before.newest() : own)
                        ? pin(undone, now, before)
                        : new Refused("not_undone", "somebody has deployed " + newest + " since");
            }
            case ROLLBACK ->
                before.followsLatest()
                        ? update(now.toBuilder().clearTraffic().addAllTraffic(Traffic.toLatest(now)), undone, "traffic")
                        : pin(undone, now, before);
        };
    }

    /** A revision that may still become ready must not get requests when nobody expects it any more. */
    private static Plan pin(Mark undone, Service now, Before before) {
        return update(
                now.toBuilder()
                        .clearTraffic()
                        .addAllTraffic(Traffic.toRevision(now, before.revision()))
                        .putAnnotations(Mark.PINNED, before.revision()),
                undone,
                "traffic");
    }

    private static Update update(Service.Builder next, Mark mark, String... fields) {
        mark.on(next);
        FieldMask.Builder mask = FieldMask.newBuilder().addPaths("annotations");
        List.of(fields).forEach(mask::addPaths);
        return new Update(UpdateServiceRequest.newBuilder()
                .setService(next)
                .setUpdateMask(mask)
                .build());
    }

    private static Before before(Service now) {
        String newest = Traffic.shortName(now.getLatestCreatedRevision());
        return Traffic.of(now) instanceof One one
                ? new Before(one.revision(), newest, one.followsLatest(), now.getScaling())
                : new Before("", newest, false, now.getScaling());
    }

    /** Most instances that one revision may have, and so a service that one revision serves. */
    static int mostPerRevision(Service service) {
        int most = service.getTemplate().getScaling().getMaxInstanceCount();
        // Google's default.
        return most == 0 ? 100 : most;
    }

    private static Refused busy(Service now) {
        return new Refused(
                "rollout_under_way",
                "Cloud Run is at work on %s: %s. Try again when it has ended"
                        .formatted(shortName(now), Rollout.stateOf(now.getTerminalCondition())));
    }

    private static Refused neverReady(Service now) {
        return new Refused("not_serving", "no revision of " + shortName(now) + " serves: deploy one that gets ready");
    }

    private static Refused splitTraffic(Service now, Split split) {
        return new Refused(
                "traffic_split",
                "requests to %s are split: %s. Send them to one revision first".formatted(shortName(now), split));
    }

    private static String shortName(Service service) {
        return Traffic.shortName(service.getName());
    }
}

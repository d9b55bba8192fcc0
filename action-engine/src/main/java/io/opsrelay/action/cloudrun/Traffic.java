package io.opsrelay.action.cloudrun;

import com.google.cloud.run.v2.Revision;
import com.google.cloud.run.v2.Service;
import com.google.cloud.run.v2.TrafficTarget;
import com.google.cloud.run.v2.TrafficTargetAllocationType;
import com.google.cloud.run.v2.TrafficTargetStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Who gets the requests to a service. Pure. */
sealed interface Traffic {

    /**
     * One revision gets them all.
     *
     * @param followsLatest whether the next revision will get them once it is ready
     */
    record One(String revision, boolean followsLatest) implements Traffic {}

    /**
     * Several revisions share them.
     *
     * @param shares percents by revision
     */
    record Split(Map<String, Integer> shares) implements Traffic {

        @Override
        public String toString() {
            return shares.entrySet().stream()
                    .map(share -> share.getKey() + " " + share.getValue() + " %")
                    .collect(Collectors.joining(", "));
        }
    }

    /** No revision of the service was ever ready. */
    record Nobody() implements Traffic {}

    /** As it is now. */
    static Traffic of(Service service) {
        Map<String, Integer> shares = new TreeMap<>();
        for (TrafficTargetStatus status : service.getTrafficStatusesList()) {
            if (status.getPercent() > 0) {
                String revision =
                        status.getRevision().isEmpty() ? service.getLatestReadyRevision() : status.getRevision();
                shares.merge(shortName(revision), status.getPercent(), Integer::sum);
            }
        }
        String latest = shortName(service.getLatestReadyRevision());
        if (shares.isEmpty() && !latest.isEmpty() && service.getTrafficList().isEmpty()) {
            return new One(latest, true);
        }
        shares.remove("");
        return switch (shares.size()) {
            case 0 -> new Nobody();
            case 1 -> new One(shares.keySet().iterator().next(), followsLatest(service));
            default -> new Split(shares);
        };
    }

    private static boolean followsLatest(Service service) {
        return service.getTrafficList().isEmpty()
                || service.getTrafficList().stream()
                        .anyMatch(target -> target.getPercent() > 0
                                && target.getType()
                                        == TrafficTargetAllocationType.TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST);
    }

    /** All requests to the newest revision that is ready; tags stay. */
    static List<TrafficTarget> toLatest(Service service) {
        return withTagsOf(
                service,
                TrafficTarget.newBuilder()
                        .setType(TrafficTargetAllocationType.TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST)
                        .setPercent(100));
    }

    /** All requests to that revision; tags stay. */
    static List<TrafficTarget> toRevision(Service service, String revision) {
        return withTagsOf(
                service,
                TrafficTarget.newBuilder()
                        .setType(TrafficTargetAllocationType.TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION)
                        .setRevision(revision)
                        .setPercent(100));
    }

    private static List<TrafficTarget> withTagsOf(Service service, TrafficTarget.Builder all) {
        List<TrafficTarget> targets = new ArrayList<>();
        targets.add(all.build());
        service.getTrafficList().stream()
                .filter(target -> !target.getTag().isEmpty())
                .map(target -> target.toBuilder().setPercent(0).build())
                .forEach(targets::add);
        return targets;
    }

    /** A revision's name without its place. */
    static String shortName(String revision) {
        return revision.substring(revision.lastIndexOf('/') + 1);
    }

    /** A revision's name without its place. */
    static String shortName(Revision revision) {
        return shortName(revision.getName());
    }
}

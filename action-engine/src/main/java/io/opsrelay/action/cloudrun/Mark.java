package io.opsrelay.action.cloudrun;

import com.google.cloud.run.v2.Service;
import com.google.cloud.run.v2.ServiceScaling;
import com.google.cloud.run.v2.ServiceScaling.ScalingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a service carries, as annotations, of the action that changed it: written by the very update that it tells of, so
 * that the service itself knows what was done to it.
 *
 * @param key the action's
 * @param before what an undo goes back to; absent where somebody spoilt it
 * @param undone why it was undone, if it was
 * @param earlier keys of the actions before, the newest first
 */
record Mark(String key, @Nullable Before before, @Nullable String undone, List<String> earlier) {

    /** On the service, and on the template of a restart, and so on the revision that it makes. */
    static final String ACTION = "opsrelay.io/action";

    /** The revision that an undo has sent all requests to. */
    static final String PINNED = "opsrelay.io/pinned";

    private static final String BEFORE = "opsrelay.io/before";
    private static final String UNDONE = "opsrelay.io/undone";
    private static final String EARLIER = "opsrelay.io/earlier-actions";
    private static final int MOST_EARLIER = 5;
    private static final int LONGEST_REASON = 500;

    Mark {
        earlier = List.copyOf(earlier);
    }

    /** The mark that a service carries, if an action was done to it. */
    static Optional<Mark> of(Service service) {
        String key = service.getAnnotationsOrDefault(ACTION, "");
        if (key.isEmpty()) {
            return Optional.empty();
        }
        String earlier = service.getAnnotationsOrDefault(EARLIER, "");
        return Optional.of(new Mark(
                key,
                Before.parse(service.getAnnotationsOrDefault(BEFORE, "")),
                service.containsAnnotations(UNDONE) ? service.getAnnotationsOrThrow(UNDONE) : null,
                earlier.isEmpty() ? List.of() : List.of(earlier.split(" "))));
    }

    /** The mark of a new action on a service as it is now. */
    static Mark next(String key, Service now, Before before) {
        List<String> earlier = new ArrayList<>();
        of(now).ifPresent(last -> {
            earlier.add(last.key());
            earlier.addAll(last.earlier());
        });
        return new Mark(key, before, null, earlier.subList(0, Math.min(earlier.size(), MOST_EARLIER)));
    }

    /** The same after the undo. */
    Mark undone(String reason) {
        String cut = reason.length() > LONGEST_REASON ? reason.substring(0, LONGEST_REASON - 1) + "…" : reason;
        return new Mark(key, before, cut, earlier);
    }

    /** Puts the mark on a service. */
    void on(Service.Builder service) {
        service.putAnnotations(ACTION, key);
        put(service, BEFORE, before == null ? null : before.toString());
        put(service, UNDONE, undone);
        put(service, EARLIER, earlier.isEmpty() ? null : String.join(" ", earlier));
    }

    private static void put(Service.Builder service, String annotation, @Nullable String value) {
        if (value == null) {
            service.removeAnnotations(annotation);
        } else {
            service.putAnnotations(annotation, value);
        }
    }

    /**
     * What was before an action.
     *
     * @param revision who got all requests, empty where several did
     * @param newest the newest revision, whether it was ready or not
     * @param followsLatest whether the next revision would have got them once it is ready
     * @param scaling the service's own bounds
     */
    record Before(String revision, String newest, boolean followsLatest, ServiceScaling scaling) {

        private static final String NONE = "-";
        private static final int WORDS = 7;

        static @Nullable Before parse(String text) {
            String[] words = text.split(" ");
            if (words.length != WORDS) {
                return null;
            }
            try {
                ServiceScaling.Builder scaling = ServiceScaling.newBuilder()
                        .setScalingMode(ScalingMode.valueOf(words[3]))
                        .setMinInstanceCount(Integer.parseInt(words[4]))
                        .setMaxInstanceCount(Integer.parseInt(words[5]));
                if (!words[6].equals(NONE)) {
                    scaling.setManualInstanceCount(Integer.parseInt(words[6]));
                }
                return new Before(
                        words[0].equals(NONE) ? "" : words[0], words[1], words[2].equals("latest"), scaling.build());
            } catch (IllegalArgumentException e) {
                return null;
            }
        }

        @Override
        public String toString() {
            return "%s %s %s %s %d %d %s"
                    .formatted(
                            revision.isEmpty() ? NONE : revision,
                            newest.isEmpty() ? NONE : newest,
                            followsLatest ? "latest" : "pinned",
                            scaling.getScalingMode(),
                            scaling.getMinInstanceCount(),
                            scaling.getMaxInstanceCount(),
                            scaling.hasManualInstanceCount() ? scaling.getManualInstanceCount() : NONE);
        }
    }
}

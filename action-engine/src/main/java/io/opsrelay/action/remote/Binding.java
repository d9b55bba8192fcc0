package io.opsrelay.action.remote;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Binds an action to the system that it was prepared for: its name stands among the arguments, and so in what is hashed and
 * approved. What was prepared before there were such arguments is bound to nothing.
 */
public final class Binding {

    private static final String PROVIDER = "provider";
    private static final String PLACE = "place";

    private Binding() {}

    /**
     * The arguments, bound.
     *
     * @param place where in that system, as people know it
     */
    public static Map<String, Object> bind(Map<String, Object> arguments, String provider, String place) {
        Map<String, Object> bound = new LinkedHashMap<>(arguments);
        bound.put(PROVIDER, provider);
        bound.put(PLACE, place);
        return bound;
    }

    /** The arguments as they were before. */
    public static Map<String, Object> unbound(Map<String, Object> arguments) {
        Map<String, Object> unbound = new LinkedHashMap<>(arguments);
        unbound.remove(PROVIDER);
        unbound.remove(PLACE);
        return unbound;
    }

    /** Why that system is not the one that was meant, a sentence for people; empty if it is. */
    public static Optional<String> objection(Map<String, Object> arguments, String provider, String place) {
        Object boundTo = arguments.getOrDefault(PROVIDER, provider);
        Object boundAt = arguments.getOrDefault(PLACE, place);
        return boundTo.equals(provider) && boundAt.equals(place)
                ? Optional.empty()
                : Optional.of("it was decided for " + boundTo + " (" + boundAt + "), and " + provider + " (" + place
                        + ") is configured now");
    }
}

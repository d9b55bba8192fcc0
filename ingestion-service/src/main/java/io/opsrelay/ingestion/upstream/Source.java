package io.opsrelay.ingestion.upstream;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A system that writes tickets for one client.
 *
 * @param name what its records call it
 * @param vouches whether it answers for the customers' addresses
 * @param types the CloudEvents types that are taken; all if empty
 */
record Source(String name, String clientId, boolean vouches, Set<String> types, Mapping mapping) {

    static final int LONGEST_NAME = 200;

    /** Whether it takes events of that type; plain JSON has none. */
    boolean takes(@Nullable String type) {
        return type == null || types.isEmpty() || types.contains(type);
    }

    /** Whose external ids these are. Never the bare name: it could be that of another door. */
    String namespace() {
        return "upstream:" + name;
    }
}

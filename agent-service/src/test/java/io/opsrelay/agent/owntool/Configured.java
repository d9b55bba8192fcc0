package io.opsrelay.agent.owntool;

import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Properties as Spring binds them. */
final class Configured {

    private Configured() {}

    /** @param pairs names below {@code opsrelay.tools.} and values, in turn */
    static OwnToolProperties by(String... pairs) {
        return by(Map.of(), pairs);
    }

    static OwnToolProperties by(Map<String, String> first, String... pairs) {
        Map<String, String> all = new LinkedHashMap<>(first);
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i + 1].isEmpty()) {
                all.remove(pairs[i]);
            } else {
                all.put(pairs[i], pairs[i + 1]);
            }
        }
        Map<String, String> named = new LinkedHashMap<>();
        all.forEach((name, value) -> named.put("opsrelay.tools." + name, value));
        return new Binder(new MapConfigurationPropertySource(named))
                .bindOrCreate("opsrelay.tools", OwnToolProperties.class);
    }
}

package io.opsrelay.action.httpaction;

import io.opsrelay.action.remote.Settings;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Clients' own actions.
 *
 * @param http by client and by the action's name
 */
@ConfigurationProperties(value = "opsrelay.actions", ignoreUnknownFields = false)
record HttpActionProperties(@DefaultValue Map<String, Map<String, HttpActionSettings>> http) {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,49}");

    HttpActionProperties {
        http = Collections.unmodifiableMap(new LinkedHashMap<>(http));
        http.forEach((client, actions) -> actions.forEach((name, action) -> {
            String property = "opsrelay.actions.http." + client + "." + name;
            Settings.unless(
                    NAME.matcher(name).matches(),
                    property,
                    "an action's name is small letters, digits and underscores, at most 50, and begins with a letter");
            action.check(property);
        }));
    }
}

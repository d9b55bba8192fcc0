package io.opsrelay.e2e.upgrade;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What the public API told somebody: it shall tell that for ever.
 *
 * @param by who asked, e.g. {@code admin@acme.example}
 * @param path with its query; a fragment is a JSON pointer to that part of the answer which stays, e.g. {@code #/totals}
 * @param answer the body, or that part of it
 */
public record Reading(String by, String path, JsonNode answer) {

    /** @param body the whole answer */
    public static Reading of(String by, String path, JsonNode body) {
        return new Reading(by, path, part(path, body));
    }

    /**
     * What of it is gone or different in a later answer, a line each. Further members of objects are no difference.
     *
     * @param body the whole later answer
     */
    public List<String> lostIn(JsonNode body) {
        List<String> lost = new ArrayList<>();
        compare("", answer, part(path, body), lost);
        return lost;
    }

    private static JsonNode part(String path, JsonNode body) {
        String pointer = URI.create(path).getFragment();
        return pointer == null ? body : body.at(pointer);
    }

    private static void compare(String place, JsonNode then, JsonNode now, List<String> lost) {
        if (then.isObject() && now.isObject()) {
            then.properties()
                    .forEach(member ->
                            compare(place + "/" + member.getKey(), member.getValue(), now.path(member.getKey()), lost));
        } else if (then.isArray() && now.isArray() && then.size() == now.size()) {
            for (int i = 0; i < then.size(); i++) {
                compare(place + "/" + i, then.path(i), now.path(i), lost);
            }
        } else if (!then.equals(now)) {
            lost.add(place + " was " + then + " and is " + now);
        }
    }
}

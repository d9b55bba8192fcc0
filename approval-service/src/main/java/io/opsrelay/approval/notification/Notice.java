package io.opsrelay.approval.notification;

import io.opsrelay.security.Role;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened. What it says leaves the house: no more of it than a dashboard's list row shows.
 *
 * @param type small words, digits and underscores, separated by dots, e.g. {@code approval.requested}
 * @param subject id of what it is about
 * @param data what there is to say of it, as it is sent in JSON
 * @param audience the roles it concerns; empty if it concerns everybody
 */
public record Notice(String type, UUID subject, @Nullable UUID ticketId, Map<String, Object> data, Set<Role> audience) {

    public Notice {
        if (!NoticeTypes.isWellFormed(type)) {
            throw new IllegalArgumentException("not a type of notices: " + type);
        }
        data = Collections.unmodifiableMap(new LinkedHashMap<>(data));
        audience = Set.copyOf(audience);
    }
}

package io.opsrelay.security.web;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The entity tags of an {@code If-Match} header (RFC 9110): which revisions the caller would change. */
public record EntityTags(boolean any, Set<String> tags) {

    public EntityTags {
        tags = Set.copyOf(tags);
    }

    /** Without the header every revision will do. */
    public static EntityTags of(@Nullable String ifMatch) {
        if (ifMatch == null || ifMatch.isBlank() || ifMatch.strip().equals("*")) {
            return new EntityTags(true, Set.of());
        }
        return new EntityTags(
                false, Arrays.stream(ifMatch.split(",")).map(String::strip).collect(Collectors.toUnmodifiableSet()));
    }

    /** The {@code ETag} of a revision. */
    public static String tagOf(long revision) {
        return "\"" + revision + "\"";
    }

    /** Strong comparison: a weak tag matches nothing. */
    public boolean match(long revision) {
        return any || tags.contains(tagOf(revision));
    }
}

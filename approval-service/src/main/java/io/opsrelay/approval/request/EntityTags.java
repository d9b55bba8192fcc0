package io.opsrelay.approval.request;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The entity tags of an {@code If-Match} header (RFC 9110): which revisions the caller would change. */
record EntityTags(boolean any, Set<String> tags) {

    static EntityTags of(@Nullable String ifMatch) {
        if (ifMatch == null || ifMatch.isBlank() || ifMatch.strip().equals("*")) {
            return new EntityTags(true, Set.of());
        }
        return new EntityTags(
                false, Arrays.stream(ifMatch.split(",")).map(String::strip).collect(Collectors.toUnmodifiableSet()));
    }

    static String tagOf(long revision) {
        return "\"" + revision + "\"";
    }

    /** Strong comparison: a weak tag matches nothing. */
    boolean match(long revision) {
        return any || tags.contains(tagOf(revision));
    }
}

package io.opsrelay.approval.webhook;

import io.opsrelay.security.seal.Keyring.Sealed;
import java.net.URI;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where a client wants to be told.
 *
 * @param types patterns of types
 * @param disabled why it gets nothing; null while it does
 * @param previous the secret before, in use until {@code previousUntil}
 * @param failingSince the first failure since something was last delivered
 * @param revision counts changes from 1
 */
record Endpoint(
        UUID endpointId,
        URI url,
        Set<String> types,
        @Nullable String description,
        @Nullable Disabled disabled,
        Sealed secret,
        @Nullable Sealed previous,
        @Nullable Instant previousUntil,
        @Nullable Instant failingSince,
        long revision,
        String createdBy,
        Instant createdAt,
        Instant updatedAt) {

    Endpoint {
        types = Set.copyOf(types);
        if ((previous == null) != (previousUntil == null)) {
            throw new IllegalArgumentException("a secret before has an end");
        }
    }

    /** Why an endpoint gets nothing. */
    enum Disabled {
        /** A person said so. */
        BY_HAND("a person disabled it"),
        /** It answered 410. */
        GONE("it answered 410 Gone"),
        /** For too long nothing could be delivered. */
        FAILING("nothing could be delivered to it for too long");

        private final String inWords;

        Disabled(String inWords) {
            this.inWords = inWords;
        }

        String inWords() {
            return inWords;
        }

        String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The secret before, while it is still in use. */
    @Nullable
    Sealed previousAt(Instant now) {
        return previousUntil != null && now.isBefore(previousUntil) ? previous : null;
    }

    /** Changed by a person. To enable it, or to give it another address, lets bygones be bygones. */
    Endpoint changed(URI newUrl, Set<String> newTypes, @Nullable String newDescription, boolean disable, Instant now) {
        Disabled why = disable ? (disabled == null ? Disabled.BY_HAND : disabled) : null;
        boolean anew = (disabled != null && why == null) || !newUrl.equals(url);
        return new Endpoint(
                endpointId,
                newUrl,
                newTypes,
                newDescription,
                why,
                secret,
                previous,
                previousUntil,
                anew ? null : failingSince,
                revision + 1,
                createdBy,
                createdAt,
                now);
    }

    /** With another secret; the one until now is in use beside it for a while. */
    Endpoint rotated(Sealed next, Instant until, Instant now) {
        return new Endpoint(
                endpointId,
                url,
                types,
                description,
                disabled,
                next,
                secret,
                until,
                failingSince,
                revision + 1,
                createdBy,
                createdAt,
                now);
    }
}

package io.opsrelay.ingestion.blob;

import java.util.regex.Pattern;

/** The form of keys: what a store turns into a path or an address must not lead anywhere else. */
final class BlobKeys {

    private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}(/[a-z0-9][a-z0-9_-]{0,62}){1,4}");

    private BlobKeys() {}

    /** @throws IllegalArgumentException if it is no key */
    static String checked(String key) {
        if (!FORM.matcher(key).matches()) {
            throw new IllegalArgumentException("not a key of bytes: " + key);
        }
        return key;
    }
}

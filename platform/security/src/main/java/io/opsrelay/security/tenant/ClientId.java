package io.opsrelay.security.tenant;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The form of a client's (tenant's) id. */
public final class ClientId {

    private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");

    private ClientId() {}

    /** Lower-case letters, digits, - and _, beginning with a letter or digit, at most 63. */
    public static boolean isValid(@Nullable String value) {
        return value != null && FORM.matcher(value).matches();
    }
}

package io.opsrelay.ingestion.intake;

import io.opsrelay.security.web.ProblemException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The header by which a sender names a request, so that sending it again does nothing twice. */
final class IdempotencyKey {

    static final String HEADER = "Idempotency-Key";

    private static final Pattern FORM = Pattern.compile("[\\x21-\\x7e]{1,200}");

    private IdempotencyKey() {}

    /**
     * The header's value as it is.
     *
     * @throws ProblemException 400 if it has not the form of a key
     */
    static @Nullable String checked(@Nullable String value) {
        if (value != null && !FORM.matcher(value).matches()) {
            throw ProblemException.badRequest(HEADER, "must be 1 to 200 visible ASCII characters");
        }
        return value;
    }
}

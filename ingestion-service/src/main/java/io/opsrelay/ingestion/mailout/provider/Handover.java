package io.opsrelay.ingestion.mailout.provider;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What came of handing a mail over. Reasons are one line, fit to be shown to people of the client. */
public sealed interface Handover {

    /**
     * It was taken.
     *
     * @param providerId what the provider calls it; null where it says nothing
     */
    record Taken(@Nullable String providerId) implements Handover {}

    /**
     * It will never be taken.
     *
     * @param badAddress whether the recipient's address is at fault, so that nothing else should be sent there
     */
    record Refused(String reason, boolean badAddress) implements Handover {}

    /**
     * It was not taken, and may be later.
     *
     * @param retryAfter how long the other side asks to be left alone
     */
    record Trouble(String reason, @Nullable Duration retryAfter) implements Handover {}

    /** All of it was sent, and the answer was lost: it may have been taken. */
    record Unknown(String reason) implements Handover {}

    /** Makes one line of what another side says: no control characters, not too long. */
    static String oneLine(@Nullable String text) {
        String line =
                String.valueOf(text).replaceAll("[\\p{Cc}\\u2028\\u2029]+", " ").strip();
        return line.length() <= MAX_REASON ? line : line.substring(0, MAX_REASON - 1) + "…";
    }

    /** Longest reason, in characters. */
    int MAX_REASON = 300;
}

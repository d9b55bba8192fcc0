package io.opsrelay.ingestion.mailout.provider;

import io.opsrelay.security.outbound.Exchange;
import io.opsrelay.security.outbound.GuardedHttp;
import io.opsrelay.security.outbound.OutboundException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Posts mails to providers with an HTTP API. All of them share what statuses mean: refused sign-ins and too many requests
 * pass, other refusals do not, and trouble of the provider's own passes too.
 *
 * @param timeout for a whole answer
 * @param allowPrivate whether the provider may stand in our own network
 */
public record Post(GuardedHttp http, Duration timeout, boolean allowPrivate, Clock clock) {

    static final JsonMapper JSON = JsonMapper.shared();

    private static final int MOST_BYTES = 64 * 1024;
    private static final int BAD_REQUEST = 400;
    private static final int SERVER_ERROR = 500;
    /** Statuses that say something about the account or the moment, not about the mail. */
    private static final Set<Integer> PASSING = Set.of(401, 402, 403, 404, 405, 408, 409, 421, 423, 425, 429);
    /** Troubles before anything was sent. */
    private static final Set<String> UNSENT = Set.of("refused address", "unknown host", "unreachable", "no TLS");

    private static final int MAX_SECONDS_DIGITS = 6;

    /** An answer whose body is no JSON has an empty one. */
    record Answer(int status, Exchange.Head head, JsonNode body, String text) {}

    /**
     * Posts and judges.
     *
     * @param taken reads what the provider calls the mail from an answer of 2xx
     * @param refusal reads the reason from another answer
     */
    Handover send(
            URI uri,
            Map<String, String> headers,
            Exchange.Content body,
            Function<Answer, @Nullable String> taken,
            Function<Answer, Handover.Refused> refusal) {
        Answer answer;
        try {
            answer = http.send(
                    new Exchange("POST", uri, headers, new byte[0], timeout, MOST_BYTES, allowPrivate),
                    body,
                    (head, stream) -> read(head, stream.readNBytes(MOST_BYTES)));
        } catch (Pieces.UnreadableFileException e) {
            return new Handover.Trouble("a file of the mail cannot be read now", null);
        } catch (OutboundException e) {
            String reason = uri.getHost() + " " + e.reason();
            return UNSENT.contains(e.status()) ? new Handover.Trouble(reason, null) : new Handover.Unknown(reason);
        }
        if (answer.status() >= 200 && answer.status() <= 299) {
            return new Handover.Taken(taken.apply(answer));
        }
        Handover.Refused refused = refusal.apply(answer);
        boolean final4xx =
                answer.status() >= BAD_REQUEST && answer.status() < SERVER_ERROR && !PASSING.contains(answer.status());
        return final4xx
                ? refused
                : new Handover.Trouble(
                        refused.reason(), retryAfter(answer.head().header("retry-after"), clock.instant()));
    }

    private static Answer read(Exchange.Head head, byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        JsonNode body;
        try {
            body = JSON.readTree(text);
        } catch (JacksonException e) {
            body = JSON.createObjectNode();
        }
        return new Answer(head.status(), head, body, text);
    }

    /** The status and what was said with it. */
    static String reason(Answer answer, String said) {
        String text = said.isBlank() ? answer.text() : said;
        return Handover.oneLine("answered " + answer.status() + (text.isBlank() ? "" : ": " + text));
    }

    private static @Nullable Duration retryAfter(@Nullable String header, Instant now) {
        if (header == null) {
            return null;
        }
        String value = header.strip();
        if (value.matches("[0-9]{1," + MAX_SECONDS_DIGITS + "}")) {
            return Duration.ofSeconds(Long.parseLong(value));
        }
        try {
            Duration left = Duration.between(now, Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(value)));
            return left.isNegative() ? Duration.ZERO : left;
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}

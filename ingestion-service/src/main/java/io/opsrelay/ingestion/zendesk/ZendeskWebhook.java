package io.opsrelay.ingestion.zendesk;

import io.opsrelay.ingestion.channel.Channel;
import io.opsrelay.ingestion.channel.Channels;
import io.opsrelay.security.SelfAuthenticated;
import io.opsrelay.security.seal.Hmac;
import io.opsrelay.security.web.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where Zendesk tells of tickets. Only the ticket's id is taken from the request; the ticket itself is fetched, so that it
 * is as it is now.
 */
@RestController
class ZendeskWebhook {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int MOST_BYTES = 1024 * 1024;
    private static final Pattern SUBJECT = Pattern.compile("(?:zen:ticket:)?([0-9]{1,18})");

    private final Channels channels;
    private final Runs runs;
    private final ZendeskProperties properties;
    private final Clock clock;

    ZendeskWebhook(Channels channels, Runs runs, ZendeskProperties properties, Clock clock) {
        this.channels = channels;
        this.runs = runs;
        this.properties = properties;
        this.clock = clock;
    }

    /** @param status received (the ticket is fetched), or ignored where the request tells of none */
    record Receipt(String status, @Nullable UUID runId) {}

    @PostMapping("/webhooks/zendesk/{channelId}")
    @SelfAuthenticated("HMAC over timestamp and body")
    ResponseEntity<Object> take(HttpServletRequest request, @PathVariable String channelId) throws IOException {
        byte[] body = request.getInputStream().readNBytes(MOST_BYTES + 1);
        if (body.length > MOST_BYTES) {
            throw ProblemException.tooLarge("body", "must have at most " + MOST_BYTES + " bytes");
        }
        Optional<Channel> channel = channels.byId(channelId)
                .filter(found -> found.kind().equals(Receiver.CHANNEL))
                .filter(found -> isSigned(found, request, body));
        if (channel.isEmpty()) {
            return refused();
        }
        Optional<Long> ticket = ticketOf(body);
        return ticket.isEmpty()
                ? ResponseEntity.ok(new Receipt("ignored", null))
                : ResponseEntity.ok(new Receipt(
                        "received", runs.told(channel.get(), ticket.get()).runId()));
    }

    private boolean isSigned(Channel channel, HttpServletRequest request, byte[] body) {
        String signature = request.getHeader("X-Zendesk-Webhook-Signature");
        String timestamp = request.getHeader("X-Zendesk-Webhook-Signature-Timestamp");
        if (signature == null || timestamp == null || !isTimely(timestamp)) {
            return false;
        }
        byte[] given = signature.strip().getBytes(StandardCharsets.UTF_8);
        List<String> secrets = channels.secrets(channel, "webhook_secret");
        boolean good = false;
        for (String secret : secrets) {
            byte[] right = Base64.getEncoder().encode(hmac(secret, timestamp, body));
            good |= Hmac.same(right, given);
        }
        return good;
    }

    private boolean isTimely(String timestamp) {
        try {
            Instant at = OffsetDateTime.parse(timestamp.strip()).toInstant();
            return Duration.between(at, clock.instant()).abs().compareTo(properties.tolerance()) <= 0;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static byte[] hmac(String secret, String timestamp, byte[] body) {
        return Hmac.with(secret).add(timestamp).add(body).bytes();
    }

    /** Of an event of Zendesk's own form, or of a trigger's own body with {@code ticket_id} or {@code id}. */
    private static Optional<Long> ticketOf(byte[] body) {
        JsonNode json;
        try {
            json = JSON.readTree(body);
        } catch (JacksonException e) {
            throw ProblemException.badRequest("body", "is not JSON");
        }
        String type = json.path("type").asString("");
        if (!type.isEmpty() && !type.startsWith("zen:event-type:ticket.")) {
            return Optional.empty();
        }
        JsonNode told = type.isEmpty()
                ? (json.has("ticket_id") ? json.path("ticket_id") : json.path("id"))
                : (json.path("detail").has("id") ? json.path("detail").path("id") : json.path("subject"));
        Matcher id = SUBJECT.matcher(told.asString(""));
        return id.matches() ? Optional.of(Long.parseLong(id.group(1))) : Optional.empty();
    }

    /** Says nothing about what was wrong, nor whether there is such a channel. */
    private static ResponseEntity<Object> refused() {
        return ResponseEntity.status(HttpStatus.UNAUTHORIZED)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(ProblemDetail.forStatusAndDetail(HttpStatus.UNAUTHORIZED, "the request was not accepted"));
    }
}

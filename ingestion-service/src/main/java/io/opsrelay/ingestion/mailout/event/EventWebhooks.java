package io.opsrelay.ingestion.mailout.event;

import io.opsrelay.ingestion.channel.Channel;
import io.opsrelay.ingestion.channel.Channels;
import io.opsrelay.ingestion.mailout.Deliveries;
import io.opsrelay.security.SelfAuthenticated;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.http.HttpHeaders;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Where providers tell what became of mails; each proves who it is in its own way. */
@RestController
class EventWebhooks {

    private static final int MOST_BYTES = 5 * 1024 * 1024;
    private static final int MOST_EVENTS = 10_000;
    /** Longer than a timestamp is believed. */
    private static final Duration TOKENS_KEPT = Duration.ofMinutes(15);

    private final Map<String, EventReader> readers;
    private final Channels channels;
    private final Deliveries deliveries;
    private final ClientTransactions transactions;
    private final JdbcClient jdbc;
    private final Clock clock;

    EventWebhooks(
            Map<String, EventReader> readers,
            Channels channels,
            Deliveries deliveries,
            ClientTransactions transactions,
            JdbcClient jdbc,
            Clock clock) {
        this.readers = readers;
        this.channels = channels;
        this.deliveries = deliveries;
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** @param events how many of them told something of mails */
    record Received(String status, int events) {}

    @PostMapping("/webhooks/email/{provider:sendgrid|mailgun|postmark}/events/{channel_id}")
    @SelfAuthenticated("by the provider's signature or password, as the channel says")
    Received take(
            @PathVariable("provider") String provider,
            @PathVariable("channel_id") String channelId,
            @RequestHeader HttpHeaders headers,
            HttpServletRequest request)
            throws IOException {
        Channel channel = channels.byId(channelId)
                .filter(found -> found.kind().equals("smtp")
                        && found.setting("provider", "smtp").equals(provider))
                .orElseThrow(() -> ProblemException.notFound("channel", channelId));
        Told told = read(provider, channel, headers, body(request))
                .orElseThrow(() -> ProblemException.forbidden("the request is not signed as the channel says"));
        apply(channel.clientId(), told);
        return new Received("received", told.events().size());
    }

    private Optional<Told> read(String provider, Channel channel, HttpHeaders headers, byte[] body) {
        try {
            Optional<Told> told =
                    Optional.ofNullable(readers.get(provider)).orElseThrow().read(channel, headers, body);
            if (told.isPresent() && told.get().events().size() > MOST_EVENTS) {
                throw ProblemException.badRequest("body", "holds more than " + MOST_EVENTS + " events");
            }
            return told;
        } catch (JacksonException e) {
            throw ProblemException.badRequest("body", "is not JSON");
        }
    }

    private static byte[] body(HttpServletRequest request) throws IOException {
        try (InputStream in = request.getInputStream()) {
            byte[] body = in.readNBytes(MOST_BYTES + 1);
            if (body.length > MOST_BYTES) {
                throw ProblemException.badRequest("body", "is longer than " + MOST_BYTES + " bytes");
            }
            return body;
        }
    }

    private void apply(String clientId, Told told) {
        String token = told.token();
        if (token == null) {
            // Each by itself: together they would hold many tickets, in an order that is not ours.
            told.events().forEach(event -> deliveries.about(clientId, event.messageId(), event.news()));
            return;
        }
        transactions.run(clientId, () -> {
            if (isNew(clientId, token)) {
                told.events().forEach(event -> deliveries.about(clientId, event.messageId(), event.news()));
            }
        });
    }

    private boolean isNew(String clientId, String token) {
        Instant now = clock.instant();
        jdbc.sql("delete from mail_event_token where created_at < ?")
                .param(now.minus(TOKENS_KEPT).atOffset(ZoneOffset.UTC))
                .update();
        return jdbc.sql("insert into mail_event_token (client_id, token, created_at) values (?, ?, ?)"
                                + " on conflict do nothing")
                        .params(clientId, token, now.atOffset(ZoneOffset.UTC))
                        .update()
                == 1;
    }

    /** The id of our message that a mail carried; empty if it is none. */
    static Optional<UUID> messageId(JsonNode value) {
        try {
            return Optional.of(UUID.fromString(value.asString("")));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}

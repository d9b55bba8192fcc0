package io.opsrelay.ingestion.mailout.event;

import io.opsrelay.ingestion.channel.Channel;
import io.opsrelay.ingestion.channel.Channels;
import io.opsrelay.ingestion.mailout.Deliveries.Kind;
import io.opsrelay.ingestion.mailout.Deliveries.News;
import io.opsrelay.ingestion.mailout.event.Told.About;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Mailgun's webhooks: one event each. The HMAC does not cover it, so a token counts once. */
@Component("mailgun")
class MailgunEvents implements EventReader {

    private static final int LONGEST_TOKEN = 200;

    private final Channels channels;
    private final JsonMapper json;
    private final Clock clock;

    MailgunEvents(Channels channels, JsonMapper json, Clock clock) {
        this.channels = channels;
        this.json = json;
        this.clock = clock;
    }

    @Override
    public Optional<Told> read(Channel channel, HttpHeaders headers, byte[] body) {
        JsonNode request = json.readTree(body);
        JsonNode proof = request.path("signature");
        String timestamp = proof.path("timestamp").asString("");
        String token = proof.path("token").asString("");
        String signature = proof.path("signature").asString("");
        boolean proven = !token.isEmpty()
                && token.length() <= LONGEST_TOKEN
                && token.indexOf('\0') < 0
                && Proof.isTimely(timestamp, clock)
                && channels.secrets(channel, "events_signing_key").stream()
                        .anyMatch(key -> Proof.isHmac(key, timestamp + token, signature));
        if (!proven) {
            return Optional.empty();
        }
        JsonNode event = request.path("event-data");
        return Optional.of(new Told(
                token,
                Optional.ofNullable(news(event))
                        .flatMap(news -> EventWebhooks.messageId(
                                        event.path("user-variables").path("opsrelay_message"))
                                .map(id -> new About(id, news)))
                        .map(List::of)
                        .orElse(List.of())));
    }

    private static @Nullable News news(JsonNode event) {
        JsonNode status = event.path("delivery-status");
        String said = status.path("message").asString("");
        String reason = said.isBlank() ? status.path("description").asString("") : said;
        return switch (event.path("event").asString("")) {
            case "delivered" -> new News(Kind.DELIVERED, reason, false);
            case "failed" ->
                event.path("severity").asString("").equals("permanent")
                        ? new News(
                                Kind.BOUNCED,
                                reason,
                                event.path("reason").asString("").equals("bounce"))
                        : new News(Kind.DELAYED, reason, false);
            case "complained" -> new News(Kind.COMPLAINED, "reported as spam", true);
            default -> null;
        };
    }
}

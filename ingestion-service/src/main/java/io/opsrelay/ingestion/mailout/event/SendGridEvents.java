package io.opsrelay.ingestion.mailout.event;

import io.opsrelay.ingestion.channel.Channel;
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

/** SendGrid's Event Webhook: a list of events, signed by ECDSA over timestamp and body. */
@Component("sendgrid")
class SendGridEvents implements EventReader {

    private static final String SIGNATURE = "X-Twilio-Email-Event-Webhook-Signature";
    private static final String TIMESTAMP = "X-Twilio-Email-Event-Webhook-Timestamp";

    private final JsonMapper json;
    private final Clock clock;

    SendGridEvents(JsonMapper json, Clock clock) {
        this.json = json;
        this.clock = clock;
    }

    @Override
    public Optional<Told> read(Channel channel, HttpHeaders headers, byte[] body) {
        String key = channel.setting("events_public_key");
        String signature = headers.getFirst(SIGNATURE);
        String timestamp = headers.getFirst(TIMESTAMP);
        if (key == null
                || signature == null
                || timestamp == null
                || !Proof.isTimely(timestamp, clock)
                || !Proof.isSigned(key, timestamp, body, signature)) {
            return Optional.empty();
        }
        List<About> events = json.readTree(body)
                .valueStream()
                .flatMap(event -> Optional.ofNullable(news(event))
                        .flatMap(news -> EventWebhooks.messageId(event.path("opsrelay_message"))
                                .map(id -> new About(id, news)))
                        .stream())
                .toList();
        return Optional.of(new Told(null, events));
    }

    private static @Nullable News news(JsonNode event) {
        String reason = event.path("reason").asString(event.path("response").asString(""));
        return switch (event.path("event").asString("")) {
            case "delivered" -> new News(Kind.DELIVERED, reason, false);
            case "deferred" -> new News(Kind.DELAYED, reason, false);
            // "blocked" is about this mail or its sender, not about the address.
            case "bounce" ->
                new News(Kind.BOUNCED, reason, !event.path("type").asString("").equals("blocked"));
            case "dropped" -> new News(Kind.BOUNCED, reason, false);
            case "spamreport" -> new News(Kind.COMPLAINED, "reported as spam", true);
            default -> null;
        };
    }
}

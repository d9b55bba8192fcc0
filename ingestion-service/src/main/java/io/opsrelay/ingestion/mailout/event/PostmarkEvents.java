package io.opsrelay.ingestion.mailout.event;

import io.opsrelay.ingestion.channel.Channel;
import io.opsrelay.ingestion.channel.Channels;
import io.opsrelay.ingestion.mailout.Deliveries.Kind;
import io.opsrelay.ingestion.mailout.Deliveries.News;
import io.opsrelay.ingestion.mailout.event.Told.About;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Postmark's webhooks: one event each, by basic authentication. */
@Component("postmark")
class PostmarkEvents implements EventReader {

    private static final Set<String> FOR_GOOD =
            Set.of("HardBounce", "BadEmailAddress", "ManuallyDeactivated", "Unsubscribe");
    private static final Set<String> FOR_NOW = Set.of("Transient", "DnsError", "SoftBounce", "Undeterminable");

    private final Channels channels;
    private final JsonMapper json;

    PostmarkEvents(Channels channels, JsonMapper json) {
        this.channels = channels;
        this.json = json;
    }

    @Override
    public Optional<Told> read(Channel channel, HttpHeaders headers, byte[] body) {
        String user = channel.setting("events_username");
        String given = headers.getFirst(HttpHeaders.AUTHORIZATION);
        boolean proven = user != null
                && given != null
                && channels.secrets(channel, "events_password").stream()
                        .anyMatch(password -> Proof.isSame("Basic " + base64(user + ":" + password), given));
        if (!proven) {
            return Optional.empty();
        }
        JsonNode event = json.readTree(body);
        return Optional.of(new Told(
                null,
                Optional.ofNullable(news(event))
                        .flatMap(news -> EventWebhooks.messageId(
                                        event.path("Metadata").path("opsrelay_message"))
                                .map(id -> new About(id, news)))
                        .map(List::of)
                        .orElse(List.of())));
    }

    private static @Nullable News news(JsonNode event) {
        String details = event.path("Details").asString("");
        String reason = details.isBlank() ? event.path("Description").asString("") : details;
        return switch (event.path("RecordType").asString("")) {
            case "Delivery" -> new News(Kind.DELIVERED, reason, false);
            case "Bounce" -> bounce(event.path("Type").asString(""), reason);
            case "SpamComplaint" -> new News(Kind.COMPLAINED, "reported as spam", true);
            default -> null;
        };
    }

    private static @Nullable News bounce(String type, String reason) {
        if (FOR_GOOD.contains(type)) {
            return new News(Kind.BOUNCED, reason, true);
        }
        if (FOR_NOW.contains(type)) {
            return new News(Kind.DELAYED, reason, false);
        }
        // An automatic answer is none of the mail's business; a block is not the address's fault.
        return Set.of("Blocked", "SpamNotification", "DMARCPolicy", "TemplateRenderingFailed")
                        .contains(type)
                ? new News(Kind.BOUNCED, reason, false)
                : null;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}

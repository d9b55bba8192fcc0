package io.opsrelay.ingestion.email.door;

import io.opsrelay.ingestion.channel.Channel;
import io.opsrelay.ingestion.channel.Channels;
import io.opsrelay.ingestion.email.EmailProperties;
import io.opsrelay.ingestion.email.MailHeaders;
import io.opsrelay.ingestion.email.Spool;
import io.opsrelay.ingestion.email.sender.SenderCheck;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Mailgun's routes: forms with the mail as fields, or whole where the route's address ends in {@code mime}. The signature
 * covers a timestamp and a token, not the body: so each token is good once.
 */
@Component
class MailgunDoor implements Door {

    private static final String MIME = "body-mime";
    private static final int MAX_TOKEN = 200;

    private final Channels channels;
    private final EmailProperties properties;
    private final Clock clock;
    private final JsonMapper json = JsonMapper.builder().build();

    MailgunDoor(Channels channels, EmailProperties properties, Clock clock) {
        this.channels = channels;
        this.properties = properties;
        this.clock = clock;
    }

    @Override
    public String kind() {
        return "email-mailgun";
    }

    @Override
    public List<String> recipients(Posted posted) throws IOException, MalformedException {
        try (Form form = Form.only(posted, Set.of("recipient"))) {
            return Recipients.of(form.text("recipient"));
        }
    }

    @Override
    public boolean verifies(Posted posted, Channel channel) throws IOException {
        String timestamp;
        String token;
        String signature;
        try (Form form = Form.only(posted, Set.of("timestamp", "token", "signature"))) {
            timestamp = form.text("timestamp");
            token = form.text("token");
            signature = form.text("signature");
        } catch (MalformedException e) {
            return false;
        }
        if (token == null
                || token.isEmpty()
                || token.length() > MAX_TOKEN
                || signature == null
                || !Signatures.isTimely(timestamp, clock.instant(), properties.tolerance())) {
            return false;
        }
        byte[] given = signature.strip().getBytes(StandardCharsets.UTF_8);
        boolean good = false;
        for (String key : channels.secrets(channel, "signing_key")) {
            byte[] ours = Signatures.hmac(key.getBytes(StandardCharsets.UTF_8), timestamp + token, null);
            good |= Signatures.same(HexFormat.of().formatHex(ours).getBytes(StandardCharsets.UTF_8), given);
        }
        return good;
    }

    @Override
    public PostedMail mail(Posted posted, Channel channel) throws IOException, MalformedException {
        try (Form form = Form.read(posted)) {
            List<String> recipients = Recipients.of(form.text("recipient"));
            String envelopeFrom = form.text("sender");
            String token = form.text("token");
            Form.Part mime = form.part(MIME).orElse(null);
            if (mime != null) {
                MailHeaders headers;
                try (InputStream in = mime.content().open()) {
                    headers = MailHeaders.read(in);
                }
                Spool raw;
                try (InputStream in = mime.content().open()) {
                    raw = Spool.of(in);
                }
                return new PostedMail(raw, recipients, isVerified(headers, channel, envelopeFrom), token);
            }
            try (Letter letter = letter(form)) {
                return new PostedMail(
                        letter.composed(), recipients, isVerified(letter.headers(), channel, envelopeFrom), token);
            }
        }
    }

    private static boolean isVerified(MailHeaders headers, Channel channel, @Nullable String envelopeFrom) {
        // Mailgun writes these headers where its spam filter is on; where it is off, they can only be the sender's own.
        return (channel.setting("spam_filter", "off").equals("on") && SenderCheck.byMailgun(headers, envelopeFrom))
                || SenderCheck.byResults(headers, channel.setting("authserv_id"));
    }

    private Letter letter(Form form) throws IOException, MalformedException {
        Letter letter = new Letter();
        try {
            for (JsonNode header : list(form.text("message-headers"))) {
                letter.header(header.path(0).asString(""), header.path(1).asString(""));
            }
            letter.headerIfNone("From", form.text("from"))
                    .headerIfNone("To", form.text("recipient"))
                    .headerIfNone("Subject", form.text("subject"))
                    .headerIfNone("Message-ID", form.text("Message-Id"))
                    .text(form.text("body-plain"))
                    .html(form.text("body-html"));
            Map<String, String> contentIds = contentIds(form.text("content-id-map"));
            for (Form.Part part : form.parts()) {
                if (part.name().startsWith("attachment-") && part.fileName() != null) {
                    try (InputStream in = part.content().open()) {
                        letter.attach(part.fileName(), part.type(), contentIds.get(part.name()), Spool.of(in));
                    }
                }
            }
            if (letter.headers().all().isEmpty()) {
                throw new MalformedException("from", "is required");
            }
            return letter;
        } catch (IOException | MalformedException | RuntimeException e) {
            letter.close();
            throw e;
        }
    }

    private JsonNode list(@Nullable String text) {
        try {
            return json.readTree(text == null || text.isBlank() ? "[]" : text);
        } catch (JacksonException e) {
            return json.createArrayNode();
        }
    }

    private Map<String, String> contentIds(@Nullable String map) {
        Map<String, String> byPart = new HashMap<>();
        list(map).properties().forEach(entry -> byPart.put(entry.getValue().asString(""), entry.getKey()));
        return byPart;
    }
}

package io.opsrelay.ingestion.email.door;

import io.opsrelay.ingestion.channel.Channel;
import io.opsrelay.ingestion.email.EmailProperties;
import io.opsrelay.ingestion.email.MailHeaders;
import io.opsrelay.ingestion.email.Spool;
import io.opsrelay.ingestion.email.sender.SenderCheck;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * SendGrid's Inbound Parse: a form with the mail as fields, each in a character set of its own, or whole in the field
 * {@code email}. Signed by ECDSA over timestamp and body.
 */
@Component
class SendGridDoor implements Door {

    private static final String SIGNATURE = "X-Twilio-Email-Event-Webhook-Signature";
    private static final String TIMESTAMP = "X-Twilio-Email-Event-Webhook-Timestamp";

    private final EmailProperties properties;
    private final Clock clock;
    private final JsonMapper json = JsonMapper.builder().build();

    SendGridDoor(EmailProperties properties, Clock clock) {
        this.properties = properties;
        this.clock = clock;
    }

    @Override
    public String kind() {
        return "email-sendgrid";
    }

    @Override
    public List<String> recipients(Posted posted) throws IOException, MalformedException {
        try (Form form = Form.only(posted, Set.of("envelope", "to"))) {
            return recipients(form);
        }
    }

    @Override
    public boolean mayVerify(Posted headers) {
        return headers.header(SIGNATURE) != null
                && Signatures.isTimely(headers.header(TIMESTAMP), clock.instant(), properties.tolerance());
    }

    @Override
    public boolean verifies(Posted posted, Channel channel) throws IOException {
        String timestamp = posted.header(TIMESTAMP);
        String signature = posted.header(SIGNATURE);
        if (signature == null
                || timestamp == null
                || !Signatures.isTimely(timestamp, clock.instant(), properties.tolerance())) {
            return false;
        }
        byte[] given = Signatures.base64(signature);
        for (String name : List.of("public_key", "public_key_previous")) {
            String key = channel.setting(name);
            if (key != null && Signatures.ecdsa(key, timestamp, posted.body(), given)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public PostedMail mail(Posted posted, Channel channel) throws IOException, MalformedException {
        try (Form form = Form.read(posted)) {
            List<String> recipients = recipients(form);
            Form.Part whole = form.part("email").orElse(null);
            if (whole != null) {
                MailHeaders headers;
                try (InputStream in = whole.content().open()) {
                    headers = MailHeaders.read(in);
                }
                try (InputStream in = whole.content().open()) {
                    return new PostedMail(Spool.of(in), recipients, isVerified(headers, form, channel), null);
                }
            }
            try (Letter letter = letter(form)) {
                return new PostedMail(letter.composed(), recipients, isVerified(letter.headers(), form, channel), null);
            }
        }
    }

    private boolean isVerified(MailHeaders headers, Form form, Channel channel) throws IOException {
        String from = json(form.text("envelope")).path("from").asString("");
        return SenderCheck.bySendGrid(headers, form.text("dkim"), form.text("SPF"), from)
                || SenderCheck.byResults(headers, channel.setting("authserv_id"));
    }

    private List<String> recipients(Form form) throws IOException {
        List<String> envelope = new ArrayList<>();
        json(form.text("envelope")).path("to").forEach(to -> envelope.add(to.asString("")));
        return Stream.concat(envelope.stream(), Recipients.of(form.text("to")).stream())
                .distinct()
                .toList();
    }

    private Letter letter(Form form) throws IOException, MalformedException {
        Letter letter = new Letter();
        try {
            JsonNode charsets = json(form.text("charsets"));
            String headers = field(form, charsets, "headers");
            MailHeaders.parse(headers == null ? "" : headers)
                    .all()
                    .forEach(header -> letter.header(header.name(), header.value()));
            letter.headerIfNone("From", field(form, charsets, "from"))
                    .headerIfNone("To", field(form, charsets, "to"))
                    .headerIfNone("Cc", field(form, charsets, "cc"))
                    .headerIfNone("Subject", field(form, charsets, "subject"))
                    .text(field(form, charsets, "text"))
                    .html(field(form, charsets, "html"));
            if (letter.headers().all().isEmpty()) {
                throw new MalformedException("headers", "is required");
            }
            JsonNode facts = json(form.text("attachment-info"));
            for (Form.Part part : form.parts()) {
                if (part.name().matches("attachment[0-9]+")) {
                    JsonNode fact = facts.path(part.name());
                    String name =
                            fact.path("filename").asString(fact.path("name").asString(""));
                    String contentId = fact.path("content-id").asString("");
                    try (InputStream in = part.content().open()) {
                        letter.attach(
                                name.isEmpty() ? part.fileName() : name,
                                fact.path("type").asString(part.type() == null ? "" : part.type()),
                                contentId.isEmpty() ? null : contentId,
                                Spool.of(in));
                    }
                }
            }
            return letter;
        } catch (IOException | MalformedException | RuntimeException e) {
            letter.close();
            throw e;
        }
    }

    /** A field in the character set that the form says it is in. */
    private static @Nullable String field(Form form, JsonNode charsets, String name) throws IOException {
        try {
            return form.text(name, Charset.forName(charsets.path(name).asString(StandardCharsets.UTF_8.name())));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return form.text(name, StandardCharsets.UTF_8);
        }
    }

    private JsonNode json(@Nullable String text) {
        try {
            return json.readTree(text == null || text.isBlank() ? "{}" : text);
        } catch (JacksonException e) {
            return json.createObjectNode();
        }
    }
}

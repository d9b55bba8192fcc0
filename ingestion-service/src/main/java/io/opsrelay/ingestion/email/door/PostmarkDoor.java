package io.opsrelay.ingestion.email.door;

import io.opsrelay.ingestion.channel.Channel;
import io.opsrelay.ingestion.channel.Channels;
import io.opsrelay.ingestion.email.MailHeaders;
import io.opsrelay.ingestion.email.Spool;
import io.opsrelay.ingestion.email.sender.SenderCheck;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** Postmark's inbound webhook: JSON, with a user and a password in the webhook's address. */
@Component
class PostmarkDoor implements Door {

    private static final String BASIC = "basic ";

    private final Channels channels;

    PostmarkDoor(Channels channels) {
        this.channels = channels;
    }

    @Override
    public String kind() {
        return "email-postmark";
    }

    @Override
    public boolean mayVerify(Posted headers) {
        String header = headers.header("Authorization");
        return header != null && header.toLowerCase(Locale.ROOT).startsWith(BASIC);
    }

    @Override
    public boolean isProvenByHeaders() {
        return true;
    }

    @Override
    public List<String> recipients(Posted posted) throws IOException, MalformedException {
        try (JsonFields fields = JsonFields.only(posted, Set.of("OriginalRecipient", "To", "Cc", "BccFull"))) {
            return recipients(fields);
        }
    }

    @Override
    public boolean verifies(Posted posted, Channel channel) {
        String header = posted.header("Authorization");
        if (header == null || !header.toLowerCase(Locale.ROOT).startsWith(BASIC)) {
            return false;
        }
        byte[] given = Signatures.base64(header.substring(BASIC.length()));
        boolean good = false;
        for (String password : channels.secrets(channel, "password")) {
            String expected = channel.setting("username", "") + ":" + password;
            good |= Signatures.same(expected.getBytes(StandardCharsets.UTF_8), given);
        }
        return good;
    }

    @Override
    public PostedMail mail(Posted posted, Channel channel) throws IOException, MalformedException {
        try (JsonFields fields = read(posted)) {
            List<String> recipients = recipients(fields);
            Spool whole = fields.whole();
            if (whole != null && whole.size() > 0) {
                try (InputStream in = whole.open()) {
                    return new PostedMail(
                            Spool.of(in),
                            recipients,
                            // Not by the mail's own headers: what Postmark has not put there, its sender may have.
                            isVerified(added(fields), channel),
                            null);
                }
            }
            try (Letter letter = letter(fields)) {
                return new PostedMail(letter.composed(), recipients, isVerified(letter.headers(), channel), null);
            }
        }
    }

    private static boolean isVerified(MailHeaders headers, Channel channel) {
        return SenderCheck.byPostmark(headers) || SenderCheck.byResults(headers, channel.setting("authserv_id"));
    }

    private static JsonFields read(Posted posted) throws IOException, MalformedException {
        return JsonFields.read(posted, "Attachments", "content", "RawEmail");
    }

    private static List<String> recipients(JsonFields fields) {
        return Stream.of(
                        Recipients.of(fields.text("OriginalRecipient")),
                        Recipients.of(fields.text("To")),
                        Recipients.of(fields.text("Cc")),
                        addresses(fields.node("BccFull")))
                .flatMap(List::stream)
                .distinct()
                .toList();
    }

    private static List<String> addresses(JsonNode people) {
        List<String> addresses = new ArrayList<>();
        people.forEach(person -> addresses.add(person.path("Email").asString("")));
        return addresses;
    }

    private static MailHeaders added(JsonFields fields) {
        Letter headersOnly = new Letter();
        headers(fields, headersOnly);
        return headersOnly.headers();
    }

    private static void headers(JsonFields fields, Letter letter) {
        for (JsonNode header : fields.node("Headers")) {
            letter.header(header.path("Name").asString(""), header.path("Value").asString(""));
        }
        letter.headerIfNone("From", fields.text("From"))
                .headerIfNone("To", fields.text("To"))
                .headerIfNone("Cc", fields.text("Cc"))
                .headerIfNone("Reply-To", fields.text("ReplyTo"))
                .headerIfNone("Subject", fields.text("Subject"))
                .headerIfNone("Date", fields.text("Date"));
    }

    private static Letter letter(JsonFields fields) throws IOException, MalformedException {
        Letter letter = new Letter();
        try {
            headers(fields, letter);
            if (letter.headers().all().isEmpty()) {
                throw new MalformedException("From", "is required");
            }
            letter.text(fields.text("TextBody")).html(fields.text("HtmlBody"));
            for (JsonFields.File file : fields.files()) {
                Spool content = file.content();
                if (content != null) {
                    String contentId = fact(file, "ContentID");
                    try (InputStream in = content.open()) {
                        letter.attach(
                                fact(file, "Name"),
                                fact(file, "ContentType"),
                                contentId == null || contentId.isBlank() ? null : contentId,
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

    private static @Nullable String fact(JsonFields.File file, String name) {
        return file.facts().get(name);
    }
}

package io.opsrelay.ingestion.email.door;

import io.opsrelay.ingestion.channel.Channel;
import io.opsrelay.ingestion.channel.Channels;
import io.opsrelay.ingestion.email.EmailProperties;
import io.opsrelay.ingestion.email.MailHeaders;
import io.opsrelay.ingestion.email.Spool;
import io.opsrelay.ingestion.email.sender.SenderCheck;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** For everybody else: a JSON of our own, signed as Standard Webhooks says. */
@Component
class GenericDoor implements Door {

    private static final String PREFIX = "whsec_";
    private static final Set<String> FIELDS = Set.of(
            "subject",
            "text",
            "html",
            "from",
            "to",
            "cc",
            "message_id",
            "in_reply_to",
            "references",
            "attachments",
            "authentication_results");
    private static final int MAX_ID = 998;

    private final Channels channels;
    private final EmailProperties properties;
    private final Clock clock;

    GenericDoor(Channels channels, EmailProperties properties, Clock clock) {
        this.channels = channels;
        this.properties = properties;
        this.clock = clock;
    }

    @Override
    public String kind() {
        return "email-generic";
    }

    @Override
    public boolean tellsMistakes() {
        return true;
    }

    @Override
    public List<String> recipients(Posted posted) throws IOException, MalformedException {
        try (JsonFields fields = JsonFields.only(posted, Set.of("to", "cc"))) {
            return recipients(fields);
        }
    }

    @Override
    public boolean mayVerify(Posted headers) {
        return headers.header("webhook-id") != null
                && headers.header("webhook-signature") != null
                && Signatures.isTimely(headers.header("webhook-timestamp"), clock.instant(), properties.tolerance());
    }

    @Override
    public boolean verifies(Posted posted, Channel channel) throws IOException {
        String id = posted.header("webhook-id");
        String timestamp = posted.header("webhook-timestamp");
        String signatures = posted.header("webhook-signature");
        if (id == null
                || signatures == null
                || timestamp == null
                || !Signatures.isTimely(timestamp, clock.instant(), properties.tolerance())) {
            return false;
        }
        List<byte[]> given = new ArrayList<>();
        for (String signature : signatures.strip().split("\\s+", -1)) {
            if (signature.startsWith("v1,")) {
                given.add(Signatures.base64(signature.substring("v1,".length())));
            }
        }
        boolean good = false;
        for (String secret : channels.secrets(channel, "signing_secret")) {
            byte[] key = Signatures.base64(secret.startsWith(PREFIX) ? secret.substring(PREFIX.length()) : secret);
            byte[] ours = Signatures.hmac(key, id + "." + timestamp + ".", posted.body());
            for (byte[] one : given) {
                good |= Signatures.same(ours, one);
            }
        }
        return good;
    }

    @Override
    public PostedMail mail(Posted posted, Channel channel) throws IOException, MalformedException {
        try (JsonFields fields = read(posted)) {
            check(fields);
            try (Letter letter = letter(fields)) {
                MailHeaders headers = letter.headers();
                boolean verified =
                        channel.setting("vouches_for_sender", "false").equals("true")
                                || SenderCheck.byResults(headers, channel.setting("authserv_id"));
                return new PostedMail(letter.composed(), recipients(fields), verified, null);
            }
        }
    }

    private static JsonFields read(Posted posted) throws IOException, MalformedException {
        return JsonFields.read(posted, "attachments", "content", "");
    }

    private static List<String> recipients(JsonFields fields) {
        List<String> all = new ArrayList<>();
        texts(fields.node("to")).forEach(to -> all.addAll(Recipients.of(to)));
        texts(fields.node("cc")).forEach(cc -> all.addAll(Recipients.of(cc)));
        return all.stream().distinct().toList();
    }

    private static void check(JsonFields fields) throws MalformedException {
        Map<String, String> reasons = new LinkedHashMap<>();
        fields.names().stream()
                .filter(name -> !FIELDS.contains(name))
                .sorted()
                .forEach(name -> reasons.put(name, "is not a field of this request"));
        for (String name : List.of("subject", "text", "html", "message_id", "in_reply_to")) {
            JsonNode node = fields.node(name);
            if (!node.isMissingNode() && !node.isNull() && !node.isString()) {
                reasons.put(name, "must be a text");
            }
        }
        if (fields.node("subject").isMissingNode()) {
            reasons.put("subject", "is required");
        }
        if (fields.text("text") == null && fields.text("html") == null) {
            reasons.putIfAbsent("text", "is required, where there is no html");
        }
        if (Recipients.of(fields.text("from")).size() != 1) {
            reasons.put("from", "must be one address, like Mary Major <mary@example.org>");
        }
        if (recipients(fields).isEmpty()) {
            reasons.put("to", "must be an address, or a list of them");
        }
        String messageId = fields.text("message_id");
        if (messageId == null || messageId.isBlank() || messageId.length() > MAX_ID) {
            reasons.putIfAbsent("message_id", "must be 1 to " + MAX_ID + " characters");
        }
        for (int i = 0; i < fields.files().size(); i++) {
            if (fields.files().get(i).content() == null) {
                reasons.put("attachments[" + i + "].content", "must be base64");
            }
        }
        if (!reasons.isEmpty()) {
            throw new MalformedException(reasons);
        }
    }

    private static Letter letter(JsonFields fields) throws IOException {
        Letter letter = new Letter();
        try {
            texts(fields.node("authentication_results"))
                    .forEach(result -> letter.header("Authentication-Results", result));
            letter.header("From", fields.text("from"))
                    .header("To", String.join(", ", texts(fields.node("to"))))
                    .header("Cc", String.join(", ", texts(fields.node("cc"))))
                    .header("Subject", fields.text("subject"))
                    .header("Message-ID", ids(texts(fields.node("message_id"))))
                    .header("In-Reply-To", ids(texts(fields.node("in_reply_to"))))
                    .header("References", ids(texts(fields.node("references"))))
                    .text(fields.text("text"))
                    .html(fields.text("html"));
            for (JsonFields.File file : fields.files()) {
                Spool content = file.content();
                if (content != null) {
                    try (InputStream in = content.open()) {
                        letter.attach(file.facts().get("name"), file.facts().get("type"), null, Spool.of(in));
                    }
                }
            }
            return letter;
        } catch (IOException | RuntimeException e) {
            letter.close();
            throw e;
        }
    }

    /** With angle brackets, as mails have them; those that are written in one text stand apart by spaces or commas. */
    private static @Nullable String ids(List<String> given) {
        String ids = given.stream()
                .flatMap(text -> List.of(text.strip().split("[\\s,]+", -1)).stream())
                .filter(id -> !id.isEmpty())
                .map(id -> id.startsWith("<") ? id : "<" + id + ">")
                .collect(Collectors.joining(" "));
        return ids.isEmpty() ? null : ids;
    }

    private static List<String> texts(JsonNode node) {
        if (node.isString()) {
            return List.of(node.stringValue());
        }
        List<String> texts = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(text -> texts.add(text.asString("")));
        }
        return texts;
    }
}

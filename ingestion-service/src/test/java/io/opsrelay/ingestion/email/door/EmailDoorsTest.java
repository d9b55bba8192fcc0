package io.opsrelay.ingestion.email.door;

import static io.opsrelay.ingestion.MailRig.mail;
import static io.opsrelay.ingestion.MailRig.signed;
import static io.opsrelay.ingestion.MailRig.ticketOf;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.ingestion.Api;
import io.opsrelay.ingestion.MailRig;
import io.opsrelay.ingestion.MailRig.Inbox;
import io.opsrelay.ingestion.MailTest;
import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Clock;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Each provider's requests, as they are posted. */
@MailTest
class EmailDoorsTest {

    private static final String MARY = "mary.major@example.org";
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final KeyPair SENDGRID = newKeys();

    @Autowired
    MailRig rig;

    @Autowired
    Clock clock;

    @Autowired
    Unproven unproven;

    @Nested
    class Generic {

        @Test
        void aSignedMailBecomesATicket() {
            Map<String, Object> mail =
                    mail("Mary Major <Mary.Major@example.org>", "support@acme.example", "Lamp", "Broken.");
            mail.put(
                    "attachments",
                    List.of(Map.of(
                            "name",
                            "order.txt",
                            "type",
                            "text/plain",
                            "content",
                            Base64.getEncoder().encodeToString("4711".getBytes(UTF_8)))));

            String id = ticketOf(rig.post(rig.generic("acme"), mail));

            JsonNode ticket = rig.ticket("acme", id);
            assertThat(ticket.get("channel").asString()).isEqualTo("email");
            assertThat(ticket.get("subject").asString()).isEqualTo("Lamp");
            assertThat(ticket.get("body").asString()).isEqualTo("Broken.");
            assertThat(ticket.get("customer").get("email").asString()).isEqualTo(MARY);
            assertThat(ticket.get("customer").get("verified").asBoolean()).isTrue();
            assertThat(ticket.get("metadata").get("message_id").asString()).isEqualTo(mail.get("message_id"));
            assertThat(rig.files(id)).containsExactly("order.txt", "original.eml");
        }

        @Test
        void withoutAChannelTheRecipientSaysWhoseItIs() {
            Inbox acme = rig.generic("acme");
            Map<String, Object> mail = mail(MARY, "Acme <support+anything@ACME.example>", "Lamp", "Broken.");

            String id = ticketOf(rig.post("/webhooks/email/inbound", acme.secret(), mail));

            assertThat(rig.ticket("acme", id).get("subject").asString()).isEqualTo("Lamp");
            rig.post("/webhooks/email/inbound", acme.secret(), mail(MARY, "support@nobody.example", "Lamp", "Broken."))
                    .has(401);
        }

        @Test
        void aMailToTwoClientsGoesToTheOneWhoseSecretSignedIt() {
            rig.generic("acme");
            Inbox globex = rig.generic("globex");
            Map<String, Object> mail = mail(MARY, "", "To both", "Broken.");
            mail.put("to", List.of("support@acme.example", "support@globex.example"));

            String id = ticketOf(rig.post("/webhooks/email/inbound", globex.secret(), mail));

            rig.ticket("globex", id);
            assertThat(rig.admin()
                            .sql("select count(*) from ticket where ticket_id = ? and client_id = 'acme'")
                            .param(UUID.fromString(id))
                            .query(Integer.class)
                            .single())
                    .isZero();
        }

        @Test
        void whereTooManyBytesOfStrangersAreTheyAreAskedToComeAgainAndAllIsFreedAfterwards() {
            Inbox acme = rig.generic("acme");
            String path = "/webhooks/email/inbound/" + acme.channelId();
            String now = Long.toString(clock.instant().getEpochSecond());
            Map<String, String> forged =
                    Map.of("webhook-id", "1", "webhook-timestamp", now, "webhook-signature", "v1,eHh4");

            Api.Answer answer = rig.post(path, new byte[31 * 1024 * 1024], "application/json", forged);

            assertThat(answer.has(503).headers()).containsEntry("Retry-After", "10");
            assertThat(unproven.held()).isZero();
            rig.post(path, new byte[1024 * 1024], "application/json", forged).has(401);
            assertThat(unproven.held()).isZero();
            ticketOf(rig.post(acme, mail("after@example.org", "support@acme.example", "After", "All is well.")));
        }

        @Test
        void whatIsNotSignedAsItMustBeIsRefusedWithoutAWord() {
            Inbox acme = rig.generic("acme");
            String path = "/webhooks/email/inbound/" + acme.channelId();
            String body = JSON.writeValueAsString(mail(MARY, "support@acme.example", "Lamp", "Forged."));
            long now = clock.instant().getEpochSecond();
            Map<String, String> good = signed(acme.secret(), body, now);

            List<Api.Answer> answers = List.of(
                    rig.post(path, body.getBytes(UTF_8), "application/json", Map.of()),
                    rig.post(path, (body + " ").getBytes(UTF_8), "application/json", good),
                    rig.post(path, body.getBytes(UTF_8), "application/json", signed(acme.secret(), body, now - 301)),
                    rig.post(path, body.getBytes(UTF_8), "application/json", signed(acme.secret(), body, now + 301)),
                    rig.post(
                            path,
                            body.getBytes(UTF_8),
                            "application/json",
                            signed(rig.generic("globex").secret(), body, now)),
                    rig.post(path, body.getBytes(UTF_8), "application/json", with(good, "webhook-id", "msg_other")),
                    rig.post(path, body.getBytes(UTF_8), "application/json", with(good, "webhook-timestamp", "soon")),
                    rig.post(
                            "/webhooks/email/inbound/" + UUID.randomUUID(),
                            body.getBytes(UTF_8),
                            "application/json",
                            good),
                    rig.post(
                            "/webhooks/email/mailgun/" + acme.channelId(),
                            body.getBytes(UTF_8),
                            "application/json",
                            good));

            assertThat(answers).allSatisfy(answer -> {
                assertThat(answer.status()).isEqualTo(401);
                assertThat(answer.json().get("detail").asString()).isEqualTo("the request was not accepted");
            });
            assertThat(rig.admin()
                            .sql("select count(*) from ticket where body = 'Forged.'")
                            .query(Integer.class)
                            .single())
                    .isZero();
        }

        @Test
        void theSameMailAgainIsTheSameTicketByWhateverDoor() {
            Inbox first = rig.generic("acme");
            Inbox second = rig.inbox("acme", "email-generic", "second@acme.example", Map.of(), Map.of());
            Map<String, Object> mail = mail(MARY, "support@acme.example, second@acme.example", "Twice", "Once.");

            String id = ticketOf(rig.post(first, mail));

            assertThat(ticketOf(rig.post(first, mail))).isEqualTo(id);
            assertThat(ticketOf(rig.post(second, mail))).isEqualTo(id);
            assertThat(rig.ticket("acme", id).get("messages")).hasSize(1);
            assertThat(rig.files(id)).containsExactly("original.eml");
        }

        @Test
        void whatIsWrongIsSaidByFieldAndChangesNothing() {
            Inbox acme = rig.generic("acme");
            Map<String, Object> mail = mail("nobody", "support@acme.example", "Lamp", "Broken.");
            mail.remove("message_id");
            mail.put("colour", "red");
            mail.put("attachments", List.of(Map.of("name", "a", "content", "///%%%")));

            rig.post(acme, mail).has(422);
            mail.remove("attachments");
            Api.Answer answer = rig.post(acme, mail).has(422);

            assertThat(answer.json().get("errors").findValuesAsString("field"))
                    .containsExactlyInAnyOrder("from", "message_id", "colour");
            String notJson = "{\"from\":";
            rig.post(
                            "/webhooks/email/inbound/" + acme.channelId(),
                            notJson.getBytes(UTF_8),
                            "application/json",
                            signed(acme.secret(), notJson, clock.instant().getEpochSecond()))
                    .has(422);
        }

        @Test
        void aSenderIsVerifiedOnlyIfTheChannelOrItsMailServerVouches() {
            Inbox plain = rig.inbox("acme", "email-generic", "plain@acme.example", Map.of(), Map.of());
            Inbox checked = rig.inbox(
                    "acme",
                    "email-generic",
                    "checked@acme.example",
                    Map.of("authserv_id", "mx.acme.example"),
                    Map.of());

            assertThat(isVerified(plain, "mx.acme.example; dmarc=pass header.from=example.org"))
                    .isFalse();
            assertThat(isVerified(checked, "mx.acme.example; dmarc=pass header.from=example.org"))
                    .isTrue();
            assertThat(isVerified(checked, "mx.acme.example; dmarc=pass header.from=example.com"))
                    .isFalse();
            assertThat(isVerified(checked, "mx.evil.example; dmarc=pass header.from=example.org"))
                    .isFalse();
        }

        private boolean isVerified(Inbox inbox, String results) {
            Map<String, Object> mail = mail(MARY, inbox.address(), "Lamp " + UUID.randomUUID(), "Broken.");
            mail.put("authentication_results", List.of(results));
            return rig.ticket("acme", ticketOf(rig.post(inbox, mail)))
                    .get("customer")
                    .get("verified")
                    .asBoolean();
        }
    }

    @Nested
    class SendGrid {

        @Test
        void theFieldsOfAMailAreReadInTheirCharacterSets() throws Exception {
            byte[] body = sendGridParsed();

            String id = ticketOf(post(body, now()));

            JsonNode ticket = rig.ticket("acme", id);
            assertThat(ticket.get("subject").asString()).isEqualTo("Lieferung beschädigt");
            assertThat(ticket.get("body").asString()).isEqualTo("Die Lieferung ist völlig beschädigt.");
            assertThat(ticket.get("customer").get("email").asString()).isEqualTo("juergen@example.org");
            assertThat(ticket.get("customer").get("verified").asBoolean()).isTrue();
            assertThat(ticket.get("metadata").get("message_id").asString()).isEqualTo("sg-1@example.org");
            assertThat(rig.files(id)).containsExactly("Foto ä.png", "original.eml");
        }

        @Test
        void aRawMailIsReadAsItIs() throws Exception {
            String id = ticketOf(post(MailRig.payload("sendgrid-raw.form").getBytes(UTF_8), now()));

            JsonNode ticket = rig.ticket("acme", id);
            assertThat(ticket.get("body").asString()).isEqualTo("The lamp came in pieces – all of it.");
            assertThat(ticket.get("customer").get("verified").asBoolean()).isTrue();
            assertThat(rig.files(id)).containsExactly("order.csv", "original.eml");
        }

        @Test
        void otherBytesAnotherTimeOrAnotherKeyAreRefused() throws Exception {
            byte[] body = MailRig.payload("sendgrid-raw.form").getBytes(UTF_8);
            byte[] changed =
                    new String(body, UTF_8).replace("pieces", "one piece").getBytes(UTF_8);
            String signature = sign(SENDGRID, body, now());

            send(changed, signature, now()).has(401);
            send(body, signature, Long.toString(clock.instant().getEpochSecond() - 1))
                    .has(401);
            send(body, sign(newKeys(), body, now()), now()).has(401);
            send(body, "AAAA", now()).has(401);
            String old = Long.toString(clock.instant().getEpochSecond() - 400);
            send(body, sign(SENDGRID, body, old), old).has(401);
        }

        private Api.Answer post(byte[] body, String timestamp) throws GeneralSecurityException {
            return send(body, sign(SENDGRID, body, timestamp), timestamp);
        }

        private Api.Answer send(byte[] body, String signature, String timestamp) {
            return rig.post(
                    "/webhooks/email/sendgrid/" + inbox().channelId(),
                    body,
                    "multipart/form-data; boundary=xYzZY",
                    Map.of(
                            "X-Twilio-Email-Event-Webhook-Signature", signature,
                            "X-Twilio-Email-Event-Webhook-Timestamp", timestamp));
        }

        private Inbox inbox() {
            return rig.inbox(
                    "acme",
                    "email-sendgrid",
                    "support@in.acme.example",
                    Map.of(
                            "public_key",
                            Base64.getEncoder()
                                    .encodeToString(SENDGRID.getPublic().getEncoded())),
                    Map.of());
        }

        private static byte[] sendGridParsed() throws Exception {
            String form = MailRig.payload("sendgrid-parsed.form");
            int text = form.indexOf("@TEXT@");
            int png = form.indexOf("@PNG@");
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            body.write(form.substring(0, text).getBytes(UTF_8));
            body.write("Die Lieferung ist völlig beschädigt.".getBytes(ISO_8859_1));
            body.write(form.substring(text + "@TEXT@".length(), png).getBytes(UTF_8));
            body.write(
                    new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R'});
            body.write(form.substring(png + "@PNG@".length()).getBytes(UTF_8));
            return body.toByteArray();
        }
    }

    @Nested
    class Mailgun {

        private static final String KEY = "key-3ax6xnjp29jd6fds4gc373sgvjxteol0";

        @Test
        void theFieldsOfAMailBecomeATicketWithItsFiles() {
            String id = ticketOf(post(form("mg-1@example.org", "Where is my invoice?", token())));

            JsonNode ticket = rig.ticket("acme", id);
            assertThat(ticket.get("subject").asString()).isEqualTo("Invoice 4711");
            assertThat(ticket.get("body").asString()).isEqualTo("Where is my invoice?");
            assertThat(ticket.get("customer").get("verified").asBoolean()).isTrue();
            assertThat(rig.files(id)).containsExactly("invoice.txt", "original.eml");
        }

        @Test
        void aTokenIsGoodOnceWhateverElseTheRequestSays() {
            String token = token();
            String id = ticketOf(post(form("mg-2@example.org", "First", token)));

            String again = ticketOf(post(form("mg-3@example.org", "Replayed with another body", token)));

            assertThat(again).isEqualTo(id);
            assertThat(rig.ticket("acme", id).get("body").asString()).isEqualTo("First");
            assertThat(rig.admin()
                            .sql("select count(*) from ticket where body like 'Replayed%'")
                            .query(Integer.class)
                            .single())
                    .isZero();
        }

        @Test
        void aWholeMailInAnUrlencodedFormIsReadAsItIs() {
            String mime = """
                    From: Mary Major <mary.major@example.org>\r
                    To: support@mg.acme.example\r
                    Subject: Whole\r
                    Message-ID: <mg-4@example.org>\r
                    \r
                    100 % of it & more + all.\r
                    """;
            String timestamp = now();
            String token = token();
            String body = urlencoded(Map.of(
                    "recipient", "support@mg.acme.example",
                    "sender", MARY,
                    "body-mime", mime,
                    "timestamp", timestamp,
                    "token", token,
                    "signature", hex(timestamp + token)));

            inbox();
            String id = ticketOf(rig.post(
                    "/webhooks/email/mailgun", body.getBytes(UTF_8), "application/x-www-form-urlencoded", Map.of()));

            assertThat(rig.ticket("acme", id).get("body").asString()).isEqualTo("100 % of it & more + all.");
            assertThat(rig.ticket("acme", id).get("customer").get("verified").asBoolean())
                    .isFalse();
        }

        @Test
        void whereMailgunsSpamFilterIsOffItsHeadersAreTheSendersOwnAndProveNothing() {
            Inbox plain =
                    rig.inbox("acme", "email-mailgun", "plain@mg.acme.example", Map.of(), Map.of("signing_key", KEY));

            String id = ticketOf(rig.post(
                    "/webhooks/email/mailgun/" + plain.channelId(),
                    form("mg-plain@example.org", "Believe me.", token()).getBytes(UTF_8),
                    "multipart/form-data; boundary=\"mg\"",
                    Map.of()));

            assertThat(rig.ticket("acme", id).get("customer").get("verified").asBoolean())
                    .isFalse();
        }

        @Test
        void aWrongSignatureAndAnOldOneAreRefused() {
            String form = form("mg-5@example.org", "Forged.", token());
            post(form.replaceFirst("(?s)(name=\"signature\"\r\n\r\n).", "$1!")).has(401);
            post(form.replaceFirst("(?s)(name=\"token\"\r\n\r\n).", "$1!")).has(401);
            post(form(
                            "mg-6@example.org",
                            "Old.",
                            token(),
                            Long.toString(clock.instant().getEpochSecond() - 400)))
                    .has(401);
            post("--mg\r\nno form at all").has(401);
        }

        @Test
        void whatCannotBeReadAfterItsSignatureIsFiledForAPerson() {
            String timestamp = now();
            String token = token();
            Map<String, String> fields = new HashMap<>(Map.of(
                    "recipient",
                    "support@mg.acme.example",
                    "body-mime",
                    "   ",
                    "timestamp",
                    timestamp,
                    "token",
                    token,
                    "signature",
                    hex(timestamp + token)));

            Api.Answer answer = rig.post(
                    "/webhooks/email/mailgun/" + inbox().channelId(),
                    urlencoded(fields).getBytes(UTF_8),
                    "application/x-www-form-urlencoded",
                    Map.of());

            assertThat(rig.filedReason("acme", answer)).isEqualTo("broken");
        }

        private String form(String id, String body, String token) {
            return form(id, body, token, now());
        }

        private String form(String id, String body, String token, String timestamp) {
            return MailRig.payload("mailgun-parsed.form")
                    .replace("@ID@", id)
                    .replace("@BODY@", body)
                    .replace("@TIMESTAMP@", timestamp)
                    .replace("@TOKEN@", token)
                    .replace("@SIGNATURE@", hex(timestamp + token));
        }

        private Api.Answer post(String form) {
            return rig.post(
                    "/webhooks/email/mailgun/" + inbox().channelId(),
                    form.getBytes(UTF_8),
                    "multipart/form-data; boundary=\"mg\"",
                    Map.of());
        }

        private Inbox inbox() {
            return rig.inbox(
                    "acme",
                    "email-mailgun",
                    "support@mg.acme.example",
                    Map.of("spam_filter", "on"),
                    Map.of("signing_key", KEY));
        }

        private static String hex(String text) {
            return HexFormat.of().formatHex(MailRig.hmac(KEY.getBytes(UTF_8), text));
        }

        private static String token() {
            return UUID.randomUUID().toString().replace("-", "") + "0123456789abcdef01";
        }

        private static String urlencoded(Map<String, String> fields) {
            return String.join(
                    "&",
                    fields.entrySet().stream()
                            .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), UTF_8))
                            .toList());
        }
    }

    @Nested
    class Postmark {

        @Test
        void aMailBecomesATicketWithItsFiles() {
            String id = ticketOf(post(MailRig.payload("postmark.json"), credentials("postmark", inbox().secret())));

            JsonNode ticket = rig.ticket("acme", id);
            assertThat(ticket.get("subject").asString()).isEqualTo("Test subject");
            assertThat(ticket.get("body").asString()).isEqualTo("This is a test text body.");
            assertThat(ticket.get("customer").get("email").asString()).isEqualTo(MARY);
            assertThat(ticket.get("customer").get("verified").asBoolean()).isTrue();
            assertThat(ticket.get("metadata").get("message_id").asString()).isEqualTo("pm-1@example.org");
            assertThat(ticket.get("metadata").get("mail_to").asString()).isEqualTo("support@pm.acme.example");
            assertThat(rig.files(id)).containsExactly("notes.txt", "original.eml");
        }

        @Test
        void aRawMailIsReadAsItIs() {
            String payload = MailRig.payload("postmark.json")
                    .replace(
                            "\"Tag\": \"\"",
                            "\"RawEmail\": \"From: mary.major@example.org\\r\\nTo: support@pm.acme.example\\r\\nSubject: Raw"
                                    + "\\r\\nMessage-ID: <pm-2@example.org>\\r\\n\\r\\nRaw ä text.\\r\\n\"");

            String id = ticketOf(post(payload, credentials("postmark", inbox().secret())));

            assertThat(rig.ticket("acme", id).get("body").asString()).isEqualTo("Raw ä text.");
        }

        @Test
        void aWholeMailOfFortyMegabytesIsTaken() {
            String payload = MailRig.payload("postmark.json")
                    .replace(
                            "\"Tag\": \"\"",
                            "\"RawEmail\": \"From: large@example.org\\r\\nTo: support@pm.acme.example\\r\\nSubject: Large"
                                    + "\\r\\nMessage-ID: <pm-large@example.org>\\r\\n\\r\\nBegin.\\r\\n"
                                    + "All the same line.\\r\\n".repeat(1_950_000) + "\"");
            assertThat(payload.length()).isGreaterThan(40_000_000);

            String id = ticketOf(post(payload, credentials("postmark", inbox().secret())));

            assertThat(rig.ticket("acme", id).get("body").asString()).startsWith("Begin.");
        }

        @Test
        void aMailWithoutMessageIdThatIsPostedAgainIsTheSame() {
            String payload = MailRig.payload("postmark.json")
                    .replace("mary.major@example.org", "nobody.else@example.org")
                    .replaceAll("(?i)message-id", "X-Other-Id");

            String first = ticketOf(post(payload, credentials("postmark", inbox().secret())));
            String again = ticketOf(post(payload, credentials("postmark", inbox().secret())));
            String other = ticketOf(
                    post(payload.replace("test text", "other text"), credentials("postmark", inbox().secret())));

            assertThat(again).isEqualTo(first);
            assertThat(other).isNotEqualTo(first);
        }

        @Test
        void anotherUserOrPasswordIsRefused() {
            String payload = MailRig.payload("postmark.json");
            post(payload, credentials("postmark", "wrong")).has(401);
            post(payload, credentials("other", inbox().secret())).has(401);
            post(payload, Map.of("Authorization", "Basic ???")).has(401);
            post(payload, Map.of()).has(401);
        }

        @Test
        void whatIsNoJsonIsFiledForAPerson() {
            Api.Answer answer = post("{\"From\":", credentials("postmark", inbox().secret()));

            assertThat(rig.filedReason("acme", answer)).isEqualTo("broken");
        }

        private Api.Answer post(String payload, Map<String, String> headers) {
            return rig.post(
                    "/webhooks/email/postmark/" + inbox().channelId(),
                    payload.getBytes(UTF_8),
                    "application/json",
                    headers);
        }

        private Inbox inbox() {
            return rig.inbox(
                    "acme", "email-postmark", "support@pm.acme.example", Map.of("username", "postmark"), Map.of());
        }

        private static Map<String, String> credentials(String user, String password) {
            return Map.of(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8)));
        }
    }

    @Test
    void aMailOf25MegabytesIsTakenWithoutStandingInMemory() {
        byte[] content = new byte[17 * 1024 * 1024];
        Arrays.fill(content, (byte) 'x');
        Map<String, Object> mail = mail(MARY, "support@acme.example", "Large", "See the file.");
        mail.put(
                "attachments",
                List.of(Map.of(
                        "name",
                        "large.txt",
                        "type",
                        "text/plain",
                        "content",
                        Base64.getEncoder().encodeToString(content))));

        String id = ticketOf(rig.post(rig.generic("acme"), mail));

        assertThat(rig.files(id)).containsExactly("large.txt", "original.eml");
        assertThat(rig.admin()
                        .sql("select size from stored_file where file_name = 'large.txt' and ticket_id = ?")
                        .param(UUID.fromString(id))
                        .query(Long.class)
                        .single())
                .isEqualTo(content.length);
    }

    private String now() {
        return Long.toString(clock.instant().getEpochSecond());
    }

    private static Map<String, String> with(Map<String, String> headers, String name, String value) {
        Map<String, String> changed = new HashMap<>(headers);
        changed.put(name, value);
        return changed;
    }

    private static String sign(KeyPair keys, byte[] body, String timestamp) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(keys.getPrivate());
        signature.update(timestamp.getBytes(UTF_8));
        signature.update(body);
        return Base64.getEncoder().encodeToString(signature.sign());
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}

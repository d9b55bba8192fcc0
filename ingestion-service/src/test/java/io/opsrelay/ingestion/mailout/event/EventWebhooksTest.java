package io.opsrelay.ingestion.mailout.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.Mockito.when;

import io.opsrelay.contracts.RunEvent.Outcome;
import io.opsrelay.contracts.RunEvent.RunCompleted;
import io.opsrelay.contracts.RunEvent.RunStarted;
import io.opsrelay.ingestion.Api;
import io.opsrelay.ingestion.IngestionServiceTest;
import io.opsrelay.ingestion.OtherServices;
import io.opsrelay.ingestion.channel.Channel;
import io.opsrelay.ingestion.channel.Channels;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import tools.jackson.databind.JsonNode;

/** What providers tell, in the form in which they tell it. */
@IngestionServiceTest
class EventWebhooksTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Autowired
    private Api api;

    @Autowired
    private OtherServices others;

    @Autowired
    private TestDatabase database;

    @MockitoBean
    private Channels channels;

    private String client;
    private String ticket;
    private String message;
    private KeyPair keys;

    @BeforeEach
    void aMailThatWasQueued() throws Exception {
        client = "event-" + UUID.randomUUID().toString().substring(0, 8);
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        keys = generator.generateKeyPair();
        channel(
                "sg-1",
                Map.of(
                        "provider",
                        "sendgrid",
                        "events_public_key",
                        Base64.getEncoder().encodeToString(keys.getPublic().getEncoded())));
        Channel mailgun = channel("mg-1", Map.of("provider", "mailgun"));
        when(channels.secrets(mailgun, "events_signing_key")).thenReturn(List.of("key-new", "key-old"));
        Channel postmark = channel("pm-1", Map.of("provider", "postmark", "events_username", "pm"));
        when(channels.secrets(postmark, "events_password")).thenReturn(List.of("s3cret"));
        ticket = api.as(client, Role.INGEST)
                .post(
                        "/api/v1/tickets",
                        "{\"subject\":\"s\",\"body\":\"b\",\"customer_email\":\"m@" + client
                                + ".example\",\"channel\":\"email\"}")
                .has(202)
                .json()
                .get("ticket_id")
                .asString();
        UUID run = UUID.randomUUID();
        others.tell(client, new RunStarted(UUID.fromString(ticket), run, "local"));
        others.tell(client, new RunCompleted(UUID.fromString(ticket), run, Outcome.RESOLVED, "Done.", null));
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(detail().path("messages").size()).isEqualTo(2));
        message = detail().at("/messages/1/message_id").asString();
        new JdbcTemplate(database.admin())
                .update(
                        "update ingestion.mail_out set recipient = ? where message_id = ?",
                        "m@" + client + ".example",
                        UUID.fromString(message));
    }

    private Channel channel(String id, Map<String, String> settings) {
        Channel channel = new Channel(client, id, "smtp", id, List.of(), settings, true, 1);
        when(channels.byId(id)).thenReturn(Optional.of(channel));
        return channel;
    }

    @Test
    void sendGridsEventsMoveTheMessageOn() throws Exception {
        String delivered = """
                [{"email":"m@x.example","timestamp":1790000000,"smtp-id":"<a@b>","event":"processed","sg_event_id":"1",\
                "opsrelay_message":"%s"},
                {"email":"m@x.example","timestamp":1790000001,"event":"delivered","response":"250 OK","sg_event_id":"2",\
                "sg_message_id":"x.y","opsrelay_message":"%s"},{"event":"open"},{"event":"delivered"}]\r\n""".formatted(message, message);

        assertThat(sendGrid(delivered, Instant.now(), keys)
                        .has(200)
                        .json()
                        .path("events")
                        .asInt())
                .isEqualTo(1);

        assertThat(state()).isEqualTo("delivered");
        sendGrid(delivered, Instant.now(), keys).has(200);
        assertThat(events()).containsOnlyOnce("message_delivered");

        sendGrid("""
                [{"event":"bounce","type":"bounce","status":"5.1.1","reason":"550 5.1.1 no such user",\
                "opsrelay_message":"%s"}]""".formatted(message), Instant.now(), keys).has(200);
        assertThat(state()).isEqualTo("failed");
        assertThat(suppressed()).isEqualTo("m@" + client + ".example");
    }

    @Test
    void whatIsNotSignedOrOldOrChangedIsRefused() throws Exception {
        String body = "[{\"event\":\"delivered\",\"opsrelay_message\":\"" + message + "\"}]";
        KeyPair others = KeyPairGenerator.getInstance("EC").generateKeyPair();

        sendGrid(body, Instant.now(), others).has(403);
        sendGrid(body, Instant.now().minusSeconds(600), keys).has(403);
        api.asNobody().post("/webhooks/email/sendgrid/events/sg-1", body).has(403);
        api.asNobody().post("/webhooks/email/mailgun/events/mg-1", body).has(403);
        api.asNobody().post("/webhooks/email/postmark/events/pm-1", body).has(403);
        api.as(client, Role.ADMIN)
                .post("/webhooks/email/sendgrid/events/sg-1", body)
                .has(403);
        api.asNobody().post("/webhooks/email/sendgrid/events/unknown", body).has(404);
        api.asNobody().post("/webhooks/email/mailgun/events/sg-1", body).has(404);
        sendGrid("not json", Instant.now(), keys).has(400);
        assertThat(state()).isEqualTo("pending");
    }

    @Test
    void aTokenOfMailgunCountsOnceSinceItDoesNotCoverTheBody() throws Exception {
        String token = UUID.randomUUID().toString();
        String delayed = mailgun(token, "key-old", """
                {"event":"failed","severity":"temporary","delivery-status":{"code":452,"message":"4.2.2 mailbox full"},\
                "user-variables":{"opsrelay_message":"%s"}}""".formatted(message));
        api.asNobody().post("/webhooks/email/mailgun/events/mg-1", delayed).has(200);
        assertThat(events()).containsOnlyOnce("message_delayed");

        String replayed = delayed.replace("temporary", "permanent");
        api.asNobody().post("/webhooks/email/mailgun/events/mg-1", replayed).has(200);
        assertThat(state()).isEqualTo("pending");

        api.asNobody()
                .post(
                        "/webhooks/email/mailgun/events/mg-1",
                        mailgun(UUID.randomUUID().toString(), "key-wrong", "{\"event\":\"delivered\"}"))
                .has(403);
        api.asNobody()
                .post(
                        "/webhooks/email/mailgun/events/mg-1",
                        mailgun(UUID.randomUUID().toString(), "key-new", """
                {"event":"failed","severity":"permanent","reason":"bounce","delivery-status":{"code":550,\
                "message":"5.1.1 no such user"},"user-variables":{"opsrelay_message":"%s"}}""".formatted(message)))
                .has(200);
        assertThat(state()).isEqualTo("failed");
        assertThat(suppressed()).isNotNull();
    }

    @Test
    void postmarksComplaintKeepsFurtherMailsBack() {
        Map<String, String> password =
                Map.of("Authorization", "Basic " + Base64.getEncoder().encodeToString("pm:s3cret".getBytes()));
        String path = "/webhooks/email/postmark/events/pm-1";
        String metadata = ",\"Metadata\":{\"opsrelay_message\":\"" + message + "\"}}";

        api.asNobody()
                .post(path, "{\"RecordType\":\"Delivery\",\"Details\":\"250 ok\"" + metadata, password)
                .has(200);
        assertThat(state()).isEqualTo("delivered");
        api.asNobody()
                .post(path, "{\"RecordType\":\"Bounce\",\"Type\":\"AutoResponder\"" + metadata, password)
                .has(200);
        assertThat(state()).isEqualTo("delivered");
        api.asNobody()
                .post(path, "{\"RecordType\":\"SpamComplaint\"" + metadata, password)
                .has(200);
        assertThat(state()).isEqualTo("delivered");
        assertThat(events()).containsOnlyOnce("message_complained");
    }

    @Test
    void anothersMailIsNotTouchedByAProvenSender() throws Exception {
        String own = client;
        client = "other-" + client;
        channel(
                "sg-2",
                Map.of(
                        "provider",
                        "sendgrid",
                        "events_public_key",
                        Base64.getEncoder().encodeToString(keys.getPublic().getEncoded())));
        String body = "[{\"event\":\"bounce\",\"opsrelay_message\":\"" + message + "\"}]";
        signed("/webhooks/email/sendgrid/events/sg-2", body, Instant.now(), keys)
                .has(200);
        client = own;
        assertThat(state()).isEqualTo("pending");
    }

    private Api.Answer sendGrid(String body, Instant at, KeyPair signer) throws Exception {
        return signed("/webhooks/email/sendgrid/events/sg-1", body, at, signer);
    }

    private Api.Answer signed(String path, String body, Instant at, KeyPair signer) throws Exception {
        String timestamp = Long.toString(at.getEpochSecond());
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(signer.getPrivate());
        signature.update((timestamp + body).getBytes(StandardCharsets.UTF_8));
        return api.asNobody()
                .post(
                        path,
                        body,
                        Map.of(
                                "X-Twilio-Email-Event-Webhook-Signature",
                                Base64.getEncoder().encodeToString(signature.sign()),
                                "X-Twilio-Email-Event-Webhook-Timestamp",
                                timestamp));
    }

    private static String mailgun(String token, String key, String event) throws Exception {
        String timestamp = Long.toString(Instant.now().getEpochSecond());
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        String signature = HexFormat.of().formatHex(mac.doFinal((timestamp + token).getBytes(StandardCharsets.UTF_8)));
        return "{\"signature\":{\"timestamp\":\"%s\",\"token\":\"%s\",\"signature\":\"%s\"},\"event-data\":%s}"
                .formatted(timestamp, token, signature, event);
    }

    private JsonNode detail() {
        return api.as(client, Role.VIEWER)
                .get("/api/v1/tickets/" + ticket)
                .has(200)
                .json();
    }

    private String state() {
        return detail().at("/messages/1/state").asString();
    }

    private List<String> events() {
        return detail().path("timeline")
                .valueStream()
                .map(entry -> entry.path("event").asString())
                .toList();
    }

    private String suppressed() {
        return api.as(client, Role.ADMIN)
                .get("/api/v1/mail-suppressions")
                .has(200)
                .json()
                .at("/items/0/email")
                .stringValue(null);
    }
}

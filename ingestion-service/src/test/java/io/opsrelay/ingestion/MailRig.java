package io.opsrelay.ingestion;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.security.Role;
import io.opsrelay.testing.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Makes channels and posts mails as providers do. */
@TestComponent
public class MailRig {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final Api api;
    private final TestDatabase database;
    private final Clock clock;
    private final Map<String, Inbox> inboxes = new ConcurrentHashMap<>();

    MailRig(Api api, TestDatabase database, Clock clock) {
        this.api = api;
        this.database = database;
        this.clock = clock;
    }

    /** A channel and the secret that was shown when it was made. */
    public record Inbox(String clientId, String channelId, String address, String secret) {}

    /** A channel of that kind, made once. */
    public Inbox inbox(
            String clientId, String kind, String address, Map<String, String> settings, Map<String, String> secrets) {
        return inboxes.computeIfAbsent(clientId + "/" + kind + "/" + address, key -> {
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("kind", kind);
            body.put("name", address);
            body.put("addresses", List.of(address));
            body.put("settings", settings);
            body.put("secrets", secrets);
            JsonNode made = api.as(clientId, Role.ADMIN)
                    .post("/api/v1/channels", JSON.writeValueAsString(body))
                    .has(201)
                    .json();
            String secret = made.path("made").isEmpty()
                    ? secrets.values().stream().findFirst().orElse("")
                    : made.path("made").iterator().next().asString();
            return new Inbox(clientId, made.get("channel_id").asString(), address, secret);
        });
    }

    /** The client's generic inbox at {@code support@<client>.example}, which vouches for senders. */
    public Inbox generic(String clientId) {
        return inbox(
                clientId,
                "email-generic",
                "support@" + clientId + ".example",
                Map.of("vouches_for_sender", "true"),
                Map.of());
    }

    /** The fields of a mail in the generic form. */
    public static Map<String, Object> mail(String from, String to, String subject, String text) {
        Map<String, Object> mail = new LinkedHashMap<>();
        mail.put("from", from);
        mail.put("to", to);
        mail.put("subject", subject);
        mail.put("text", text);
        mail.put("message_id", UUID.randomUUID() + "@example.org");
        return mail;
    }

    /** Posts to the inbox's own path, signed. */
    public Api.Answer post(Inbox inbox, Map<String, Object> mail) {
        return post("/webhooks/email/inbound/" + inbox.channelId(), inbox.secret(), mail);
    }

    public Api.Answer post(String path, String secret, Map<String, Object> mail) {
        String body = JSON.writeValueAsString(mail);
        return api.asNobody()
                .post(path, body, signed(secret, body, clock.instant().getEpochSecond()));
    }

    /** Headers as Standard Webhooks wants them. */
    public static Map<String, String> signed(String secret, String body, long timestamp) {
        byte[] key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
        String id = "msg_" + UUID.randomUUID();
        return Map.of(
                "webhook-id",
                id,
                "webhook-timestamp",
                Long.toString(timestamp),
                "webhook-signature",
                "v1,bm90IHRoaXMgb25l v1,"
                        + Base64.getEncoder().encodeToString(hmac(key, id + "." + timestamp + "." + body)));
    }

    public static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Posts bytes without a token. */
    public Api.Answer post(String path, byte[] body, String contentType, Map<String, String> headers) {
        return api.asNobody().post(path, BodyPublishers.ofByteArray(body), contentType, headers);
    }

    /** A payload from the test's files; its lines end as on the wire. */
    public static String payload(String name) {
        try (InputStream in = MailRig.class.getResourceAsStream("/mail/" + name)) {
            return new String(in.readAllBytes(), UTF_8).replace("\r\n", "\n").replace("\n", "\r\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The id of the ticket that a mail became. */
    public static String ticketOf(Api.Answer answer) {
        JsonNode json = answer.has(200).json();
        assertThat(json.get("status").asString()).isEqualTo("received");
        return json.get("ticket_id").asString();
    }

    /** The reason for which a mail was filed. */
    public String filedReason(String clientId, Api.Answer answer) {
        JsonNode json = answer.has(200).json();
        assertThat(json.get("status").asString()).isEqualTo("filed");
        return filed(clientId, json.get("filed_id").asString()).get("reason").asString();
    }

    public JsonNode filed(String clientId, String filedId) {
        return api.as(clientId, Role.AGENT)
                .get("/api/v1/mails/filed/" + filedId)
                .has(200)
                .json();
    }

    public JsonNode ticket(String clientId, String ticketId) {
        return api.as(clientId, Role.VIEWER)
                .get("/api/v1/tickets/" + ticketId)
                .has(200)
                .json();
    }

    /** Names of a ticket's files in their order. */
    public List<String> files(String ticketId) {
        return admin().sql("select file_name from stored_file where ticket_id = ? order by file_name")
                .param(UUID.fromString(ticketId))
                .query(String.class)
                .list();
    }

    public JdbcClient admin() {
        return JdbcClient.create(schemaAdmin());
    }

    private javax.sql.DataSource schemaAdmin() {
        org.postgresql.ds.PGSimpleDataSource source = (org.postgresql.ds.PGSimpleDataSource) database.admin();
        source.setCurrentSchema("ingestion");
        return source;
    }
}

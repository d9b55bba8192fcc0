package io.opsrelay.ingestion;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.contracts.Topics;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestKafka;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.json.JsonMapper;

/**
 * Whatever comes in at a door that takes JSON, there is an answer that blames the sender or takes it: never an error of
 * ours. Signed requests are signed as they are, so that what is wrong in them is read.
 */
@MailTest
class JsonDoorsFuzzTest {

    private static final int REQUESTS = 80;
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Set<Integer> GOOD = Set.of(200, 201, 202, 204);

    private static final String NDJSON = "application/x-ndjson";
    private static final String TICKET = "{\"subject\":\"A lamp\",\"body\":\"It \\u00e9 \\ud83d\\ude00\","
            + "\"customer_email\":\"a@example.org\",\"priority\":\"high\",\"metadata\":{\"order\":\"4711\"}}";

    /**
     * What each door takes, by its route. {@code %1$s} is an id of this test's, {@code %2$s} one of another ticket or
     * customer, {@code %3$s} an address.
     */
    private static final Map<String, String> DOORS = new TreeMap<>(
            Map.ofEntries(
                    Map.entry("POST /api/v1/tickets", TICKET),
                    Map.entry("POST /api/v1/tickets/bulk", TICKET + "\n" + TICKET),
                    Map.entry(
                            "POST /api/tickets/process",
                            "{\"id\":\"7\",\"description\":\"d\",\"industry\":\"retail\",\"category\":\"login\",\"accuracy\":0.9,"
                                    + "\"confidence\":\"N/A\",\"pii_protected\":true,\"redactions\":{\"email\":1},\"reply_draft\":\"r\","
                                    + "\"region\":\"eu\",\"processing_time\":1.5}"),
                    Map.entry("POST /api/v1/tickets/{id}/status", "{\"status\":\"escalated\",\"reason\":\"r\"}"),
                    Map.entry("POST /api/v1/tickets/{id}/retry", "{\"reason\":\"r\"}"),
                    Map.entry("POST /api/v1/tickets/{id}/merge", "{\"into\":\"%2$s\",\"reason\":\"r\"}"),
                    Map.entry("PUT /api/v1/tickets/{id}/tags", "{\"tags\":[\"lamp\",\"vip\"]}"),
                    Map.entry("PUT /api/v1/tickets/{id}/priority", "{\"priority\":\"high\"}"),
                    Map.entry("PUT /api/v1/tickets/{id}/category", "{\"category\":\"delivery\",\"reason\":\"r\"}"),
                    Map.entry("PUT /api/v1/tickets/{id}/language", "{\"language\":\"de\"}"),
                    Map.entry("PUT /api/v1/tickets/{id}/sentiment", "{\"sentiment\":\"negative\"}"),
                    Map.entry("PUT /api/v1/tickets/{id}/assignee", "{\"assignee\":\"jo@acme.example\"}"),
                    Map.entry(
                            "POST /api/v1/tickets/{id}/messages",
                            "{\"text\":\"Hello\",\"internal\":true,\"attachments\":[]}"),
                    Map.entry("POST /api/v1/tickets/{id}/replies", "{\"text\":\"Hello\",\"external_id\":\"r-1\"}"),
                    Map.entry("PATCH /api/v1/customers/{id}", "{\"name\":\"Mary Major\"}"),
                    Map.entry("POST /api/v1/customers/{id}/block", "{\"reason\":\"r\"}"),
                    Map.entry("POST /api/v1/customers/{id}/unblock", "{\"reason\":\"r\"}"),
                    Map.entry(
                            "POST /api/v1/customers/{id}/identities",
                            "{\"type\":\"external\",\"source\":\"shop\",\"value\":\"v-%1$s\"}"),
                    Map.entry("POST /api/v1/customers/{id}/merge", "{\"customer_id\":\"%2$s\",\"reason\":\"r\"}"),
                    Map.entry("POST /api/v1/customers/{id}/notes", "{\"text\":\"Likes lamps\"}"),
                    Map.entry("POST /api/v1/customers/{id}/erase", "{\"confirm\":\"%3$s\",\"reason\":\"r\"}"),
                    Map.entry(
                            "POST /api/v1/channels",
                            "{\"kind\":\"email-generic\",\"name\":\"n\",\"addresses\":[\"%3$s\"],"
                                    + "\"settings\":{\"vouches_for_sender\":\"true\"},\"secrets\":{},\"enabled\":true}"),
                    Map.entry(
                            "PUT /api/v1/channels/{id}",
                            "{\"kind\":\"email-generic\",\"name\":\"n\",\"addresses\":[\"%3$s\"],\"enabled\":false}"),
                    Map.entry(
                            "POST /api/v1/channels/{id}/secrets/{secret}/rotate",
                            "{\"value\":\"whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz\"}"),
                    Map.entry(
                            "POST /api/v1/clients",
                            "{\"client_id\":\"fuzzed\",\"name\":\"Fuzzed\",\"sources\":[\"fuzz\"],\"channels\":[]}"),
                    Map.entry(
                            "POST /api/v1/canned-replies",
                            "{\"name\":\"n\",\"text\":\"Hello\",\"category\":\"c\",\"language\":\"en\"}"),
                    Map.entry("PUT /api/v1/canned-replies/{id}", "{\"name\":\"%1$s\",\"text\":\"Hello\"}"),
                    Map.entry(
                            "POST /api/v1/connectors/zendesk/runs",
                            "{\"force\":true,\"limit\":3,\"only_unprocessed\":false,\"industry\":\"retail\"}"),
                    Map.entry("POST /api/v1/mails/filed/{id}/accept", "{\"customer_email\":\"%3$s\"}"),
                    Map.entry("POST /api/v1/dead-letters/{id}/replay", "{\"value\":{\"subject\":\"s\"}}"),
                    Map.entry("POST /api/v1/dead-letters/{id}/discard", "{\"reason\":\"r\"}"),
                    Map.entry(
                            "POST /api/v1/dead-letters/replay",
                            "{\"topic\":\"upstream.tickets\",\"reason\":\"r\",\"from\":\"2026-01-01T00:00:00Z\"}"),
                    Map.entry(
                            "POST /webhooks/email/inbound/{channelId}",
                            "{\"from\":\"%3$s\",\"to\":\"support@example.org\",\"subject\":\"s\",\"text\":\"t\",\"html\":\"<b>t</b>\","
                                    + "\"message_id\":\"%1$s@example.org\",\"references\":[\"a@b.example\"],"
                                    + "\"attachments\":[{\"name\":\"a.txt\",\"content\":\"YQ==\"}]}"),
                    Map.entry(
                            "POST /webhooks/email/postmark/{channelId}",
                            "{\"From\":\"%3$s\",\"FromFull\":{\"Email\":\"%3$s\"},\"To\":\"support@example.org\",\"Subject\":\"s\","
                                    + "\"TextBody\":\"t\",\"MessageID\":\"%1$s\",\"Headers\":[{\"Name\":\"X-A\",\"Value\":\"b\"}],"
                                    + "\"Attachments\":[{\"Name\":\"a.txt\",\"Content\":\"YQ==\",\"ContentType\":\"text/plain\"}]}"),
                    Map.entry(
                            "POST /webhooks/email/{provider:sendgrid|mailgun|postmark}/events/{channel_id}",
                            "{\"RecordType\":\"Bounce\",\"Type\":\"HardBounce\",\"Email\":\"%3$s\",\"Description\":\"d\","
                                    + "\"Metadata\":{\"opsrelay_message\":\"%1$s\"}}"),
                    Map.entry(
                            "POST /webhooks/zendesk/{channelId}",
                            "{\"type\":\"zen:event-type:ticket.created\",\"subject\":\"zen:ticket:7\",\"detail\":{\"id\":\"7\"}}")));

    /** Routes that take no JSON, or the same one at a second address. */
    private static final Set<String> OTHERS = Set.of(
            "POST /api/v1/tickets/{id}/attachments",
            "POST /api/v1/tickets/{id}/emails/{message_id}/retry",
            "POST /api/v1/customers/{id}/export",
            "POST /api/v1/dashboard/rebuild",
            "POST /webhooks/email/inbound",
            "POST /webhooks/email/postmark",
            "POST /webhooks/email/sendgrid",
            "POST /webhooks/email/sendgrid/{channelId}",
            "POST /webhooks/email/mailgun",
            "POST /webhooks/email/mailgun/{channelId}");

    private static final List<String> PIECES = List.of(
            "{",
            "}",
            "[",
            "]",
            "\"",
            ":",
            ",",
            "null",
            "true",
            "1e999999",
            "-0",
            "\\u0000",
            "\\ud800",
            "\u0000",
            "\"\"",
            "[[[[",
            "{\"a\":{\"a\":",
            "\uFEFF",
            "\"\u202e\"",
            "[".repeat(3_000),
            "9".repeat(2_000),
            "x".repeat(101_000));

    /** What a value of the form is replaced by. */
    private static final List<String> VALUES = List.of(
            "null", "[]", "{}", "\"\"", "\" \"", "0", "-1", "1.5", "true", "\"\\u0000\"", "[null]", "{\"a\":null}");

    @Autowired
    Api api;

    @Autowired
    MailRig rig;

    @Autowired
    TestKafka kafka;

    @Autowired
    ApplicationContext context;

    private String client;
    private String address;
    private Api.As admin;

    @BeforeEach
    void aClient() {
        client = "fuzz-" + UUID.randomUUID().toString().substring(0, 8);
        address = "m" + UUID.randomUUID().toString().substring(0, 8) + "@example.org";
        admin = api.as(client, Role.ADMIN);
    }

    @Test
    void theTableKnowsEveryDoor() {
        Stream<String> routes = context
                .getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .entrySet()
                .stream()
                .filter(route -> route.getValue().getBeanType().getName().startsWith("io.opsrelay."))
                .flatMap(route -> route.getKey().getMethodsCondition().getMethods().stream()
                        .flatMap(method ->
                                route.getKey().getPatternValues().stream().map(path -> method + " " + path)))
                .filter(route -> !route.startsWith("GET ") && !route.startsWith("DELETE "));

        assertThat(routes)
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(DOORS.keySet().stream(), OTHERS.stream()).toList());
    }

    static Stream<String> doors() {
        return DOORS.keySet().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("doors")
    void whateverComesIsTakenOrRefusedWithAReason(String route) {
        Door door = open(route);
        // A row that is refused as it stands would test nothing but its first check.
        assertThat(door.send(door.form()).status()).as("as it stands").isIn(door.taken());

        Random random = new Random(route.hashCode());
        for (int i = 0; i < REQUESTS; i++) {
            byte[] body = mutated(random, door.form());

            Api.Answer answer = door.send(body);

            String told = route + " with " + shortened(new String(body, ISO_8859_1)) + " answered " + answer.text();
            assertThat(answer.status()).as(told).isBetween(200, 499);
            if (answer.status() >= 400) {
                assertThat(answer.contentType()).as(told).startsWith("application/problem+json");
                assertThat(answer.json().path("detail").asString("")).as(told).isNotBlank();
            }
        }
    }

    /**
     * A door as it is spoken to.
     *
     * @param form what it takes
     * @param taken how that may be answered
     */
    private record Door(byte[] form, Set<Integer> taken, Sending sending) {
        Api.Answer send(byte[] body) {
            return sending.send(body);
        }
    }

    @FunctionalInterface
    private interface Sending {
        Api.Answer send(byte[] body);
    }

    private Door open(String route) {
        String method = route.substring(0, route.indexOf(' '));
        String path = route.substring(route.indexOf(' ') + 1);
        String form = DOORS.get(route);
        if (path.startsWith("/webhooks/")) {
            return webhook(path, form);
        }
        String other = "";
        String id = "";
        Set<Integer> taken = GOOD;
        if (path.startsWith("/api/v1/tickets/{id}")) {
            id = ticket(address);
            other = ticket(address);
            if (path.endsWith("/retry")) {
                taken = Set.of(409); // it has not failed
            }
        } else if (path.startsWith("/api/v1/customers/{id}")) {
            id = customerOf(ticket(address));
            other = customerOf(ticket("o" + address));
            if (path.endsWith("/erase")) {
                taken = Set.of(409); // a ticket is open
            }
        } else if (path.startsWith("/api/v1/channels/{id}")) {
            id = rig.inbox(client, "email-generic", address, Map.of(), Map.of()).channelId();
        } else if (path.startsWith("/api/v1/canned-replies/{id}")) {
            id = admin.post("/api/v1/canned-replies", "{\"name\":\"first\",\"text\":\"t\"}")
                    .has(201)
                    .json()
                    .get("reply_id")
                    .asString();
        } else if (path.startsWith("/api/v1/mails/filed/{id}")) {
            id = filed();
        } else if (path.startsWith("/api/v1/dead-letters/{id}")) {
            id = letter();
        } else if (path.endsWith("/zendesk/runs")) {
            zendesk();
        }
        String target = path.replace("{id}", id).replace("{secret}", "signing_secret");
        Api.As caller = path.equals("/api/v1/clients") ? api.asOperator() : admin;
        return new Door(
                form.formatted(id, other, address).getBytes(UTF_8),
                taken,
                body -> caller.send(
                        method,
                        target,
                        BodyPublishers.ofByteArray(body),
                        path.endsWith("/bulk") ? NDJSON : "application/json"));
    }

    private Door webhook(String path, String form) {
        Clock clock = Clock.systemUTC();
        byte[] whole = form.formatted(UUID.randomUUID(), "", address).getBytes(UTF_8);
        if (path.contains("/inbound/")) {
            MailRig.Inbox inbox = rig.generic(client);
            return new Door(
                    whole,
                    GOOD,
                    body -> signed(
                            "/webhooks/email/inbound/" + inbox.channelId(),
                            body,
                            text -> MailRig.signed(
                                    inbox.secret(), text, clock.instant().getEpochSecond())));
        }
        if (path.contains("/zendesk/")) {
            String id = zendesk();
            return new Door(
                    whole,
                    GOOD,
                    body -> signed("/webhooks/zendesk/" + id, body, text -> {
                        Instant at = clock.instant();
                        return Map.of(
                                "X-Zendesk-Webhook-Signature",
                                Base64.getEncoder().encodeToString(MailRig.hmac("hook".getBytes(UTF_8), at + text)),
                                "X-Zendesk-Webhook-Signature-Timestamp",
                                at.toString());
                    }));
        }
        boolean events = path.contains("/events/");
        MailRig.Inbox inbox = events
                ? rig.inbox(
                        client,
                        "smtp",
                        address,
                        Map.of("provider", "postmark", "from", address, "events_username", "pm"),
                        Map.of("events_password", "s3cret", "api_key", "k"))
                : rig.inbox(client, "email-postmark", address, Map.of("username", "pm"), Map.of("password", "s3cret"));
        Map<String, String> basic =
                Map.of("Authorization", "Basic " + Base64.getEncoder().encodeToString("pm:s3cret".getBytes(UTF_8)));
        String target = events
                ? "/webhooks/email/postmark/events/" + inbox.channelId()
                : "/webhooks/email/postmark/" + inbox.channelId();
        return new Door(whole, GOOD, body -> rig.post(target, body, "application/json", basic));
    }

    @FunctionalInterface
    private interface Signing {
        Map<String, String> of(String body);
    }

    /** Signed over what is sent: what is no UTF-8 is made such. */
    private Api.Answer signed(String path, byte[] body, Signing signing) {
        String text = new String(body, UTF_8);
        return rig.post(path, text.getBytes(UTF_8), "application/json", signing.of(text));
    }

    private String ticket(String email) {
        return admin.post(
                        "/api/v1/tickets",
                        JSON.writeValueAsString(Map.of("subject", "s", "body", "b", "customer_email", email)))
                .has(202)
                .json()
                .get("ticket_id")
                .asString();
    }

    private String customerOf(String ticket) {
        return rig.ticket(client, ticket).at("/customer/customer_id").asString();
    }

    /** An account that is nowhere. */
    private String zendesk() {
        return admin.post("/api/v1/channels", """
                        {"kind":"zendesk","name":"desk","secrets":{"api_token":"t","webhook_secret":"hook"},
                         "settings":{"subdomain":"acme","base_url":"http://127.0.0.1:9","email":"a@acme.example"}}""")
                .has(201)
                .json()
                .get("channel_id")
                .asString();
    }

    /** A mail from our own address. */
    private String filed() {
        String own = rig.generic(client).address();
        return rig.post(rig.generic(client), MailRig.mail(own, own, "Echo", "Echo."))
                .has(200)
                .json()
                .get("filed_id")
                .asString();
    }

    private String letter() {
        UUID id = UUID.randomUUID();
        rig.admin()
                .sql("""
                        insert into dead_letter (client_id, letter_id, state, topic, origin, consumer, reason, key,
                            value, header_names, header_values, fingerprint, set_aside_at, created_at)
                        values (?, ?, 'open', ?, ?, 'c', 'r', null, '{}'::bytea, '{}', '{}', '\\x01',
                            now(), now())""")
                .params(client, id, kafka.topic(Topics.UPSTREAM), "t-0@" + id)
                .update();
        return id.toString();
    }

    private static byte[] mutated(Random random, byte[] form) {
        StringBuilder text = new StringBuilder(new String(form, UTF_8));
        for (int i = 1 + random.nextInt(2); i > 0; i--) {
            int at = random.nextInt(text.length() + 1);
            switch (random.nextInt(5)) {
                case 0 -> text.insert(at, pick(random, PIECES));
                case 1 -> text.delete(at, Math.min(text.length(), at + random.nextInt(20)));
                case 2 -> text.setLength(at);
                default -> replaceAValue(random, text);
            }
        }
        byte[] bytes = text.toString().getBytes(UTF_8);
        if (bytes.length > 0 && random.nextInt(6) == 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    /** Still JSON, but not of the form: what only the code behind the parser sees. */
    private static void replaceAValue(Random random, StringBuilder text) {
        List<Integer> colons = new ArrayList<>();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == ':' && i > 0 && text.charAt(i - 1) == '"') {
                colons.add(i);
            }
        }
        if (colons.isEmpty()) {
            return;
        }
        int from = pick(random, colons) + 1;
        int to = from;
        boolean quoted = false;
        while (to < text.length() && (quoted || ",}]".indexOf(text.charAt(to)) < 0)) {
            quoted ^= text.charAt(to) == '"' && text.charAt(to - 1) != '\\';
            to++;
        }
        text.replace(from, to, pick(random, VALUES));
    }

    private static <T> T pick(Random random, List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private static String shortened(String body) {
        return body.length() <= 500 ? body : body.substring(0, 500) + "... (" + body.length() + ")";
    }
}

package io.opsrelay.ingestion.email.mailbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.user.GreenMailUser;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.opsrelay.ingestion.Api;
import io.opsrelay.ingestion.MailRig;
import io.opsrelay.ingestion.MailTest;
import io.opsrelay.security.Role;
import jakarta.mail.Flags;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Mailboxes on a real IMAP server. */
@MailTest
class MailboxTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Autowired
    MailRig rig;

    @Autowired
    Api api;

    private final String user = "box" + UUID.randomUUID().toString().substring(0, 8);
    private final String address = user + "@acme.example";
    private ServerSetup setup;
    private GreenMail server;

    @BeforeEach
    void start() {
        setup = new ServerSetup(freePort(), "127.0.0.1", ServerSetup.PROTOCOL_IMAP);
        // Its own 2 s are soon over where a loaded machine halts.
        setup.setServerStartupTimeout(PATIENCE.toMillis());
        server = new GreenMail(setup);
        server.start();
    }

    /** Below those that the system gives to connections: one of them could take it while the server is away. */
    private static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
            try (ServerSocket free = new ServerSocket(port)) {
                return free.getLocalPort();
            } catch (IOException e) {
                // Somebody has it.
            }
        }
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    @Test
    void everyMailBecomesATicketOnceAndIsMarkedAsRead() throws Exception {
        GreenMailUser owner = server.setUser(address, user, "pass");
        deliver(owner, "one");
        deliver(owner, "two");
        channel("pass");

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(subjects()).containsExactly("one", "two"));

        deliver(owner, "three");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(subjects()).containsExactly("one", "three", "two"));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(inbox(owner)).hasSize(3).allMatch(mail -> {
                    try {
                        return mail.isSet(Flags.Flag.SEEN);
                    } catch (jakarta.mail.MessagingException e) {
                        throw new IllegalStateException(e);
                    }
                }));
    }

    @Test
    void aServerThatGoesAwayAndComesBackLosesAndDoublesNothing() throws Exception {
        GreenMailUser owner = server.setUser(address, user, "pass");
        String kept = deliver(owner, "before");
        String channelId = channel("pass");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(subjects()).containsExactly("before"));

        server.stop();
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(state(channelId).path("failures").asInt()).isPositive());
        // It comes back with its folders made anew: the mails count from the beginning again.
        server = new GreenMail(setup);
        server.start();
        owner = server.setUser(address, user, "pass");
        owner.deliver(message(kept, "before"));
        deliver(owner, "after");

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(subjects()).containsExactly("after", "before"));
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(state(channelId).path("failures").asInt()).isZero());
    }

    @Test
    void aWrongPasswordIsShownToPeopleAndMendedByThem() throws Exception {
        GreenMailUser owner = server.setUser(address, user, "pass");
        deliver(owner, "waiting");
        String channelId = channel("wrong");
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(state(channelId).path("failures").asInt()).isPositive();
            assertThat(state(channelId).path("last_error").asString()).isNotBlank();
        });

        api.as("acme", Role.ADMIN)
                .post("/api/v1/channels/" + channelId + "/secrets/password/rotate", "{\"value\":\"pass\"}")
                .has(200);

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(subjects()).containsExactly("waiting"));
        api.as("acme", Role.AGENT).get("/api/v1/mails/mailboxes").has(403);
        assertThat(api.as("globex", Role.ADMIN)
                        .get("/api/v1/mails/mailboxes")
                        .has(200)
                        .text())
                .doesNotContain(channelId);
    }

    @Test
    void whatWasThereBeforeTheChannelIsLeftAlone() throws Exception {
        GreenMailUser owner = server.setUser(address, user, "pass");
        server.getManagers()
                .getImapHostManager()
                .getInbox(owner)
                .appendMessage(
                        message(UUID.randomUUID() + "@example.org", "long ago"),
                        new Flags(),
                        Date.from(Instant.now().minus(Duration.ofHours(3))));
        channel("pass", "now");
        deliver(owner, "now");

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(subjects()).containsExactly("now"));
        deliver(owner, "later");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(subjects()).containsExactly("later", "now"));
    }

    @Test
    void aRefusedPieceIsNotTheEndOfAMail() throws Exception {
        int pieces = 2 * MailPieces.BYTES;
        AtomicBoolean refusing = new AtomicBoolean(true);
        GreenMailUser owner = server.setUser(address, user, "pass");
        owner.deliver(message(UUID.randomUUID() + "@example.org", "long", "All of it.\r\n".repeat(pieces / 10)));
        deliver(owner, "short");
        try (RefusingServer troubled = new RefusingServer(
                setup.getPort(),
                line -> refusing.get() && line.contains("FETCH") && line.contains("<" + MailPieces.BYTES + "."))) {
            String channelId = channel("pass", "all", troubled.port());

            await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                            state(channelId).path("last_error").asString(""))
                    .contains("UID", "NO [UNAVAILABLE] ask again later"));
            assertThat(subjects()).isEmpty();

            refusing.set(false);
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(subjects()).containsExactly("long", "short"));
            assertThat(rig.admin().sql("""
                            select f.size from stored_file f join ticket t using (client_id, ticket_id)
                            where t.subject = 'long' and t.metadata ->> 'mail_to' = ?""").param(address).query(Long.class).single())
                    .isGreaterThan(pieces);
        }
    }

    @Test
    void aRefusalToTellWhichMailsThereAreHidesNone() throws Exception {
        AtomicInteger refusals = new AtomicInteger(1);
        GreenMailUser owner = server.setUser(address, user, "pass");
        deliver(owner, "one");
        deliver(owner, "two");
        try (RefusingServer troubled = new RefusingServer(
                setup.getPort(),
                line -> line.contains("FETCH") && line.contains("UID") && refusals.getAndDecrement() > 0)) {
            channel("pass", "all", troubled.port());

            await().atMost(PATIENCE).untilAsserted(() -> assertThat(subjects()).containsExactly("one", "two"));
        }
        assertThat(refusals.get()).isNegative();
    }

    private String channel(String password) {
        return channel(password, "all");
    }

    private String channel(String password, String begin) {
        return channel(password, begin, setup.getPort());
    }

    private String channel(String password, String begin, int port) {
        return rig.inbox(
                        "acme",
                        "imap",
                        address,
                        Map.of(
                                "host",
                                "127.0.0.1",
                                "port",
                                Integer.toString(port),
                                "security",
                                "none",
                                "username",
                                user,
                                "begin",
                                begin,
                                "poll_seconds",
                                "1"),
                        Map.of("password", password))
                .channelId();
    }

    private tools.jackson.databind.JsonNode state(String channelId) {
        for (var box : api.as("acme", Role.ADMIN)
                .get("/api/v1/mails/mailboxes")
                .has(200)
                .json()
                .get("items")) {
            if (box.get("channel_id").asString().equals(channelId)) {
                return box;
            }
        }
        throw new AssertionError("no mailbox of channel " + channelId);
    }

    private List<String> subjects() {
        return rig.admin()
                .sql("select subject from ticket where metadata ->> 'mail_to' = ? order by subject")
                .param(address)
                .query(String.class)
                .list();
    }

    private List<MimeMessage> inbox(GreenMailUser owner) throws Exception {
        return server.getManagers().getImapHostManager().getInbox(owner).getMessages().stream()
                .map(stored -> stored.getMimeMessage())
                .toList();
    }

    private String deliver(GreenMailUser owner, String subject) throws Exception {
        String id = UUID.randomUUID() + "@example.org";
        owner.deliver(message(id, subject));
        return id;
    }

    private MimeMessage message(String id, String subject) throws Exception {
        return message(id, subject, "Text of " + subject + ".");
    }

    private MimeMessage message(String id, String subject, String text) throws Exception {
        String raw = "From: mary.%s@example.org\r\nTo: %s\r\nSubject: %s\r\nMessage-ID: <%s>\r\n\r\n%s\r\n"
                .formatted(UUID.randomUUID().toString().substring(0, 8), address, subject, id, text);
        return new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(raw.getBytes(UTF_8))) {
            @Override
            protected void updateMessageID() throws jakarta.mail.MessagingException {
                setHeader("Message-ID", "<" + id + ">");
            }
        };
    }
}

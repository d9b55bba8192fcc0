package io.opsrelay.approval.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import io.opsrelay.approval.Admin;
import io.opsrelay.approval.Api.Answer;
import io.opsrelay.approval.ApprovalApplication;
import io.opsrelay.approval.mail.MailProperties.Security;
import io.opsrelay.approval.notification.Notice;
import io.opsrelay.approval.notification.Notifications;
import io.opsrelay.security.Role;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.testing.OpsRelayTest;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A notice's way into a mailbox, by STARTTLS and with a password. */
@OpsRelayTest(service = "approval")
@SpringBootTest(
        classes = ApprovalApplication.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "opsrelay.mail.host=127.0.0.1",
            "opsrelay.mail.username=relay",
            "opsrelay.mail.password=s3cret",
            "opsrelay.mail.from=ops@relay.example.com",
            "opsrelay.mail.dashboard=https://ops.example.com",
            "opsrelay.mail.ssl-bundle=smtp",
            "opsrelay.mail.gather=300ms",
            "opsrelay.mail.interval=3s",
            "opsrelay.mail.pauses=200ms,200ms,200ms"
        })
class MailPathTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final GreenMail SERVER = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));

    @TempDir
    private static Path folder;

    private static SmtpDoor door;

    @Autowired
    private Notifications notifications;

    @Autowired
    private ClientTransactions transactions;

    @Autowired
    private SslBundles bundles;

    @Autowired
    private SettingsStore store;

    @LocalServerPort
    private int port;

    private String client;
    private Admin admin;

    @DynamicPropertySource
    static void start(DynamicPropertyRegistry registry) throws Exception {
        SERVER.start();
        SERVER.setUser("ops@relay.example.com", "relay", "s3cret");
        door = new SmtpDoor(SmtpDoor.keystore(folder), SERVER.getSmtp().getPort());
        registry.add("opsrelay.mail.port", door::port);
        registry.add("spring.ssl.bundle.pem.smtp.truststore.certificate", () -> "file:" + folder.resolve("smtp.pem"));
    }

    @AfterAll
    static void stop() throws Exception {
        door.close();
        SERVER.stop();
    }

    @BeforeEach
    void aClientOfItsOwn() {
        client = "c" + UUID.randomUUID().toString().substring(0, 8);
        admin = Admin.of(port, client);
    }

    @Test
    void aRequestIsMailedWithALinkThatWantsASignInAndNothingToDecideWith() throws Exception {
        // given
        settings(List.of(recipient(address("approver"), "approver", "approval.*")));
        UUID approval = UUID.randomUUID();

        // when
        tell(requested(approval, "Refund 25.00 € of <b>order</b> A-1\r\nBcc: everybody@example.com"));

        // then
        MimeMessage mail = awaitMails(address("approver"), 1).getFirst();
        assertThat(mail.getSubject())
                .isEqualTo("Approval needed: Refund 25.00 € of <b>order</b> A-1  Bcc: everybody@example.com");
        assertThat(mail.getFrom()).singleElement().hasToString("OpsRelay <ops@relay.example.com>");
        assertThat(mail.getAllRecipients()).singleElement().hasToString(address("approver"));
        assertThat(mail.getHeader("Bcc")).isNull();
        assertThat(mail.getHeader("Auto-Submitted")).containsExactly("auto-generated");
        MimeMultipart parts = (MimeMultipart) mail.getContent();
        assertThat(parts.getContentType()).startsWith("multipart/alternative");
        String text = (String) parts.getBodyPart(0).getContent();
        String html = (String) parts.getBodyPart(1).getContent();
        assertThat(text)
                .contains("Effect: Refund 25.00 € of <b>order</b> A-1")
                .contains("Rule that asked: refund-needs-person")
                .contains("Deadline: 2026-11-27 12:00 UTC")
                .contains("https://ops.example.com/approvals/" + approval);
        assertThat(html).contains("&lt;b&gt;order&lt;/b&gt;").doesNotContain("<b>order");
        assertThat(Stream.of(html.split("href=\"")).skip(1).map(rest -> rest.substring(0, rest.indexOf('"'))))
                .containsExactly("https://ops.example.com/approvals/" + approval);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(emails()).singleElement().satisfies(listed -> assertThat(listed)
                        .containsEntry("recipient", address("approver"))
                        .containsEntry("status", "sent")
                        .containsEntry("attempts", 1)
                        .containsEntry("notices", 1)));
        assertThat(mail.getMessageID()).isEqualTo("<" + emails().getFirst().get("email_id") + "@relay.example.com>");
    }

    @Test
    void manyRequestsAtOnceAreOneMailAndTheNextComesAnIntervalLater() throws Exception {
        // given
        settings(List.of(recipient(address("approver"), null, "*")));

        // when
        Instant start = Instant.now();
        transactions.run(client, () -> {
            for (int i = 0; i < 12; i++) {
                notifications.tell(client, requested(UUID.randomUUID(), "Refund " + i + ".00 EUR"));
            }
        });
        awaitMails(address("approver"), 1);
        transactions.run(client, () -> {
            for (int i = 0; i < 3; i++) {
                notifications.tell(client, requested(UUID.randomUUID(), "Restart " + i));
            }
        });

        // then
        List<MimeMessage> mails = awaitMails(address("approver"), 2);
        assertThat(mails.get(0).getSubject()).isEqualTo("12 requests wait for a decision");
        assertThat(mails.get(1).getSubject()).isEqualTo("3 requests wait for a decision");
        assertThat(Duration.between(start, Instant.now())).isGreaterThan(Duration.ofSeconds(3));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(emails()).hasSize(2).allSatisfy(listed -> assertThat(listed)
                        .containsEntry("status", "sent")));
    }

    @Test
    void eachRoleHearsWhatConcernsIt() throws Exception {
        // given
        settings(List.of(
                recipient(address("approver"), "approver", "*"),
                recipient(address("sre"), "sre", "*"),
                recipient(address("auditor"), null, "approval.decided")));

        // when
        tell(requested(UUID.randomUUID(), "Refund 25.00 EUR"));
        tell(new Notice("approval.decided", UUID.randomUUID(), null, Map.of("status", "approved"), Set.of(Role.SRE)));

        // then
        assertThat(awaitMails(address("sre"), 1).getFirst().getSubject()).isEqualTo("Approval decided (approved)");
        assertThat(awaitMails(address("auditor"), 1).getFirst().getSubject()).isEqualTo("Approval decided (approved)");
        assertThat(awaitMails(address("approver"), 1).getFirst().getSubject())
                .isEqualTo("Approval needed: Refund 25.00 EUR");
        assertThat(emails()).hasSize(3);
    }

    @Test
    void whatTheServerCannotTakeNowComesLater() throws Exception {
        // given
        settings(List.of(recipient(address("approver"), null, "*")));
        door.outOfOrder(2);

        // when
        tell(requested(UUID.randomUUID(), "Refund 25.00 EUR"));

        // then
        awaitMails(address("approver"), 1);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(emails()).singleElement().satisfies(listed -> assertThat(listed)
                        .containsEntry("status", "sent")
                        .containsEntry("attempts", 3)));
        assertThat(door.stillOutOfOrder()).isZero();
    }

    @Test
    void whatTheServerRefusesForGoodIsNotTriedAgainAndIsSeen() {
        // given
        settings(List.of(recipient("refused-" + client + "@example.com", null, "*")));

        // when
        tell(requested(UUID.randomUUID(), "Refund 25.00 EUR"));

        // then
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(emails()).singleElement().satisfies(listed -> {
                    assertThat(listed).containsEntry("status", "failed").containsEntry("attempts", 1);
                    assertThat(String.valueOf(listed.get("error"))).contains("550 5.1.1 no such user");
                }));
    }

    @Test
    void whoeverIsStruckOffGetsNothingAnyMore() throws Exception {
        // given
        settings(List.of(recipient(address("gone"), null, "*"), recipient(address("stays"), null, "*")));
        transactions.run(client, () -> {
            notifications.tell(client, requested(UUID.randomUUID(), "Refund 25.00 EUR"));
            // Before the commit, so that no worker is faster.
            settingsWithin(recipient(address("stays"), null, "*"));
        });

        // then
        awaitMails(address("stays"), 1);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(emails())
                .hasSize(2)
                .filteredOn(listed -> listed.get("recipient").equals(address("gone")))
                .singleElement()
                .satisfies(listed -> assertThat(listed).containsEntry("status", "dropped")));
        assertThat(mails(address("gone"))).isEmpty();
    }

    @Test
    void withoutTlsOrWithAWrongPasswordOrAnUnknownCertificateNothingIsHandedOver() {
        UUID id = UUID.randomUUID();
        Letter letter = new Letter("subject", "text", "<p>html</p>");
        String to = address("nobody");

        assertThat(smtp(SERVER.getSmtp().getPort(), "s3cret", "smtp", Security.STARTTLS)
                        .send(id, to, letter, Instant.now()))
                .as("a server that knows no STARTTLS")
                .isInstanceOfSatisfying(Smtp.Result.Trouble.class, trouble -> assertThat(trouble.reason())
                        .contains("STARTTLS"));
        assertThat(smtp(door.port(), "wrong", "smtp", Security.STARTTLS).send(id, to, letter, Instant.now()))
                .as("a wrong password")
                .isInstanceOf(Smtp.Result.Trouble.class);
        assertThat(smtp(door.port(), "s3cret", "", Security.STARTTLS).send(id, to, letter, Instant.now()))
                .as("a certificate of nobody we know")
                .isInstanceOf(Smtp.Result.Trouble.class);
        assertThat(smtp(1, "s3cret", "smtp", Security.STARTTLS).send(id, to, letter, Instant.now()))
                .as("nobody there")
                .isInstanceOf(Smtp.Result.Trouble.class);
        assertThat(mails(to)).isEmpty();
        assertThat(smtp(door.port(), "s3cret", "smtp", Security.STARTTLS).send(id, to, letter, Instant.now()))
                .isEqualTo(new Smtp.Result.Sent());
    }

    @Test
    void settingsAreReadAndChangedByAdminsOnWhatIsThere() {
        // given
        Answer none = admin.get("/api/v1/notifications/settings");
        assertThat(none.body()).containsEntry("recipients", List.of()).containsEntry("email_available", true);
        Object body = Map.of("recipients", List.of(recipient(address("sre"), "sre", "approval.*")));

        // when
        Answer put = admin.call(
                "PUT",
                "/api/v1/notifications/settings",
                body,
                "If-Match",
                none.etag().orElseThrow());

        // then
        assertThat(put.status()).isEqualTo(200);
        assertThat(put.body()).containsEntry("changed_by", "user:admin@" + client + ".example");
        assertThat(admin.get("/api/v1/notifications/settings").body()).isEqualTo(put.body());
        assertThat(admin.call(
                                "PUT",
                                "/api/v1/notifications/settings",
                                body,
                                "If-Match",
                                none.etag().orElseThrow())
                        .status())
                .isEqualTo(412);
        for (Object wrong : List.of(
                Map.of(),
                Map.of(
                        "recipients",
                        List.of(Map.of("address", "a@b.example\r\nBcc: c@d.example", "event_types", List.of("*")))),
                Map.of("recipients", List.of(Map.of("address", "a@b.example"))))) {
            assertThat(admin.call("PUT", "/api/v1/notifications/settings", wrong)
                            .status())
                    .isEqualTo(422);
        }
        assertThat(admin.call("PUT", "/api/v1/notifications/settings", Map.of("recipients", List.of(), "smtp", "x"))
                        .status())
                .isEqualTo(400);
        for (Role role : List.of(Role.VIEWER, Role.AGENT, Role.APPROVER, Role.SRE, Role.INGEST)) {
            Admin other = new Admin(port, client, role);
            assertThat(List.of(
                            other.get("/api/v1/notifications/settings").status(),
                            other.call("PUT", "/api/v1/notifications/settings", body)
                                    .status(),
                            other.get("/api/v1/notifications/emails").status()))
                    .as(role.name())
                    .containsOnly(403);
        }
        Admin stranger = Admin.of(port, "stranger");
        assertThat(stranger.get("/api/v1/notifications/settings").body()).containsEntry("recipients", List.of());
        assertThat(admin.get("/api/v1/notifications/settings").body()).isEqualTo(put.body());
    }

    private Smtp smtp(int smtpPort, String password, String bundle, Security security) {
        return new Smtp(
                new MailProperties(
                        "127.0.0.1",
                        smtpPort,
                        security,
                        "relay",
                        password,
                        bundle,
                        "ops@relay.example.com",
                        URI.create("https://ops.example.com"),
                        Duration.ofSeconds(30),
                        Duration.ZERO,
                        Duration.ZERO,
                        List.of(),
                        1,
                        Duration.ofDays(1)),
                bundles);
    }

    private void settingsWithin(Map<String, Object> recipient) {
        Settings before = store.lock();
        store.put(
                client,
                new Settings(
                        List.of(new Recipient(String.valueOf(recipient.get("address")), null, Set.of("*"))),
                        before.revision() + 1,
                        "user:test",
                        Instant.now()));
    }

    private void settings(List<Map<String, Object>> recipients) {
        assertThat(admin.call("PUT", "/api/v1/notifications/settings", Map.of("recipients", recipients))
                        .status())
                .isEqualTo(200);
    }

    private static Map<String, Object> recipient(String address, String role, String... types) {
        Map<String, Object> recipient = new HashMap<>();
        recipient.put("address", address);
        recipient.put("event_types", List.of(types));
        if (role != null) {
            recipient.put("role", role);
        }
        return recipient;
    }

    private String address(String name) {
        return name + "@" + client + ".example";
    }

    private static Notice requested(UUID approval, String effect) {
        return new Notice(
                "approval.requested",
                approval,
                null,
                Map.of("effect", effect, "rule", "refund-needs-person", "expires_at", "2026-11-27T12:00:00Z"),
                Set.of(Role.APPROVER));
    }

    private void tell(Notice notice) {
        transactions.run(client, () -> notifications.tell(client, notice));
    }

    private List<Map<String, Object>> emails() {
        return admin.get("/api/v1/notifications/emails").items();
    }

    private static List<MimeMessage> mails(String address) {
        return Stream.of(SERVER.getReceivedMessages())
                .filter(mail -> GreenMailUtil.getHeaders(mail).contains("To: " + address))
                .toList();
    }

    private static List<MimeMessage> awaitMails(String address, int howMany) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(mails(address)).hasSize(howMany));
        return mails(address);
    }
}

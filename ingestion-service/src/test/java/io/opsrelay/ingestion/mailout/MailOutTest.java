package io.opsrelay.ingestion.mailout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.Mockito.RETURNS_DEFAULTS;
import static org.mockito.Mockito.mock;

import io.opsrelay.contracts.RunEvent.Outcome;
import io.opsrelay.contracts.RunEvent.RunCompleted;
import io.opsrelay.contracts.RunEvent.RunStarted;
import io.opsrelay.ingestion.Api;
import io.opsrelay.ingestion.IngestionServiceTest;
import io.opsrelay.ingestion.OtherServices;
import io.opsrelay.ingestion.channel.Channel;
import io.opsrelay.ingestion.channel.Channels;
import io.opsrelay.ingestion.customer.Customers;
import io.opsrelay.ingestion.mailout.provider.FakeSmtp;
import io.opsrelay.ingestion.mailout.provider.FakeSmtp.Fault;
import io.opsrelay.ingestion.privacy.ErasedCustomer;
import io.opsrelay.messaging.job.Jobs;
import io.opsrelay.security.Role;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.testing.TestDatabase;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayInputStream;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.context.bean.override.convention.TestBean;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A reply's way into the customer's mailbox, against an SMTP server that fails at each place where one can. */
@IngestionServiceTest
@TestPropertySource(
        properties = {
            "opsrelay.mail.host=127.0.0.1",
            "opsrelay.mail.security=none",
            "opsrelay.mail.from=support@relay.example.com",
            "opsrelay.mail.from-name=Acme Hilfe",
            "opsrelay.mail.allow-private=true",
            "opsrelay.mail.timeout=60s",
            "opsrelay.attachments.max-sent=1MB",
            "opsrelay.mail.pauses=100ms,100ms,100ms,100ms",
            "opsrelay.mail.jitter=0"
        })
class MailOutTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final FakeSmtp SERVER = new FakeSmtp();
    private static final Map<String, List<Channel>> OWN = new ConcurrentHashMap<>();
    private static final Set<String> BLOCKED = ConcurrentHashMap.newKeySet();

    @TempDir
    private static Path folder;

    @Autowired
    private Api api;

    @Autowired
    private OtherServices others;

    @Autowired
    private TestDatabase database;

    @Autowired
    private ClientTransactions transactions;

    @Autowired
    private Jobs jobs;

    @Autowired
    private Deliveries deliveries;

    @Autowired
    private MailAddresses addresses;

    @Autowired
    private MailThreads threads;

    @Autowired
    private MailOutPersonalData personalData;

    /** Stubbed once: the couriers call them all the time, and stubbing is not safe beside that. */
    @TestBean
    private Channels channels;

    @TestBean
    private Customers customers;

    private String client;
    private String customer;

    static Channels channels() {
        return mock(
                Channels.class,
                call -> call.getMethod().getName().equals("ofClient")
                        ? OWN.getOrDefault(call.<String>getArgument(0), List.of())
                        : RETURNS_DEFAULTS.answer(call));
    }

    static Customers customers() {
        return mock(
                Customers.class,
                call -> call.getMethod().getName().equals("isBlocked")
                        ? BLOCKED.contains(call.<String>getArgument(1))
                        : RETURNS_DEFAULTS.answer(call));
    }

    @DynamicPropertySource
    static void start(DynamicPropertyRegistry registry) throws Exception {
        Path keys = folder.resolve("address.keys");
        Files.writeString(keys, "test MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=\n");
        registry.add("opsrelay.mail.port", SERVER::port);
        registry.add("opsrelay.mail.address-keys", keys::toString);
    }

    @AfterAll
    static void stop() throws Exception {
        SERVER.close();
    }

    @BeforeEach
    void aClientOfItsOwn() {
        client = "mail-" + UUID.randomUUID().toString().substring(0, 8);
        customer = "mary@" + client + ".example";
        assertThat(SERVER.isWell()).isTrue();
    }

    @Test
    void aReplyOfTheAgentArrivesInTheThreadItAnswers() throws Exception {
        String ticket = ticket("email", "Lampe zu groß — 灯");
        UUID id = UUID.fromString(ticket);
        threads.remember(client, id, UUID.randomUUID(), "first@customer.example");
        threads.remember(client, id, UUID.randomUUID(), "<second@customer.example>");

        reply(client, ticket, "Grüße, Zoë!\n\nBcc: everybody@example.com\n.\nDone.");

        JsonNode sent = awaitState(ticket, "sent");
        MimeMessage mail = parsed(awaitMails(1).getFirst());
        assertThat(mail.getSubject()).isEqualTo("Re: Lampe zu groß — 灯");
        assertThat(mail.getFrom()).singleElement().hasToString("Acme Hilfe <support@relay.example.com>");
        assertThat(mail.getAllRecipients()).singleElement().hasToString(customer);
        String replyTo = mail.getReplyTo()[0].toString();
        assertThat(replyTo).contains("<support+" + ticket + ".");
        assertThat(addresses.ticketIn(client, replyTo.substring(replyTo.indexOf('<') + 1, replyTo.length() - 1)))
                .contains(id);
        assertThat(mail.getHeader("In-Reply-To", null)).isEqualTo("<second@customer.example>");
        assertThat(mail.getHeader("References", null).split("\\s+"))
                .containsExactly("<first@customer.example>", "<second@customer.example>");
        assertThat(mail.getHeader("Auto-Submitted", null)).isEqualTo("auto-replied");
        assertThat(mail.getHeader("X-Auto-Response-Suppress", null)).isEqualTo("All");
        assertThat(mail.getHeader("Bcc")).isNull();
        MimeMultipart parts = (MimeMultipart) mail.getContent();
        assertThat(String.valueOf(parts.getBodyPart(0).getContent()))
                .isEqualTo("Grüße, Zoë!\r\n\r\nBcc: everybody@example.com\r\n.\r\nDone.\r\n");
        String message = sent.at("/messages/1/message_id").asString();
        assertThat(mail.getMessageID()).isEqualTo("<" + message + "." + ticket + "@relay.example.com>");
        assertThat(mail.getHeader("X-OpsRelay-Message", null)).isEqualTo(message);
        assertThat(threads.newest(client, id, 9))
                .last()
                .isEqualTo(mail.getMessageID().substring(1, mail.getMessageID().length() - 1));
        assertThat(events(sent)).endsWith("ticket_resolved", "message_sent");
        JsonNode listed = emails(ticket).get(0);
        assertThat(listed.path("state").asString()).isEqualTo("sent");
        assertThat(listed.path("attempts").asInt()).isEqualTo(1);
        assertThat(listed.path("rfc822_message_id").asString()).isEqualTo(mail.getMessageID());
        assertThat(listed.path("provider").asString()).isEqualTo("smtp");
    }

    @Test
    void whatAPersonWroteLeavesTooAndIsNotMarkedAsAutomatic() throws Exception {
        String ticket = ticket("email", "Lamp");

        api.as(client, Role.AGENT)
                .post("/api/v1/tickets/" + ticket + "/messages", "{\"text\":\"I had a look.\"}")
                .has(201);

        awaitState(ticket, "sent");
        assertThat(parsed(awaitMails(1).getFirst()).getHeader("Auto-Submitted")).isNull();
    }

    @Test
    void aMegabyteArrivesWhole() throws Exception {
        String ticket = ticket("email", "Lamp");
        String text = "Zeile mit Ümlaut 💡\n".repeat(40_000);

        reply(client, ticket, text);

        awaitState(ticket, "sent");
        MimeMultipart parts = (MimeMultipart) parsed(awaitMails(1).getFirst()).getContent();
        assertThat(String.valueOf(parts.getBodyPart(0).getContent())).isEqualTo(text.replace("\n", "\r\n"));
    }

    @Test
    void aServerThatIsBusyIsAskedAgain() {
        SERVER.faults(Fault.BUSY, Fault.CONTENT_LATER, Fault.BROKEN_OFF);
        String ticket = ticket("email", "Lamp");

        reply(client, ticket, "It is on its way.");

        JsonNode sent = awaitState(ticket, "sent");
        assertThat(awaitMails(1)).hasSize(1);
        assertThat(events(sent)).containsOnlyOnce("message_sent").doesNotContain("message_failed");
        assertThat(emails(ticket).get(0).path("attempts").asInt()).isEqualTo(4);
    }

    @Test
    void whoIsBusyForEverIsGivenUpAndSeen() {
        SERVER.faults(Fault.BUSY, Fault.BUSY, Fault.BUSY, Fault.BUSY, Fault.BUSY);
        String ticket = ticket("email", "Lamp");

        reply(client, ticket, "It is on its way.");

        JsonNode failed = awaitState(ticket, "failed");
        JsonNode entry = failed.path("timeline").valueStream().toList().getLast();
        assertThat(entry.path("event").asString()).isEqualTo("message_failed");
        assertThat(entry.path("summary").asString()).contains("given up after 5 attempts", "421");

        // A person may have it tried again, and it keeps its Message-ID.
        String before = emails(ticket).get(0).path("rfc822_message_id").asString();
        String message = emails(ticket).get(0).path("message_id").asString();
        api.as(client, Role.VIEWER)
                .post("/api/v1/tickets/" + ticket + "/emails/" + message + "/retry", "")
                .has(403);
        api.as(client, Role.AGENT)
                .post("/api/v1/tickets/" + ticket + "/emails/" + message + "/retry", "")
                .has(202);
        awaitState(ticket, "sent");
        assertThat(awaitMails(1).getFirst().raw()).contains("Message-ID: " + before);
        api.as(client, Role.AGENT)
                .post("/api/v1/tickets/" + ticket + "/emails/" + message + "/retry", "")
                .has(409);
    }

    @Test
    void anAddressThatDoesNotExistFailsAtOnceAndGetsNothingMore() {
        SERVER.knowsNo(customer);
        String ticket = ticket("email", "Lamp");
        reply(client, ticket, "It is on its way.");
        JsonNode failed = awaitState(ticket, "failed");
        assertThat(failed.path("timeline")
                        .valueStream()
                        .toList()
                        .getLast()
                        .path("summary")
                        .asString())
                .contains("550 5.1.1 no such user here");

        String second = ticket("email", "Lamp again");
        reply(client, second, "It is on its way.");
        JsonNode unsent = awaitState(second, "failed");
        assertThat(unsent.path("timeline")
                        .valueStream()
                        .toList()
                        .getLast()
                        .path("summary")
                        .asString())
                .contains("Not sent: an earlier mail to this address came back");
        assertThat(mails()).isEmpty();

        // Another client knows nothing of it, and cannot lift it.
        Api.As stranger = api.as("other-" + client, Role.ADMIN);
        assertThat(stranger.get("/api/v1/mail-suppressions")
                        .has(200)
                        .json()
                        .path("items")
                        .size())
                .isZero();
        stranger.send("DELETE", "/api/v1/mail-suppressions/" + customer).has(404);
        assertThat(api.as(client, Role.AGENT)
                        .get("/api/v1/mail-suppressions")
                        .has(200)
                        .json()
                        .at("/items/0/email")
                        .asString())
                .isEqualTo(customer);
        api.as(client, Role.AGENT)
                .send("DELETE", "/api/v1/mail-suppressions/" + customer)
                .has(403);
        api.as(client, Role.ADMIN)
                .send("DELETE", "/api/v1/mail-suppressions/" + customer)
                .has(204);
        SERVER.knows(customer);
        String third = ticket("email", "Lamp, third");
        reply(client, third, "It is on its way.");
        awaitState(third, "sent");
    }

    @Test
    void aLostAnswerIsToldAndTheSecondCopyIsKnownByItsMessageId() {
        SERVER.faults(Fault.ANSWER_LOST, Fault.ANSWER_LOST);
        String ticket = ticket("email", "Lamp");

        reply(client, ticket, "It is on its way.");

        JsonNode sent = awaitState(ticket, "sent");
        assertThat(events(sent)).containsOnlyOnce("message_unconfirmed").endsWith("message_sent");
        assertThat(messageIds(awaitMails(3))).hasSize(1);
    }

    @Test
    void aWorkerThatDiesBetweenSendingAndWritingItDownSendsTheSameMailAgain() {
        JdbcTemplate admin = new JdbcTemplate(database.admin());
        admin.execute("create sequence ingestion.deaths");
        admin.execute("grant usage on sequence ingestion.deaths to public");
        admin.execute("""
                create function ingestion.die() returns trigger language plpgsql as
                $$ begin
                    if new.sent_at is not null and nextval('ingestion.deaths') <= 2 then raise exception 'dead'; end if;
                    return new;
                end $$""");
        admin.execute("create trigger die before update on ingestion.mail_out"
                + " for each row execute function ingestion.die()");
        try {
            String ticket = ticket("email", "Lamp");
            reply(client, ticket, "It is on its way.");

            JsonNode sent = awaitState(ticket, "sent");
            assertThat(messageIds(awaitMails(3))).hasSize(1);
            assertThat(events(sent)).containsOnlyOnce("message_sent");
        } finally {
            admin.execute("drop trigger die on ingestion.mail_out");
            admin.execute("drop function ingestion.die()");
            admin.execute("drop sequence ingestion.deaths");
        }
    }

    @Test
    void aMessageThatIsQueuedTwiceLeavesOnce() {
        String ticket = ticket("email", "Lamp");
        reply(client, ticket, "It is on its way.");
        JsonNode sent = awaitState(ticket, "sent");
        UUID message = UUID.fromString(sent.at("/messages/1/message_id").asString());

        transactions.run(client, () -> {
            for (int i = 0; i < 4; i++) {
                // Keys of their own, so that several workers have them in hand at once.
                jobs.add(Postman.QUEUE, client, "again/" + UUID.randomUUID(), Postman.SEND, message);
            }
        });

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(new JdbcTemplate(database.admin())
                        .queryForObject("select count(*) from ingestion.job where client_id = ?", Long.class, client))
                .isZero());
        assertThat(mails()).hasSize(1);
    }

    @Test
    void aBlockedCustomerGetsNothing() {
        BLOCKED.add(customer);
        String ticket = ticket("email", "Lamp");

        reply(client, ticket, "It is on its way.");

        JsonNode failed = awaitState(ticket, "failed");
        assertThat(failed.path("timeline")
                        .valueStream()
                        .toList()
                        .getLast()
                        .path("summary")
                        .asString())
                .contains("Not sent: the customer is blocked");
        assertThat(mails()).isEmpty();
    }

    @Test
    void anAddressThatNoMailCanBeSentToFailsWithItsReason() {
        customer = "zoë@" + client + ".example";
        String ticket = ticket("email", "Lamp");

        reply(client, ticket, "It is on its way.");

        awaitState(ticket, "failed");
        assertThat(mails()).isEmpty();
    }

    @Test
    void aClientsOwnChannelIsUsedForItsMailsAndForNobodyElses() throws Exception {
        String other = "other-" + client;
        own(
                client,
                Map.of(
                        "host",
                        "127.0.0.1",
                        "port",
                        Integer.toString(SERVER.port()),
                        "security",
                        "none",
                        "from",
                        "help@own.example",
                        "reply_to",
                        "in@own.example",
                        "subject_tag",
                        "true",
                        "reply_by_email",
                        "api, upstream"));

        String ticket = ticket("api", "Lamp");
        reply(client, ticket, "From the own channel.");
        awaitState(ticket, "sent");
        MimeMessage mail = parsed(awaitMails(1).getFirst());
        assertThat(mail.getFrom()).singleElement().hasToString("help@own.example");
        assertThat(mail.getReplyTo()[0].toString())
                .startsWith("in+" + ticket + ".")
                .endsWith("@own.example");
        assertThat(addresses.ticketInSubject(client, mail.getSubject())).contains(UUID.fromString(ticket));
        assertThat(mail.getMessageID()).endsWith("@own.example>");

        String theirs = ticket(other, "mary@" + other + ".example", "email", "Lamp");
        reply(other, theirs, "From the common server.");
        awaitState(other, theirs, "sent");
        assertThat(parsed(mailsTo("mary@" + other + ".example").getFirst()).getFrom())
                .singleElement()
                .hasToString("Acme Hilfe <support@relay.example.com>");
    }

    @Test
    void aTicketOfTheApiIsNotMailedUnlessTheClientWantsIt() {
        String ticket = ticket("api", "Lamp");

        reply(client, ticket, "Read me over the API.");

        awaitState(ticket, "sent");
        assertThat(emails(ticket).size()).isZero();
        assertThat(mails()).isEmpty();
    }

    @Test
    void aChannelThatCannotBeUsedAsItIsSetSaysWhy() {
        own(client, Map.of("security", "none", "from", "help@own.example"));
        String ticket = ticket("email", "Lamp");

        reply(client, ticket, "It is on its way.");

        JsonNode failed = awaitState(ticket, "failed");
        assertThat(failed.path("timeline")
                        .valueStream()
                        .toList()
                        .getLast()
                        .path("summary")
                        .asString())
                .contains("channel own cannot send: host is not set");
        assertThat(mails()).isEmpty();
    }

    @Test
    void aBounceIsAttachedToItsMessageOnceAndOnlyByItsOwnClient() {
        String ticket = ticket("email", "Lamp");
        reply(client, ticket, "It is on its way.");
        awaitState(ticket, "sent");
        String id = emails(ticket).get(0).path("rfc822_message_id").asString();

        assertThat(deliveries.bounced("other-" + client, id, true, "550 gone")).isFalse();
        assertThat(deliveries.bounced(client, "<unknown@relay.example.com>", true, "550 gone"))
                .isFalse();
        assertThat(deliveries.bounced(client, id, false, "mailbox full")).isTrue();
        assertThat(deliveries.bounced(client, id, false, "mailbox still full")).isTrue();
        JsonNode delayed = awaitState(ticket, "sent");
        assertThat(events(delayed)).containsOnlyOnce("message_delayed");

        assertThat(deliveries.bounced(client, id.substring(1, id.length() - 1), true, "550 5.1.1\r\ngone"))
                .isTrue();
        assertThat(deliveries.bounced(client, id, true, "550 again")).isTrue();
        JsonNode failed = awaitState(ticket, "failed");
        assertThat(events(failed)).containsOnlyOnce("message_failed");
        assertThat(failed.path("timeline")
                        .valueStream()
                        .toList()
                        .getLast()
                        .path("summary")
                        .asString())
                .isEqualTo("The e-mail came back: 550 5.1.1 gone");
        assertThat(emails(ticket).get(0).path("error").asString()).isEqualTo("550 5.1.1 gone");
        assertThat(api.as(client, Role.ADMIN)
                        .get("/api/v1/mail-suppressions")
                        .json()
                        .at("/items/0/email")
                        .asString())
                .isEqualTo(customer);
    }

    @Test
    void aTicketsMailsAreItsClientsOnly() {
        String ticket = ticket("email", "Lamp");
        reply(client, ticket, "It is on its way.");
        awaitState(ticket, "sent");
        String message = emails(ticket).get(0).path("message_id").asString();

        Api.As stranger = api.as("other-" + client, Role.ADMIN);
        stranger.get("/api/v1/tickets/" + ticket + "/emails").has(404);
        stranger.post("/api/v1/tickets/" + ticket + "/emails/" + message + "/retry", "")
                .has(404);
        api.as(client, Role.INGEST).get("/api/v1/tickets/" + ticket + "/emails").has(403);
        api.as(client, Role.VIEWER).get("/api/v1/local-mailbox").has(404);
    }

    @Test
    void ofAnErasedCustomerNoAddressStaysAndNothingMoreLeaves() {
        SERVER.knowsNo(customer);
        String ticket = ticket("email", "Lamp");
        reply(client, ticket, "It is on its way.");
        awaitState(ticket, "failed");
        own(client, Map.of("security", "none", "from", "help@own.example"));
        String waiting = ticket("email", "Lamp again");
        reply(client, waiting, "It is on its way.");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(emails(waiting).size()).isEqualTo(1));
        ErasedCustomer erased = new ErasedCustomer(
                UUID.randomUUID(),
                List.of(customer),
                List.of(UUID.fromString(ticket), UUID.fromString(waiting)),
                "user:admin");

        transactions.run("other-" + client, () -> personalData.erase("other-" + client, erased));
        assertThat(emails(ticket).get(0).path("recipient").asString()).isEqualTo(customer);
        transactions.run(client, () -> personalData.erase(client, erased));

        assertThat(emails(ticket).toString()).doesNotContain(customer).doesNotContain("no such user");
        assertThat(detail(client, waiting).at("/messages/1/state").asString()).isEqualTo("failed");
        assertThat(api.as(client, Role.ADMIN)
                        .get("/api/v1/mail-suppressions")
                        .json()
                        .path("items")
                        .size())
                .isZero();
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void eachRouteIsOpenToItsRolesOnly(Role role) {
        Api.As caller = role == Role.OPERATOR ? api.asOperator() : api.as(client, role);
        Set<Role> readers = EnumSet.of(Role.VIEWER, Role.AGENT, Role.APPROVER, Role.SRE, Role.ADMIN);
        Set<Role> desk = EnumSet.of(Role.AGENT, Role.ADMIN);
        String none = "/api/v1/tickets/" + UUID.randomUUID() + "/emails";

        // Whoever may sees that there is nothing; the others see no more than that they may not.
        caller.get(none).has(readers.contains(role) ? 404 : 403);
        caller.post(none + "/" + UUID.randomUUID() + "/retry", "").has(desk.contains(role) ? 404 : 403);
        caller.get("/api/v1/local-mailbox").has(readers.contains(role) ? 404 : 403);
        caller.get("/api/v1/mail-suppressions").has(desk.contains(role) ? 200 : 403);
        caller.send("DELETE", "/api/v1/mail-suppressions/nobody@example.org").has(role == Role.ADMIN ? 404 : 403);
    }

    private void own(String owner, Map<String, String> settings) {
        OWN.put(owner, List.of(new Channel(owner, "chan-1", "smtp", "own", List.of(), settings, true, 1)));
    }

    @Test
    void filesOfTheTicketGoOutWithADeskReply() throws Exception {
        String ticket = ticket("email", "Invoice");
        String file = upload(ticket, "Rechnung für Zoë.pdf", "%PDF-1.7 4711");

        JsonNode written = desk(ticket, Map.of("text", "Here it is.", "attachments", List.of(file)))
                .has(201)
                .json();

        MimeMultipart parts = (MimeMultipart) parsed(awaitMails(1).getFirst()).getContent();
        assertThat(parts.getContentType()).startsWith("multipart/mixed");
        assertThat(parts.getBodyPart(1).getInputStream().readAllBytes())
                .asString()
                .isEqualTo("%PDF-1.7 4711");
        assertThat(MimeUtility.decodeText(parts.getBodyPart(1).getFileName())).isEqualTo("Rechnung für Zoë.pdf");
        JsonNode message = awaitState(ticket, "sent").at("/messages/1");
        assertThat(message.get("message_id")).isEqualTo(written.get("message_id"));
        assertThat(message.at("/attachments/0").asString()).isEqualTo(file);
    }

    @Test
    void whatIsNoFileOfTheTicketOrTooLargeForAMailIsRefusedAndNothingIsSent() {
        String ticket = ticket("email", "Invoice");
        String other = upload(ticket("email", "Other"), "a.txt", "a");
        String large = upload(ticket, "b.txt", "b".repeat(1024 * 1024 + 1));
        String small = upload(ticket, "c.txt", "c");

        assertThat(desk(ticket, Map.of("text", "t", "attachments", List.of(other)))
                        .has(422)
                        .text())
                .contains("no file of this ticket");
        desk(ticket, Map.of("text", "t", "attachments", List.of("x"))).has(422);
        desk(ticket, Map.of("text", "t", "attachments", List.of(small, small))).has(422);
        desk(ticket, Map.of("text", "t", "attachments", List.of(small), "internal", true))
                .has(422);
        assertThat(desk(ticket, Map.of("text", "t", "attachments", List.of(large)))
                        .has(413)
                        .text())
                .contains("at most 1 MiB");
        assertThat(detail(client, ticket).get("messages")).hasSize(1);

        api.as(client, Role.AGENT)
                .post(
                        "/api/v1/tickets/" + ticket + "/messages",
                        JSON.writeValueAsString(Map.of("text", "t", "attachments", List.of(small))),
                        Map.of("Idempotency-Key", "k"))
                .has(201);
        api.as(client, Role.AGENT)
                .post("/api/v1/tickets/" + ticket + "/messages", "{\"text\":\"t\"}", Map.of("Idempotency-Key", "k"))
                .has(422);
        // Else its connection would meet what the next test has in store for its own.
        awaitState(ticket, "sent");
    }

    private Api.Answer desk(String ticket, Map<String, Object> body) {
        return api.as(client, Role.AGENT)
                .post("/api/v1/tickets/" + ticket + "/messages", JSON.writeValueAsString(body));
    }

    private String upload(String ticket, String name, String content) {
        String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
        return api.as(client, Role.AGENT)
                .post(
                        "/api/v1/tickets/" + ticket + "/attachments",
                        BodyPublishers.ofString(content),
                        "application/octet-stream",
                        Map.of("Content-Disposition", "attachment; filename*=UTF-8''" + encoded))
                .has(201)
                .json()
                .at("/items/0/file_id")
                .asString();
    }

    private String ticket(String channel, String subject) {
        return ticket(client, customer, channel, subject);
    }

    private String ticket(String owner, String email, String channel, String subject) {
        return api.as(owner, Role.INGEST)
                .post(
                        "/api/v1/tickets",
                        JSON.writeValueAsString(
                                Map.of("subject", subject, "body", "b", "customer_email", email, "channel", channel)))
                .has(202)
                .json()
                .get("ticket_id")
                .asString();
    }

    private void reply(String owner, String ticket, String text) {
        UUID id = UUID.fromString(ticket);
        UUID run = UUID.randomUUID();
        others.tell(owner, new RunStarted(id, run, "local"));
        others.tell(owner, new RunCompleted(id, run, Outcome.RESOLVED, text, null));
    }

    private JsonNode awaitState(String ticket, String state) {
        return awaitState(client, ticket, state);
    }

    private JsonNode awaitState(String owner, String ticket, String state) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                        detail(owner, ticket).at("/messages/1/state").asString("none"))
                .isEqualTo(state));
        return detail(owner, ticket);
    }

    private JsonNode detail(String owner, String ticket) {
        return api.as(owner, Role.VIEWER)
                .get("/api/v1/tickets/" + ticket)
                .has(200)
                .json();
    }

    private JsonNode emails(String ticket) {
        return api.as(client, Role.VIEWER)
                .get("/api/v1/tickets/" + ticket + "/emails")
                .has(200)
                .json()
                .path("items");
    }

    private static List<String> events(JsonNode ticket) {
        return ticket.path("timeline")
                .valueStream()
                .map(entry -> entry.path("event").asString())
                .toList();
    }

    private List<FakeSmtp.Mail> mails() {
        return mailsTo(customer);
    }

    private static List<FakeSmtp.Mail> mailsTo(String address) {
        return SERVER.mails().stream()
                .filter(mail -> mail.to().contains(address))
                .toList();
    }

    private List<FakeSmtp.Mail> awaitMails(int howMany) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(mails()).hasSize(howMany));
        return mails();
    }

    private static List<String> messageIds(List<FakeSmtp.Mail> mails) {
        return mails.stream()
                .map(mail -> parsed(mail))
                .map(mail -> {
                    try {
                        return mail.getMessageID();
                    } catch (MessagingException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .distinct()
                .toList();
    }

    private static MimeMessage parsed(FakeSmtp.Mail mail) {
        try {
            return new MimeMessage(null, new ByteArrayInputStream(mail.raw().getBytes(StandardCharsets.ISO_8859_1)));
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }
}

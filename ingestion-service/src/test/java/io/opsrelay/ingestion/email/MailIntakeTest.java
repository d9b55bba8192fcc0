package io.opsrelay.ingestion.email;

import static io.opsrelay.ingestion.MailRig.mail;
import static io.opsrelay.ingestion.MailRig.ticketOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.ingestion.Api;
import io.opsrelay.ingestion.MailRig;
import io.opsrelay.ingestion.MailRig.Inbox;
import io.opsrelay.ingestion.MailTest;
import io.opsrelay.ingestion.channel.Channel;
import io.opsrelay.ingestion.channel.Channels;
import io.opsrelay.ingestion.mailout.MailAddresses;
import io.opsrelay.ingestion.privacy.ErasedCustomer;
import io.opsrelay.security.Role;
import io.opsrelay.security.tenant.ClientTransactions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** What becomes of mails: threads, what is filed, loops and caps. */
@MailTest
class MailIntakeTest {

    @Autowired
    MailRig rig;

    @Autowired
    Api api;

    @Autowired
    MailIntake intake;

    @Autowired
    Channels channels;

    @Autowired
    MailAddresses addresses;

    @Autowired
    Threads threads;

    @Autowired
    MailPersonalData personalData;

    @Autowired
    ClientTransactions transactions;

    @Test
    void anAnswerOfTheCustomerGoesOntoTheTicketWithoutItsQuotes() {
        String customer = customer();
        Map<String, Object> first = mail(customer, "support@acme.example", "Lamp", "Broken.");
        String ticket = ticketOf(post(first));
        Map<String, Object> answer = mail(customer, "support@acme.example", "Re: Lamp", """
                It is the blue one.

                On Wed, 25 Nov 2026 at 10:00, Acme <support@acme.example> wrote:
                > Which lamp is it?
                """);
        answer.put("in_reply_to", first.get("message_id"));

        assertThat(ticketOf(post(answer))).isEqualTo(ticket);

        assertThat(texts(ticket)).containsExactly("Broken.", "It is the blue one.");
        assertThat(rig.files(ticket)).containsExactly("original.eml", "original.eml");
    }

    @Test
    void theNewestOfTheReferencesThatIsKnownCounts() {
        String customer = customer();
        Map<String, Object> old = mail(customer, "support@acme.example", "Old", "Old.");
        Map<String, Object> newer = mail(customer, "support@acme.example", "Newer", "Newer.");
        post(old);
        String ticket = ticketOf(post(newer));
        Map<String, Object> answer = mail(customer, "support@acme.example", "Whatever", "More.");
        answer.put("references", List.of(old.get("message_id"), newer.get("message_id"), "unknown@example.org"));

        assertThat(ticketOf(post(answer))).isEqualTo(ticket);
    }

    @Test
    void theSubjectAloneJoinsNothing() {
        String customer = customer();
        String ticket = ticketOf(post(mail(customer, "support@acme.example", "Lamp", "Broken.")));

        assertThat(ticketOf(post(mail(customer, "support@acme.example", "Re: Lamp", "Still broken."))))
                .isNotEqualTo(ticket);
    }

    @Test
    void aStrangerWhoNamesAMailOfTheTicketBeginsAnotherOneLinkedToIt() {
        Map<String, Object> first = mail(customer(), "support@acme.example", "Lamp", "Broken.");
        String ticket = ticketOf(post(first));
        Map<String, Object> intruding = mail(customer(), "support@acme.example", "Re: Lamp", "Refund it to me.");
        intruding.put("in_reply_to", first.get("message_id"));

        String other = ticketOf(post(intruding));

        assertThat(other).isNotEqualTo(ticket);
        assertThat(rig.ticket("acme", other)
                        .get("metadata")
                        .get("linked_ticket_id")
                        .asString())
                .isEqualTo(ticket);
        assertThat(texts(ticket)).containsExactly("Broken.");
    }

    @Test
    void whoWasWrittenInCopyHasAPart() {
        String colleague = customer();
        Map<String, Object> first = mail(customer(), "support@acme.example", "Lamp", "Broken.");
        first.put("cc", List.of(colleague));
        String ticket = ticketOf(post(first));
        Map<String, Object> answer = mail(colleague, "support@acme.example", "Re: Lamp", "I saw it, too.");
        answer.put("in_reply_to", first.get("message_id"));

        assertThat(ticketOf(post(answer))).isEqualTo(ticket);
    }

    @Test
    void anAnswerToTheTicketsOwnAddressOrWithItsTagGoesOntoItWhoeverWrites() {
        String ticket = ticketOf(post(mail(customer(), "support@acme.example", "Lamp", "Broken.")));
        UUID id = UUID.fromString(ticket);

        assertThat(ticketOf(post(mail(
                        customer(), "x@example.org", "Lamp " + addresses.subjectTag("acme", id), "By the subject."))))
                .isEqualTo(ticket);
        String tagged = tagged("acme", id);
        Map<String, Object> byAddress = mail(customer(), tagged, "Something else", "By the address.");
        assertThat(ticketOf(
                        rig.post("/webhooks/email/inbound", rig.generic("acme").secret(), byAddress)))
                .isEqualTo(ticket);
    }

    @Test
    void anothersTagIsNone() {
        String foreign = ticketOf(
                rig.post(rig.generic("globex"), mail(customer(), "support@globex.example", "Theirs", "Secret.")));
        UUID id = UUID.fromString(foreign);
        String forged = tagged("globex", id).replace("@globex", "@acme");

        String byAddress = ticketOf(post(mail(customer(), forged, "Mine", "Let me in.")));
        String bySubject = ticketOf(
                post(mail(customer(), "support@acme.example", addresses.subjectTag("globex", id), "Let me in, too.")));

        assertThat(List.of(byAddress, bySubject)).doesNotContain(foreign);
        assertThat(rig.ticket("globex", foreign).get("messages")).hasSize(1);
    }

    @ParameterizedTest(name = "{1} is filed as {0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "auto_reply|Auto-Submitted: auto-replied",
                "list_mail|List-Id: <news.example.org>",
                "own_mail|X-OpsRelay-Message: 1"
            })
    void whatNoPersonWroteIsFiled(String reason, String header) throws IOException {
        Taken taken = take("acme", """
                From: %s
                To: support@acme.example
                Subject: Thank you for your mail
                Message-ID: <%s@example.org>
                %s

                I am away.
                """.formatted(customer(), UUID.randomUUID(), header));

        assertThat(taken).isInstanceOf(Taken.Filed.class);
        assertThat(rig.filed("acme", ((Taken.Filed) taken).filedId().toString())
                        .get("reason")
                        .asString())
                .isEqualTo(reason);
    }

    @Test
    void anAutomaticReplyIsFiledWithTheTicketThatItAnswers() throws IOException {
        String ticket = ticketOf(post(mail(customer(), "support@acme.example", "Lamp", "Broken.")));
        String ours = "ours-" + UUID.randomUUID() + "@acme.example";
        threads.remember("acme", UUID.fromString(ticket), UUID.randomUUID(), "<" + ours + ">");

        Taken taken = take("acme", """
                From: %s
                To: support@acme.example
                Subject: Out of office
                Message-ID: <%s@example.org>
                In-Reply-To: <%s>
                Auto-Submitted: auto-replied

                I am away.
                """.formatted(customer(), UUID.randomUUID(), ours));

        assertThat(((Taken.Filed) taken).ticketId()).isEqualTo(UUID.fromString(ticket));
        assertThat(rig.ticket("acme", ticket).get("messages")).hasSize(1);
    }

    @Test
    void aMachineThatHidesWhatItIsIsStoppedAfterTwoMails() {
        String machine = customer();
        Map<String, Object> first = mail(machine, "support@acme.example", "Hello", "Your mail was received.");
        String ticket = ticketOf(post(first));
        List<String> outcomes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String ours = "loop-" + UUID.randomUUID() + "@acme.example";
            threads.remember("acme", UUID.fromString(ticket), UUID.randomUUID(), ours);
            Map<String, Object> again = mail(machine, "support@acme.example", "Re: Hello", "Your mail was received!");
            again.put("in_reply_to", ours);
            outcomes.add(post(again).has(200).json().get("status").asString());
        }

        assertThat(outcomes).containsExactly("received", "filed", "filed", "filed");
        assertThat(rig.ticket("acme", ticket).get("messages")).hasSize(2);
    }

    @Test
    void aCorrespondentBeginsOnlySoManyTicketsAndWritesOnlySoManyMailsInAnHour() {
        String eager = customer();
        Map<String, Object> first = mail(eager, "support@acme.example", "Number 0", "Text 0");
        String ticket = ticketOf(post(first));
        Set<String> statuses = new HashSet<>();
        for (int i = 1; i < 15; i++) {
            ticketOf(post(mail(eager, "support@acme.example", "Number " + i, "Text " + i)));
        }
        assertThat(rig.filedReason("acme", post(mail(eager, "support@acme.example", "Number 15", "Text"))))
                .isEqualTo("too_many");
        for (int i = 0; i < 4; i++) {
            statuses.add(post(reply(eager, first, "More " + i))
                    .has(200)
                    .json()
                    .get("status")
                    .asString());
        }
        assertThat(statuses).containsExactly("received");
        assertThat(rig.filedReason("acme", post(reply(eager, first, "More still"))))
                .isEqualTo("too_many");
        assertThat(rig.ticket("acme", ticket).get("messages")).hasSize(5);
        // Others are not held up by that.
        ticketOf(post(mail(customer(), "support@acme.example", "Mine", "Hello")));
    }

    @Test
    void ourOwnAddressIsNoCustomer() {
        assertThat(rig.filedReason("acme", post(mail("support@acme.example", "support@acme.example", "Echo", "Echo."))))
                .isEqualTo("own_address");
    }

    @Test
    void aBlockedCustomersMailIsFiledUntilAPersonAcceptsIt() {
        String blocked = customer();
        ticketOf(post(mail(blocked, "support@acme.example", "Before", "Before.")));
        rig.admin()
                .sql(
                        "update customer set blocked_at = now(), blocked_by = 'user:test', blocked_reason = 'rude' where email = ?")
                .param(blocked)
                .update();
        Map<String, Object> mail = mail(blocked, "support@acme.example", "After", "After all.");
        Api.Answer answer = post(mail);
        assertThat(rig.filedReason("acme", answer)).isEqualTo("blocked");
        String filed = answer.json().get("filed_id").asString();
        String path = "/api/v1/mails/filed/" + filed;

        api.as("globex", Role.ADMIN).post(path + "/accept", "{}").has(404);
        api.as("acme", Role.VIEWER).post(path + "/accept", "{}").has(403);
        String ticket = accept(path);

        assertThat(accept(path)).isEqualTo(ticket);
        JsonNode made = rig.ticket("acme", ticket);
        assertThat(made.get("body").asString()).isEqualTo("After all.");
        assertThat(rig.files(ticket)).containsExactly("original.eml");
        JsonNode seen = rig.filed("acme", filed);
        assertThat(seen.get("state").asString()).isEqualTo("accepted");
        assertThat(seen.get("accepted_as").asString()).isEqualTo(ticket);
    }

    @Test
    void aMailThatCannotBeReadIsFiledAndCanStillBecomeATicket() throws IOException {
        Taken.Filed taken = (Taken.Filed) take("acme", "\n\n");
        String path = "/api/v1/mails/filed/" + taken.filedId();

        assertThat(rig.filed("acme", taken.filedId().toString()).get("reason").asString())
                .isEqualTo("broken");
        api.as("acme", Role.AGENT).post(path + "/accept", "{}").has(422);
        String ticket = api.as("acme", Role.AGENT)
                .post(path + "/accept", "{\"customer_email\":\"%s\"}".formatted(customer()))
                .has(200)
                .json()
                .get("ticket_id")
                .asString();

        assertThat(rig.ticket("acme", ticket).get("subject").asString()).isEqualTo("(no subject)");
    }

    @Test
    void theOriginalOfAMailIsKeptWholeHoweverMuchLargerThanAFileItIs() throws Exception {
        byte[] content = new byte[21 * 1024 * 1024];
        new Random(7).nextBytes(content);
        String raw = """
                From: %s
                To: support@acme.example
                Subject: Large
                Message-ID: <%s@example.org>
                MIME-Version: 1.0
                Content-Type: multipart/mixed; boundary="b"

                --b
                Content-Type: text/plain

                See the file.
                --b
                Content-Type: application/octet-stream; name="large.bin"
                Content-Disposition: attachment; filename="large.bin"
                Content-Transfer-Encoding: base64

                %s
                --b--
                """.formatted(
                        customer(), UUID.randomUUID(), Base64.getMimeEncoder().encodeToString(content))
                .replace("\r\n", "\n")
                .replace("\n", "\r\n");

        String ticket = ((Taken.Received) takeRaw("acme", raw)).ticketId().toString();

        assertThat(raw.length()).isGreaterThan(25 * 1024 * 1024);
        assertThat(rig.files(ticket)).containsExactly("large.bin", "original.eml");
        JsonNode seen = rig.ticket("acme", ticket);
        assertThat(seen.get("metadata").has("files_left_out")).isFalse();
        String message = seen.get("messages").get(0).get("message_id").asString();
        assertThat(api.as("acme", Role.AGENT)
                        .get("/api/v1/tickets/" + ticket + "/messages/" + message + "/original")
                        .has(200)
                        .text()
                        .equals(raw))
                .as("byte for byte")
                .isTrue();
    }

    @Test
    void theOriginalOfAFiledMailIsHandedOutByteForByte() throws IOException {
        String raw = "From: support@acme.example\r\nMessage-ID: <%s@x.example>\r\nSubject: Own\r\n\r\nText.\r\n"
                .formatted(UUID.randomUUID());
        Taken.Filed taken = (Taken.Filed) takeRaw("acme", raw);
        String path = "/api/v1/mails/filed/" + taken.filedId() + "/original";

        Api.Answer answer = api.as("acme", Role.AGENT).get(path).has(200);

        assertThat(answer.text()).isEqualTo(raw);
        assertThat(answer.headers().get("Content-Disposition")).startsWith("attachment");
        api.as("globex", Role.ADMIN).get(path).has(404);
    }

    @Test
    void filedMailsAreListedByReasonNewestFirst() {
        String sender = "support@acme.example";
        post(mail(sender, "support@acme.example", "One", "1"));
        post(mail(sender, "support@acme.example", "Two", "2"));

        JsonNode page = api.as("acme", Role.AGENT)
                .get("/api/v1/mails/filed?reason=own_address&limit=1")
                .has(200)
                .json();
        JsonNode next = api.as("acme", Role.AGENT)
                .get("/api/v1/mails/filed?reason=own_address&limit=1&cursor="
                        + page.get("next_cursor").asString())
                .has(200)
                .json();

        assertThat(page.get("items").get(0).get("subject").asString()).isEqualTo("Two");
        assertThat(next.get("items").get(0).get("subject").asString()).isEqualTo("One");
        assertThat(api.as("globex", Role.AGENT)
                        .get("/api/v1/mails/filed")
                        .has(200)
                        .text())
                .doesNotContain("\"Two\"");
        api.as("acme", Role.VIEWER).get("/api/v1/mails/filed").has(403);
    }

    @Test
    void aMailWithoutSenderIsFiled() throws IOException {
        Taken taken = take("acme", """
                To: support@acme.example
                Subject: From nobody
                Message-ID: <%s@example.org>

                Hello.
                """.formatted(UUID.randomUUID()));

        assertThat(rig.filed("acme", ((Taken.Filed) taken).filedId().toString())
                        .get("reason")
                        .asString())
                .isEqualTo("no_sender");
    }

    @Test
    void theSameMailFromManyDoorsAtOnceIsOneTicket() throws Exception {
        String raw = """
                From: %s
                To: support@acme.example
                Subject: Race
                Message-ID: <%s@example.org>

                Once.
                """.formatted(customer(), UUID.randomUUID());
        Set<Taken> outcomes = new HashSet<>();
        try (ExecutorService threadPool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Taken>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                all.add(threadPool.submit(() -> take("acme", raw)));
            }
            for (Future<Taken> one : all) {
                outcomes.add(one.get());
            }
        }

        assertThat(outcomes).hasSize(1);
        assertThat(rig.files(
                        ((Taken.Received) outcomes.iterator().next()).ticketId().toString()))
                .containsExactly("original.eml");
    }

    @Test
    void theSameMessageIdOfAnotherClientIsAnotherMail() {
        Map<String, Object> mail = mail(customer(), "support@acme.example", "Both", "Both.");
        String one = ticketOf(post(mail));

        assertThat(ticketOf(rig.post(rig.generic("globex"), mail))).isNotEqualTo(one);
    }

    @Test
    void aBounceSettlesTheMailThatCameBackAndIsFiledWithItsTicket() throws IOException {
        String customer = customer();
        UUID ticket = UUID.fromString(ticketOf(post(mail(customer, "support@acme.example", "Lamp", "Broken."))));
        UUID message = UUID.randomUUID();
        String ours = "ours-" + message + "@acme.example";
        rig.admin().sql("""
                        insert into message (client_id, ticket_id, seq, message_id, direction, text, state, created_at)
                        values ('acme', ?, 1, ?, 'outbound', 'Which lamp?', 'sent', now())""").params(ticket, message).update();
        rig.admin().sql("""
                        insert into mail_out (client_id, message_id, ticket_id, rfc822_id, recipient, provider, created_at)
                        values ('acme', ?, ?, ?, ?, 'smtp', now())""").params(message, ticket, "<" + ours + ">", customer).update();
        threads.remember("acme", ticket, message, ours);

        Taken.Filed taken = (Taken.Filed) take("acme", """
                From: Mail Delivery Subsystem <mailer-daemon@mx.example.org>
                To: support@acme.example
                Subject: Undelivered Mail Returned to Sender
                Message-ID: <%s@mx.example.org>
                Auto-Submitted: auto-replied
                MIME-Version: 1.0
                Content-Type: multipart/report; report-type=delivery-status; boundary="b"

                --b
                Content-Type: text/plain

                Your mail could not be delivered.
                --b
                Content-Type: message/delivery-status

                Reporting-MTA: dns; mx.example.org

                Final-Recipient: rfc822; %s
                Action: failed
                Status: 5.1.1
                Diagnostic-Code: smtp; 550 5.1.1 no such user

                --b
                Content-Type: text/rfc822-headers

                From: support@acme.example
                To: %s
                Message-ID: <%s>
                Subject: Re: Lamp

                --b--
                """.formatted(UUID.randomUUID(), customer, customer, ours));

        assertThat(taken.ticketId()).isEqualTo(ticket);
        assertThat(rig.filed("acme", taken.filedId().toString()).get("reason").asString())
                .isEqualTo("bounce");
        assertThat(rig.admin()
                        .sql("select state from message where message_id = ?")
                        .param(message)
                        .query(String.class)
                        .single())
                .isEqualTo("failed");
    }

    @Test
    void whatIsKeptOfAnErasedCustomersMailsGoes() throws IOException {
        String customer = customer();
        UUID ticket = UUID.fromString(ticketOf(post(mail(customer, "support@acme.example", "Lamp", "Broken."))));
        rig.admin()
                .sql(
                        "update customer set blocked_at = now(), blocked_by = 'user:test', blocked_reason = 'rude' where email = ?")
                .param(customer)
                .update();
        String filed = post(mail(customer, "support@acme.example", "More", "More."))
                .json()
                .get("filed_id")
                .asString();

        transactions.run(
                "acme",
                () -> personalData.erase(
                        "acme",
                        new ErasedCustomer(UUID.randomUUID(), List.of(customer), List.of(ticket), "user:admin")));

        api.as("acme", Role.AGENT).get("/api/v1/mails/filed/" + filed).has(404);
        for (String table : List.of("mail_participant", "mail_thread", "inbound_mail")) {
            assertThat(rig.admin()
                            .sql("select count(*) from " + table + " where ticket_id = ?")
                            .param(ticket)
                            .query(Integer.class)
                            .single())
                    .as(table)
                    .isZero();
        }
    }

    private Api.Answer post(Map<String, Object> mail) {
        return rig.post(rig.generic("acme"), mail);
    }

    private static Map<String, Object> reply(String from, Map<String, Object> to, String text) {
        Map<String, Object> reply = mail(from, "support@acme.example", "Re: " + to.get("subject"), text);
        reply.put("in_reply_to", to.get("message_id"));
        return reply;
    }

    private String accept(String path) {
        return api.as("acme", Role.AGENT)
                .post(path + "/accept", "{}")
                .has(200)
                .json()
                .get("ticket_id")
                .asString();
    }

    private Taken take(String clientId, String lines) throws IOException {
        return takeRaw(clientId, lines.replace("\n", "\r\n"));
    }

    private Taken takeRaw(String clientId, String raw) throws IOException {
        Inbox inbox = rig.generic(clientId);
        Channel channel = channels.byId(inbox.channelId()).orElseThrow();
        try (Spool spool = Spool.of(new ByteArrayInputStream(raw.getBytes(StandardCharsets.UTF_8)))) {
            return intake.take(new InboundMail(channel, spool, List.of(), false, null));
        }
    }

    /** As the mails that are sent on the ticket name it. */
    private String tagged(String clientId, UUID ticketId) {
        if (channels.ofClient(clientId, "smtp").isEmpty()) {
            rig.inbox(
                    clientId,
                    "smtp",
                    "support@" + clientId + ".example",
                    Map.of("host", "smtp." + clientId + ".example"),
                    Map.of());
        }
        return addresses.replyTo(clientId, ticketId);
    }

    private List<String> texts(String ticketId) {
        return rig.ticket("acme", ticketId).get("messages").findValuesAsString("text");
    }

    private static String customer() {
        return "c" + UUID.randomUUID().toString().replace("-", "") + "@example.org";
    }
}

package io.opsrelay.ingestion.mailout.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.user.GreenMailUser;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.opsrelay.ingestion.mailout.mailbox.LocalMailbox.ArrivedMail;
import io.opsrelay.ingestion.mailout.provider.OutgoingMail;
import io.opsrelay.ingestion.mailout.provider.SmtpSender;
import io.opsrelay.ingestion.mailout.provider.SmtpServer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LocalMailboxTest {

    private final GreenMail server =
            new GreenMail(new ServerSetup[] {patient(ServerSetup.PROTOCOL_SMTP), patient(ServerSetup.PROTOCOL_IMAP)});

    /** Its own 2 s to start are soon over where a loaded machine halts. */
    private static ServerSetup patient(String protocol) {
        ServerSetup setup = new ServerSetup(0, "127.0.0.1", protocol);
        setup.setServerStartupTimeout(60_000);
        return setup;
    }

    @BeforeEach
    void start() throws Exception {
        server.start();
        GreenMailUser all = server.setUser("customers@localhost", "customers", "s3cret");
        server.getUserManager().setMessageDeliveryHandler((message, address) -> all);
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    private LocalMailbox mailbox() {
        return new LocalMailbox(
                new LocalMailboxProperties("127.0.0.1", server.getImap().getPort(), "customers", "s3cret"));
    }

    @Test
    void itShowsTheNewestOfAClientsOwnMailsAndNobodyElses() throws Exception {
        List<UUID> own = List.of(UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID());
        for (UUID message : own) {
            send(message, "Re: Größe " + own.indexOf(message));
            send(UUID.randomUUID(), "Re: somebody else's");
        }

        List<ArrivedMail> mails = mailbox().newest(2, ids -> known(own, Set.copyOf(ids)));

        assertThat(mails).extracting(ArrivedMail::subject).containsExactly("Re: Größe 2", "Re: Größe 1");
        assertThat(mails.getFirst().messageId()).isEqualTo(own.get(2));
        assertThat(mails.getFirst().text().strip()).isEqualTo("Grüße");
        assertThat(mails.getFirst().to()).isEqualTo("mary.major@example.org");
        assertThat(mails.getFirst().from()).isEqualTo("\"Zoë\" <support@acme.example>");
        assertThat(mailbox().newest(9, ids -> Set.of())).isEmpty();
    }

    @Test
    void anEmptyOneIsEmpty() throws Exception {
        assertThat(mailbox().newest(9, Set::copyOf)).isEmpty();
    }

    private static Set<UUID> known(List<UUID> own, Set<UUID> asked) {
        Set<UUID> known = new HashSet<>(own);
        known.retainAll(asked);
        return known;
    }

    private void send(UUID message, String subject) {
        new SmtpSender(new SmtpServer(
                        "127.0.0.1",
                        server.getSmtp().getPort(),
                        SmtpServer.Security.NONE,
                        "",
                        "",
                        null,
                        Duration.ofSeconds(10),
                        true))
                .send(new OutgoingMail(
                        message,
                        "<" + message + "@acme.example>",
                        "support@acme.example",
                        "Zoë",
                        "mary.major@example.org",
                        "support@acme.example",
                        subject,
                        null,
                        List.of(),
                        true,
                        "Grüße\r\n",
                        "<p>Grüße</p>",
                        Instant.now(),
                        List.of()));
    }
}

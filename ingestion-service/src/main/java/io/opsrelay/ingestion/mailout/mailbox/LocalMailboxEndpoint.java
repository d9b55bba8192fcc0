package io.opsrelay.ingestion.mailout.mailbox;

import io.opsrelay.ingestion.mailout.Deliveries;
import io.opsrelay.ingestion.mailout.mailbox.LocalMailbox.ArrivedMail;
import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.web.PageRequest;
import io.opsrelay.security.web.ProblemException;
import jakarta.mail.MessagingException;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** What customers would have in their mailboxes, were mails not kept on this machine. */
@RestController
class LocalMailboxEndpoint {

    private static final Logger LOG = LoggerFactory.getLogger(LocalMailboxEndpoint.class);

    private static final String NOTE =
            "This is the local mailbox: mails to customers are kept on this machine, none left it. It keeps the newest"
                    + " 1000, at most 12 MB of them together, until the mail server ends.";

    private final LocalMailbox mailbox;
    private final LocalMailboxProperties properties;
    private final Deliveries deliveries;

    LocalMailboxEndpoint(LocalMailbox mailbox, LocalMailboxProperties properties, Deliveries deliveries) {
        this.mailbox = mailbox;
        this.properties = properties;
        this.deliveries = deliveries;
    }

    /** @param note says what it is */
    record MailboxResource(String note, List<ArrivedMail> items) {}

    /** The newest, without pages: a local mailbox is for looking, the tickets hold everything. */
    @GetMapping("/api/v1/local-mailbox")
    @RequiresRole({Role.VIEWER, Role.AGENT, Role.APPROVER, Role.SRE, Role.ADMIN})
    MailboxResource newest(Caller caller, PageRequest page) {
        if (!properties.isThere()) {
            throw ProblemException.notFound("local mailbox", "here: mails go to the mail server that is configured");
        }
        try {
            return new MailboxResource(
                    NOTE, mailbox.newest(page.limit(), ids -> deliveries.own(caller.clientId(), ids)));
        } catch (MessagingException | IOException e) {
            LOG.warn("The local mailbox cannot be read", e);
            throw ProblemException.unavailable("the local mailbox does not answer; try again");
        }
    }
}

package io.opsrelay.ingestion.email.mailbox;

import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.Page;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** How the reading of mailboxes goes, for people. */
@RestController
@RequestMapping("/api/v1/mails/mailboxes")
@RequiresRole(Role.ADMIN)
class MailboxController {

    private final MailboxStore store;
    private final ClientTransactions transactions;

    MailboxController(MailboxStore store, ClientTransactions transactions) {
        this.store = store;
        this.transactions = transactions;
    }

    /** All of them, one for each channel of kind imap. */
    @GetMapping
    Page<MailboxResource> list(Caller caller) {
        return transactions.read(
                caller.clientId(),
                () -> new Page<>(store.all().stream().map(MailboxResource::of).toList(), null));
    }

    /**
     * A mailbox as the API shows it.
     *
     * @param polledAt when it was last read to its end
     * @param failingSince the first failure since then
     */
    record MailboxResource(
            String channelId,
            @Nullable Instant polledAt,
            @Nullable Instant failingSince,
            int failures,
            @Nullable String lastError) {

        static MailboxResource of(Mailbox mailbox) {
            return new MailboxResource(
                    mailbox.channelId(),
                    mailbox.polledAt(),
                    mailbox.failingSince(),
                    mailbox.failures(),
                    mailbox.lastError());
        }
    }
}

package io.opsrelay.ingestion.zendesk;

import io.opsrelay.ingestion.channel.Channel;
import io.opsrelay.ingestion.channel.Channels;
import io.opsrelay.ingestion.ticket.MessageState;
import io.opsrelay.ingestion.ticket.OutboundMessage;
import io.opsrelay.ingestion.ticket.OutboundMessages;
import io.opsrelay.ingestion.zendesk.RunTickets.Link;
import io.opsrelay.ingestion.zendesk.WriteStore.Write;
import io.opsrelay.ingestion.zendesk.remote.RemoteTicket;
import io.opsrelay.ingestion.zendesk.remote.ZendeskAccount;
import io.opsrelay.ingestion.zendesk.remote.ZendeskApi;
import io.opsrelay.ingestion.zendesk.remote.ZendeskException;
import io.opsrelay.messaging.Failpoint;
import io.opsrelay.messaging.job.Job;
import io.opsrelay.security.tenant.ClientTransactions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Writes comments and tags to Zendesk, each once: the intent is stored before the call, the comment carries its id, and
 * whoever takes over an intent looks whether the comment is there before it writes.
 */
@Component
class WriteBack {

    static final String KIND = "write";

    private static final String TAG = "opsrelay_";
    private static final String COMMENT_TAG = TAG + "processed";
    private static final int MOST_CONFLICTS = 5;
    private static final Duration AFTER_CONFLICTS = Duration.ofSeconds(5);

    private final Channels channels;
    private final ZendeskApi api;
    private final RunTickets tickets;
    private final WriteStore writes;
    private final OutboundMessages messages;
    private final ClientTransactions transactions;
    private final ZendeskProperties properties;

    WriteBack(
            Channels channels,
            ZendeskApi api,
            RunTickets tickets,
            WriteStore writes,
            OutboundMessages messages,
            ClientTransactions transactions,
            ZendeskProperties properties) {
        this.channels = channels;
        this.api = api;
        this.tickets = tickets;
        this.writes = writes;
        this.messages = messages;
        this.transactions = transactions;
        this.properties = properties;
    }

    /**
     * What is to be written.
     *
     * @param text null where only tags are
     */
    private record Order(Write write, Link link, @Nullable String text, boolean byPerson) {}

    void work(Job job) {
        String clientId = job.clientId();
        Optional<Order> order = transactions.call(clientId, () -> order(job.subject()));
        if (order.isEmpty()) {
            transactions.run(clientId, job::done);
            return;
        }
        Order due = order.get();
        Optional<Channel> channel = channels.byId(due.link().channelId());
        if (channel.isEmpty()) {
            fail(job, due, "the channel was deleted or disabled");
            return;
        }
        boolean toCustomer = due.byPerson()
                || channel.get().setting("write_back", "internal").equals("public");
        try {
            write(channel.get(), due, toCustomer);
        } catch (ZendeskException e) {
            troubled(job, due, e);
            return;
        }
        Failpoint.AFTER_PROVIDER_CALL.pass();
        transactions.run(clientId, () -> written(job, due, toCustomer));
    }

    /** Empty if there is nothing to be done any more. Counts the attempt. */
    private Optional<Order> order(UUID writeId) {
        Write write = writes.find(writeId).orElse(null);
        if (write == null || !write.state().equals("pending")) {
            return Optional.empty();
        }
        Link link = tickets.ofTicket(write.ticketId()).orElseThrow();
        OutboundMessage message =
                write.isComment() ? messages.find(write.ticketId(), writeId).orElse(null) : null;
        if (write.isComment() && (message == null || message.state() == MessageState.FAILED)) {
            // Erased with its customer before it left.
            writes.settle(writeId, "failed", "the message is not to be sent any more");
            tickets.unwritten(write.ticketId(), "the message is not to be sent any more");
            return Optional.empty();
        }
        writes.begin(writeId);
        return Optional.of(
                new Order(write, link, message == null ? null : message.text(), message != null && message.byPerson()));
    }

    private void write(Channel channel, Order order, boolean toCustomer) {
        ZendeskAccount account = ZendeskAccount.of(channel, channels);
        long id = order.link().zendeskId();
        UUID marker = order.write().writeId();
        if (order.text() != null && order.write().attempts() > 0 && api.hasComment(account, id, marker)) {
            // An earlier attempt arrived, and its tags with it.
            return;
        }
        for (int conflicts = 1; ; conflicts++) {
            RemoteTicket remote = api.ticket(account, id);
            try {
                Failpoint.BEFORE_PROVIDER_CALL.pass();
                api.update(account, remote, marker, order.text(), toCustomer, tags(remote, order.write()));
                return;
            } catch (ZendeskException e) {
                if (e.kind() != ZendeskException.Kind.CONFLICT || conflicts == MOST_CONFLICTS) {
                    throw e;
                }
            }
        }
    }

    private static List<String> tags(RemoteTicket remote, Write write) {
        String own = write.isComment() ? COMMENT_TAG : TAG + write.kind();
        List<String> tags = new ArrayList<>(remote.tags());
        if (!tags.contains(own)) {
            tags.add(own);
        }
        return tags;
    }

    private void written(Job job, Order order, boolean toCustomer) {
        Write write = order.write();
        job.done();
        writes.settle(write.writeId(), "written", null);
        String text = order.text();
        if (text == null) {
            String reason = write.kind().equals("resolved") ? null : "the agent's run " + write.kind();
            tickets.ended(write.ticketId(), write.kind().equals("failed"), reason);
            return;
        }
        boolean another = writes.hasOther(write.ticketId(), write.writeId());
        tickets.commented(write.ticketId(), toCustomer ? "sent" : "draft", another, text);
        messages.move(
                job.clientId(),
                write.ticketId(),
                write.writeId(),
                MessageState.SENT,
                "message_sent",
                toCustomer ? "Written to Zendesk for the customer" : "Written to Zendesk as an internal draft",
                Map.of("zendesk_id", Long.toString(order.link().zendeskId())));
    }

    private void troubled(Job job, Order order, ZendeskException e) {
        boolean passes = e.kind() == ZendeskException.Kind.PASSING || e.kind() == ZendeskException.Kind.CONFLICT;
        int attempts = order.write().attempts() + 1;
        if (!passes || attempts > properties.mostTroubles()) {
            fail(job, order, e.reason());
            return;
        }
        Duration asked = e.kind() == ZendeskException.Kind.CONFLICT ? AFTER_CONFLICTS : e.retryAfter();
        transactions.run(job.clientId(), () -> {
            writes.troubled(order.write().writeId(), e.reason());
            job.again(asked == null ? properties.pauseAfter(attempts) : asked);
        });
    }

    private void fail(Job job, Order order, String reason) {
        Write write = order.write();
        transactions.run(job.clientId(), () -> {
            job.done();
            writes.settle(write.writeId(), "failed", reason);
            tickets.unwritten(write.ticketId(), reason);
            if (write.isComment()) {
                messages.move(
                        job.clientId(),
                        write.ticketId(),
                        write.writeId(),
                        MessageState.FAILED,
                        "message_failed",
                        "Could not be written to Zendesk",
                        Map.of("reason", reason));
            }
        });
    }
}

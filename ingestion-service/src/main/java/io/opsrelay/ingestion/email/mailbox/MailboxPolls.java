package io.opsrelay.ingestion.email.mailbox;

import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.ingestion.channel.Channel;
import io.opsrelay.ingestion.channel.Channels;
import io.opsrelay.ingestion.email.MailMetric;
import io.opsrelay.messaging.Ids;
import io.opsrelay.messaging.job.Job;
import io.opsrelay.messaging.job.Jobs;
import io.opsrelay.security.tenant.ClientTransactions;
import jakarta.mail.MessagingException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * One job for each mailbox, for ever: whichever instance has it reads the mailbox and puts the job off until the next
 * time. Every instance looks for channels whose mailbox has no job yet.
 */
@Component
class MailboxPolls implements SmartLifecycle {

    static final String QUEUE = "mailboxes";

    private static final Logger LOG = LoggerFactory.getLogger(MailboxPolls.class);
    private static final String KIND = "imap";
    private static final String POLL = "poll";
    private static final String POLL_SECONDS = "60";
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(15);
    private static final int MOST_DOUBLINGS = 10;
    private static final long LOOK_EVERY_MILLIS = 2_000;

    private final Channels channels;
    private final MailboxReader reader;
    private final MailboxStore store;
    private final ClientTransactions transactions;
    private final Jobs jobs;
    private final MeterRegistry meters;
    private final Ids ids;
    private final Clock clock;
    private volatile boolean running;

    MailboxPolls(
            Channels channels,
            MailboxReader reader,
            MailboxStore store,
            ClientTransactions transactions,
            Jobs jobs,
            MeterRegistry meters,
            Ids ids,
            Clock clock) {
        this.channels = channels;
        this.reader = reader;
        this.store = store;
        this.transactions = transactions;
        this.jobs = jobs;
        this.meters = meters;
        this.ids = ids;
        this.clock = clock;
    }

    void work(Job job) {
        String clientId = job.clientId();
        Optional<Mailbox> mailbox = transactions.read(clientId, () -> store.find(job.subject()));
        Optional<Channel> channel = mailbox.flatMap(box -> channels.byId(box.channelId()));
        if (mailbox.isEmpty() || channel.isEmpty()) {
            transactions.run(clientId, () -> {
                store.stop(job.subject());
                job.done();
            });
            return;
        }
        Duration every = Duration.ofSeconds(Long.parseLong(channel.get().setting("poll_seconds", POLL_SECONDS)));
        try {
            reader.read(channel.get(), mailbox.get());
        } catch (MessagingException | IOException | RuntimeException e) {
            failed(job, mailbox.get(), every, e);
            return;
        }
        MailMetric.POLLS.count(meters, KIND, "read");
        transactions.run(clientId, () -> {
            store.polled(job.subject(), now());
            job.again(every);
        });
    }

    private void failed(Job job, Mailbox mailbox, Duration every, Exception e) {
        LOG.warn("The mailbox of channel {} cannot be read: {}", mailbox.channelId(), e.getMessage());
        MailMetric.POLLS.count(meters, KIND, "failed");
        transactions.run(job.clientId(), () -> {
            store.failed(job.subject(), String.valueOf(e.getMessage()), now());
            job.again(pauseAfter(mailbox.failures() + 1, every));
        });
    }

    /** Twice as long each time. */
    static Duration pauseAfter(int failures, Duration every) {
        Duration pause = every.multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS));
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }

    /** Gives jobs to mailboxes that have none. */
    void look() {
        channels.ownersOf(KIND).forEach((channelId, clientId) -> {
            Optional<Channel> channel = channels.byId(channelId);
            if (channel.isEmpty()) {
                return;
            }
            Instant since = channel.get().setting("begin", "now").equals("all") ? Instant.EPOCH : now();
            transactions.run(clientId, () -> store.begin(clientId, channelId, ids.next(), since)
                    .ifPresent(pollId -> jobs.add(QUEUE, clientId, "mailbox/" + channelId, POLL, pollId)));
        });
    }

    @Override
    public void start() {
        running = true;
        Thread.ofVirtual().name("mailboxes").start(() -> {
            while (running) {
                try {
                    look();
                } catch (DataAccessException | TransactionException e) {
                    LOG.warn("Mailboxes were not looked for: {}", e.getMessage());
                }
                try {
                    TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        });
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}

package io.opsrelay.approval.mail;

import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.approval.mail.Mail.Status;
import io.opsrelay.messaging.Ids;
import io.opsrelay.messaging.job.Job;
import io.opsrelay.security.tenant.ClientTransactions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Sends what waits for a recipient, all of it in one mail. There is a job for each notice, one at a time for each
 * recipient: the first sends what waits by then, and the others find it sent.
 */
@Component
class Postman {

    static final String QUEUE = "mail";

    /** To send what waits for the recipient of a notice. */
    static final String SEND = "send";

    /** To delete what is old. */
    static final String PRUNE = "prune";

    /** Most notices that one mail tells. */
    private static final int MOST_TOGETHER = 500;

    private static final Logger LOG = LoggerFactory.getLogger(Postman.class);

    private final SettingsStore settings;
    private final MailStore store;
    private final ClientTransactions transactions;
    private final Smtp smtp;
    private final MailProperties properties;
    private final MeterRegistry meters;
    private final Ids ids;
    private final Clock clock;

    Postman(
            SettingsStore settings,
            MailStore store,
            ClientTransactions transactions,
            Smtp smtp,
            MailProperties properties,
            MeterRegistry meters,
            Ids ids,
            Clock clock) {
        this.settings = settings;
        this.store = store;
        this.transactions = transactions;
        this.smtp = smtp;
        this.properties = properties;
        this.meters = meters;
        this.ids = ids;
        this.clock = clock;
    }

    void work(Job job) {
        switch (job.kind()) {
            case SEND -> send(job);
            case PRUNE -> prune(job);
            default -> throw new IllegalArgumentException("no kind of job here: " + job.kind());
        }
    }

    private void send(Job job) {
        Optional<Ready> found = transactions.call(job.clientId(), () -> prepare(job));
        if (found.isEmpty()) {
            return;
        }
        Ready ready = found.get();
        Mail mail = ready.mail();
        Smtp.Result result = smtp.send(
                mail.mailId(), mail.recipient(), Letter.of(ready.notices(), properties::link), clock.instant());
        transactions.run(job.clientId(), () -> settle(job, mail, result));
    }

    /** What is to be sent now; if nothing, the job is ended or put off. */
    private Optional<Ready> prepare(Job job) {
        Told notice = store.notice(job.subject()).orElse(null);
        if (notice == null) {
            job.done();
            return Optional.empty();
        }
        UUID mailId = notice.mailId();
        if (mailId == null) {
            Duration left = untilNext(notice.recipient());
            if (left.isPositive()) {
                job.again(left);
                return Optional.empty();
            }
            mailId = ids.next();
            store.begin(job.clientId(), mailId, notice, MOST_TOGETHER, now());
        }
        Mail mail = store.find(mailId).orElse(null);
        if (mail == null || mail.status() != Status.PENDING) {
            job.done(); // told together with others
            return Optional.empty();
        }
        if (!isWanted(mail.recipient())) {
            store.attempted(mailId, Status.DROPPED, mail.attempts(), "is no recipient any more", now());
            MailMetric.DROPPED.count(meters, "no_recipient", mail.notices());
            job.done();
            return Optional.empty();
        }
        return Optional.of(new Ready(mail, store.told(mailId)));
    }

    private Duration untilNext(String recipient) {
        return store.lastSettled(recipient)
                .map(last -> Duration.between(now(), last.plus(properties.interval())))
                .orElse(Duration.ZERO);
    }

    private boolean isWanted(String recipient) {
        return settings.current().recipients().stream()
                .anyMatch(known -> Recipient.keyOf(known.address()).equals(recipient));
    }

    private void settle(Job job, Mail mail, Smtp.Result result) {
        int attempts = mail.attempts() + 1;
        switch (result) {
            case Smtp.Result.Sent sent -> end(job, mail, Status.SENT, attempts, null, "sent");
            case Smtp.Result.Refused refused -> end(job, mail, Status.FAILED, attempts, refused.reason(), "refused");
            case Smtp.Result.Trouble trouble -> {
                if (attempts > properties.pauses().size()) {
                    end(job, mail, Status.FAILED, attempts, trouble.reason(), "gave_up");
                } else {
                    store.attempted(mail.mailId(), Status.PENDING, attempts, trouble.reason(), now());
                    job.again(properties.pauses().get(attempts - 1));
                    MailMetric.ATTEMPTS.count(meters, "retry", 1);
                    LOG.warn("Mail {} could not be sent (try {}): {}", mail.mailId(), attempts, trouble.reason());
                }
            }
        }
    }

    private void end(Job job, Mail mail, Status status, int attempts, @Nullable String error, String outcome) {
        store.attempted(mail.mailId(), status, attempts, error, now());
        job.done();
        MailMetric.ATTEMPTS.count(meters, outcome, 1);
        if (error != null) {
            LOG.warn("Mail {} is not sent: {}", mail.mailId(), error);
        }
    }

    private void prune(Job job) {
        transactions.run(job.clientId(), () -> {
            store.prune(now().minus(properties.retention()));
            job.again(MailProperties.PRUNE_EVERY);
        });
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** A mail to send and what it tells. */
    private record Ready(Mail mail, List<Told> notices) {
        Ready {
            notices = List.copyOf(notices);
        }
    }
}

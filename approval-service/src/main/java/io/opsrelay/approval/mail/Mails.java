package io.opsrelay.approval.mail;

import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.approval.notification.Notice;
import io.opsrelay.approval.notification.NoticeChannel;
import io.opsrelay.messaging.Ids;
import io.opsrelay.messaging.job.Jobs;
import io.opsrelay.security.Caller;
import io.opsrelay.security.audit.Audit;
import io.opsrelay.security.audit.AuditEntry;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.tenant.PerTransaction;
import io.opsrelay.security.web.EntityTags;
import io.opsrelay.security.web.PageRequest;
import io.opsrelay.security.web.ProblemException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Who gets which notices by e-mail, and what became of them. */
@Component
class Mails implements NoticeChannel {

    private final SettingsStore settings;
    private final MailStore store;
    private final ClientTransactions transactions;
    private final Jobs jobs;
    private final Audit audit;
    private final MailProperties properties;
    private final MeterRegistry meters;
    private final Ids ids;
    private final Clock clock;

    /** Many notices are written in one transaction. By client, since a transaction can go on in another one's name. */
    private final PerTransaction<Map<String, Settings>> current = new PerTransaction<>(HashMap::new);

    Mails(
            SettingsStore settings,
            MailStore store,
            ClientTransactions transactions,
            Jobs jobs,
            Audit audit,
            MailProperties properties,
            MeterRegistry meters,
            Ids ids,
            Clock clock) {
        this.settings = settings;
        this.store = store;
        this.transactions = transactions;
        this.jobs = jobs;
        this.audit = audit;
        this.properties = properties;
        this.meters = meters;
        this.ids = ids;
        this.clock = clock;
    }

    @Override
    public void take(String clientId, Notice notice) {
        List<String> recipients =
                current.get().computeIfAbsent(clientId, client -> settings.current()).recipients().stream()
                        .filter(recipient -> recipient.wants(notice))
                        .map(recipient -> Recipient.keyOf(recipient.address()))
                        .distinct()
                        .toList();
        if (recipients.isEmpty()) {
            return;
        }
        if (!properties.isOn()) {
            MailMetric.DROPPED.count(meters, "off", recipients.size());
            return;
        }
        for (String recipient : recipients) {
            Told told = Told.of(notice, ids.next(), recipient, now());
            store.add(clientId, told);
            jobs.addLater(
                    Postman.QUEUE,
                    clientId,
                    keyOf(clientId, recipient),
                    Postman.SEND,
                    told.noticeId(),
                    properties.gather());
        }
    }

    /** One mail at a time for each recipient. The table of jobs holds ids, no addresses. */
    private static String keyOf(String clientId, String recipient) {
        return "to/" + UUID.nameUUIDFromBytes((clientId + "/" + recipient).getBytes(StandardCharsets.UTF_8));
    }

    Settings current(String clientId) {
        return transactions.read(clientId, settings::current);
    }

    /** @throws ProblemException 422 or 412, with the reason */
    Settings change(Caller caller, EntityTags ifMatch, SettingsBody body) {
        Map<String, String> refusals = body.refusals();
        if (!refusals.isEmpty()) {
            throw ProblemException.unprocessable(refusals);
        }
        return transactions.call(caller.clientId(), () -> {
            Settings before = settings.lock();
            Settings after = new Settings(body.toRecipients(), before.revision() + 1, caller.asActor(), now());
            if (!ifMatch.match(before.revision()) || !settings.put(caller.clientId(), after)) {
                throw ProblemException.stale("the settings were changed since you read them: read them again");
            }
            if (before.revision() == 0) {
                jobs.addLater(
                        Postman.QUEUE,
                        caller.clientId(),
                        "prune/" + caller.clientId(),
                        Postman.PRUNE,
                        ids.next(),
                        MailProperties.PRUNE_EVERY);
            }
            audit.record(
                    caller.clientId(),
                    new AuditEntry(
                            caller.asActor(),
                            "notification_settings.changed",
                            "notification_settings",
                            String.valueOf(after.revision()),
                            null,
                            null,
                            Map.of("recipients", before.recipients()),
                            Map.of("recipients", after.recipients())));
            return after;
        });
    }

    /** What was sent, and what was not. */
    List<Mail> list(String clientId, PageRequest page) {
        return transactions.read(clientId, () -> store.list(page));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}

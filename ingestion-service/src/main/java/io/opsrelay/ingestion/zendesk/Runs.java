package io.opsrelay.ingestion.zendesk;

import io.opsrelay.ingestion.channel.Channel;
import io.opsrelay.ingestion.channel.Channels;
import io.opsrelay.messaging.Ids;
import io.opsrelay.messaging.job.Jobs;
import io.opsrelay.security.Caller;
import io.opsrelay.security.audit.Audit;
import io.opsrelay.security.audit.AuditEntry;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.ProblemException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Component;

/** Begins runs. */
@Component
class Runs {

    private final Channels channels;
    private final RunStore store;
    private final Jobs jobs;
    private final ClientTransactions transactions;
    private final ObjectProvider<Audit> audit;
    private final Ids ids;
    private final Clock clock;

    Runs(
            Channels channels,
            RunStore store,
            Jobs jobs,
            ClientTransactions transactions,
            ObjectProvider<Audit> audit,
            Ids ids,
            Clock clock) {
        this.channels = channels;
        this.store = store;
        this.jobs = jobs;
        this.transactions = transactions;
        this.audit = audit;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * Begins to pull.
     *
     * @throws ProblemException 409 if the channel is being pulled from already, 422 if there is no such channel
     */
    Run begin(Caller caller, RunBody body) {
        Channel channel = channel(caller.clientId(), body.channelId());
        try {
            return transactions.call(caller.clientId(), () -> {
                Run run = run(
                        channel,
                        "request",
                        null,
                        body.toForce(),
                        body.toLimit(),
                        body.toOnlyUnprocessed(),
                        body.industry(),
                        caller.asActor());
                add(caller.clientId(), run, "channel/" + channel.channelId());
                audit.ifAvailable(log -> log.record(
                        caller.clientId(),
                        new AuditEntry(
                                caller.asActor(),
                                "zendesk_run.started",
                                "zendesk_run",
                                run.runId().toString(),
                                null,
                                null,
                                Map.of(),
                                Map.of("channel_id", run.channelId(), "force", run.force(), "limit", run.limit()))));
                return run;
            });
        } catch (DuplicateKeyException e) {
            throw ProblemException.conflict("tickets of channel " + channel.name()
                    + " are being fetched already: wait until that run has fetched its own");
        }
    }

    /** Fetches the one ticket that Zendesk told of. */
    Run told(Channel channel, long zendeskId) {
        return transactions.call(channel.clientId(), () -> {
            Run run = run(channel, "webhook", zendeskId, false, 1, true, null, "service:zendesk");
            add(channel.clientId(), run, "told/" + channel.channelId() + "/" + zendeskId);
            return run;
        });
    }

    private void add(String clientId, Run run, String key) {
        store.insert(clientId, run);
        jobs.add(ZendeskConfiguration.QUEUE, clientId, key, Pull.KIND, run.runId());
    }

    private Run run(
            Channel channel,
            String trigger,
            @Nullable Long zendeskId,
            boolean force,
            int limit,
            boolean onlyUnprocessed,
            @Nullable String industry,
            String by) {
        String cursor = force || !onlyUnprocessed
                ? null
                : store.cursorOf(channel.channelId()).orElse(null);
        return new Run(
                ids.next(),
                channel.channelId(),
                trigger,
                zendeskId,
                force,
                limit,
                onlyUnprocessed,
                industry,
                Run.PULLING,
                cursor,
                0,
                null,
                by,
                clock.instant().truncatedTo(ChronoUnit.MICROS),
                null);
    }

    private Channel channel(String clientId, @Nullable String wanted) {
        List<Channel> all = channels.ofClient(clientId, Receiver.CHANNEL);
        if (wanted != null) {
            return all.stream()
                    .filter(channel -> channel.channelId().equals(wanted))
                    .findFirst()
                    .orElseThrow(() ->
                            ProblemException.unprocessable("channel_id", "is not an enabled channel of kind zendesk"));
        }
        if (all.size() > 1) {
            throw ProblemException.unprocessable(
                    "channel_id", "is required: there are several channels of kind zendesk");
        }
        return all.stream()
                .findFirst()
                .orElseThrow(() -> ProblemException.unprocessable(
                        "channel_id", "there is no enabled channel of kind zendesk: make one first"));
    }
}

package io.opsrelay.ingestion.zendesk;

import io.opsrelay.ingestion.channel.Channel;
import io.opsrelay.ingestion.channel.Channels;
import io.opsrelay.ingestion.zendesk.remote.RemoteTicket;
import io.opsrelay.ingestion.zendesk.remote.ZendeskAccount;
import io.opsrelay.ingestion.zendesk.remote.ZendeskApi;
import io.opsrelay.ingestion.zendesk.remote.ZendeskException;
import io.opsrelay.messaging.job.Job;
import io.opsrelay.security.tenant.ClientTransactions;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Works a run's job: page by page, each stored before the next is fetched, so that whoever takes the job over goes on where
 * it stood. A page that is fetched twice does nothing the second time, and asks for no comments of tickets that were stored.
 */
@Component
class Pull {

    static final String KIND = "pull";

    private static final Logger LOG = LoggerFactory.getLogger(Pull.class);
    private static final int MOST_OF_A_PAGE = 100;

    private final Channels channels;
    private final ZendeskApi api;
    private final RunStore runs;
    private final Receiver receiver;
    private final Comments comments;
    private final ClientTransactions transactions;
    private final ZendeskProperties properties;

    Pull(
            Channels channels,
            ZendeskApi api,
            RunStore runs,
            Receiver receiver,
            Comments comments,
            ClientTransactions transactions,
            ZendeskProperties properties) {
        this.channels = channels;
        this.api = api;
        this.runs = runs;
        this.receiver = receiver;
        this.comments = comments;
        this.transactions = transactions;
        this.properties = properties;
    }

    void work(Job job) {
        UUID runId = job.subject();
        String clientId = job.clientId();
        Optional<Run> run = transactions.read(clientId, () -> runs.find(runId));
        if (run.isEmpty() || !run.get().state().equals(Run.PULLING)) {
            transactions.run(clientId, job::done);
            return;
        }
        Optional<Channel> channel = channels.byId(run.get().channelId());
        if (channel.isEmpty()) {
            fail(job, "the channel was deleted or disabled");
            return;
        }
        try {
            pull(channel.get(), run.get());
        } catch (ZendeskException e) {
            troubled(job, run.get().runId(), e);
            return;
        }
        transactions.run(clientId, () -> {
            runs.pulled(runId);
            job.done();
        });
    }

    private void pull(Channel channel, Run run) {
        ZendeskAccount account = ZendeskAccount.of(channel, channels);
        Long only = run.zendeskId();
        if (only != null) {
            take(channel, account, run, api.ticket(account, only));
            return;
        }
        String cursor = run.cursor();
        long start = Long.parseLong(channel.setting("start_time", "0"));
        int left = left(channel.clientId(), run);
        while (left > 0) {
            // No more than are worked on: what stands behind the page's cursor comes with the next run.
            ZendeskApi.Page page = api.tickets(account, cursor, start, Math.min(left, MOST_OF_A_PAGE));
            for (RemoteTicket ticket : page.tickets()) {
                take(channel, account, run, ticket);
            }
            String next = page.cursor();
            if (next != null) {
                transactions.run(channel.clientId(), () -> runs.advance(channel.clientId(), run, next));
            }
            if (page.endOfStream()
                    || next == null
                    || (next.equals(cursor) && page.tickets().isEmpty())) {
                return;
            }
            cursor = next;
            left = left(channel.clientId(), run);
        }
    }

    private void take(Channel channel, ZendeskAccount account, Run run, RemoteTicket ticket) {
        receiver.take(channel, run, ticket, comments.read(channel, account, run, ticket));
    }

    /** How many it may still work on; those that it skips do not count. */
    private int left(String clientId, Run run) {
        RunStore.Counts counts = transactions.read(clientId, () -> runs.counts(run.runId()));
        return run.limit() - (counts.total() - counts.skipped());
    }

    private void troubled(Job job, UUID runId, ZendeskException e) {
        int troubles = transactions.read(
                        job.clientId(),
                        () -> runs.find(runId).map(Run::troubles).orElse(0))
                + 1;
        if (e.kind() != ZendeskException.Kind.PASSING || troubles > properties.mostTroubles()) {
            fail(job, e.reason());
            return;
        }
        Duration asked = e.retryAfter();
        Duration pause = asked == null ? properties.pauseAfter(troubles) : asked;
        LOG.info("Zendesk run {} goes on in {}: {}", runId, pause, e.reason());
        transactions.run(job.clientId(), () -> {
            runs.troubled(runId, e.reason());
            job.again(pause);
        });
    }

    private void fail(Job job, String reason) {
        LOG.warn("Zendesk run {} failed: {}", job.subject(), reason);
        transactions.run(job.clientId(), () -> {
            runs.failed(job.subject(), reason);
            job.done();
        });
    }
}

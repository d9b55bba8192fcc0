package io.opsrelay.approval.webhook;

import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.approval.notification.Notice;
import io.opsrelay.approval.notification.NoticeTypes;
import io.opsrelay.approval.notification.Notifications;
import io.opsrelay.approval.webhook.Delivery.Status;
import io.opsrelay.approval.webhook.Endpoint.Disabled;
import io.opsrelay.messaging.job.Job;
import io.opsrelay.messaging.job.Jobs;
import io.opsrelay.security.Role;
import io.opsrelay.security.outbound.Exchange;
import io.opsrelay.security.outbound.GuardedHttp;
import io.opsrelay.security.outbound.OutboundException;
import io.opsrelay.security.tenant.ClientTransactions;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Sends deliveries. Those of one endpoint whose turn has come stand in a few lanes, so that an endpoint has few requests
 * under way and holds up nobody else; those that wait for another attempt stand apart and hold up nothing.
 */
@Component
class Sender {

    static final String QUEUE = "webhooks";

    /** To send a delivery whose turn has come. */
    static final String SEND = "send";

    /** To let a delivery have its turn, when its pause is over. */
    static final String LATER = "later";

    /** To delete an endpoint's old deliveries. */
    static final String PRUNE = "prune";

    private static final Logger LOG = LoggerFactory.getLogger(Sender.class);

    private final EndpointStore endpoints;
    private final DeliveryStore store;
    private final Endpoints secrets;
    private final Deliveries deliveries;
    private final ClientTransactions transactions;
    private final Jobs jobs;
    private final GuardedHttp http;
    private final ObjectProvider<Notifications> notifications;
    private final WebhookProperties properties;
    private final MeterRegistry meters;
    private final Clock clock;

    /** Notifications come late: they know the ways of telling, and this is one. */
    Sender(
            EndpointStore endpoints,
            DeliveryStore store,
            Endpoints secrets,
            Deliveries deliveries,
            ClientTransactions transactions,
            Jobs jobs,
            GuardedHttp http,
            ObjectProvider<Notifications> notifications,
            WebhookProperties properties,
            MeterRegistry meters,
            Clock clock) {
        this.endpoints = endpoints;
        this.store = store;
        this.secrets = secrets;
        this.deliveries = deliveries;
        this.transactions = transactions;
        this.jobs = jobs;
        this.http = http;
        this.notifications = notifications;
        this.properties = properties;
        this.meters = meters;
        this.clock = clock;
    }

    void work(Job job) {
        switch (job.kind()) {
            case SEND -> send(job);
            case LATER -> later(job);
            case PRUNE -> prune(job);
            default -> throw new IllegalArgumentException("no kind of job here: " + job.kind());
        }
    }

    private void send(Job job) {
        Optional<Due> found = transactions.read(job.clientId(), () -> due(job.subject()));
        if (found.isEmpty()) {
            transactions.run(job.clientId(), job::done);
            return;
        }
        Due due = found.get();
        Disabled disabled = due.endpoint().disabled();
        if (disabled != null) {
            Attempt unsent = Attempt.unanswered(now(), "not sent: " + disabled.inWords(), Duration.ZERO);
            settle(job, due.endpoint().endpointId(), unsent, new Outcome.GaveUp(), false);
            WebhookMetric.UNSENT.count(meters, "reason", disabled.code());
            return;
        }
        Attempt attempt = attempt(job.clientId(), due);
        Outcome outcome = Outcome.of(
                attempt,
                due.delivery().tries() + 1,
                properties.pauses(),
                ThreadLocalRandom.current().nextDouble() * properties.jitter());
        settle(job, due.endpoint().endpointId(), attempt, outcome, true);
        WebhookMetric.ATTEMPTS.time(meters, "outcome", outcome.code(), attempt.took());
    }

    /** Nothing, if it was delivered, deleted or put off meanwhile. */
    private Optional<Due> due(UUID deliveryId) {
        return store.find(deliveryId).filter(Delivery::isDue).flatMap(delivery -> endpoints
                .find(delivery.endpointId())
                .map(endpoint -> new Due(delivery, endpoint)));
    }

    private Attempt attempt(String clientId, Due due) {
        Instant at = now();
        long start = System.nanoTime();
        try {
            return http.send(
                    request(clientId, due, at),
                    (head, body) -> Attempt.answered(
                            at,
                            head.status(),
                            since(start),
                            body.readNBytes(Attempt.MOST_KEPT),
                            Attempt.retryAfter(head.header("retry-after"), at)));
        } catch (OutboundException e) {
            return Attempt.unanswered(at, e.reason(), since(start));
        }
    }

    private Exchange request(String clientId, Due due, Instant at) {
        Delivery delivery = due.delivery();
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("webhook-id", delivery.messageId().toString());
        headers.put("webhook-timestamp", Long.toString(at.getEpochSecond()));
        headers.put(
                "webhook-signature",
                Secret.signatures(
                        secrets.secrets(clientId, due.endpoint(), at),
                        delivery.messageId().toString(),
                        at.getEpochSecond(),
                        delivery.payload()));
        return new Exchange(
                "POST",
                due.endpoint().url(),
                headers,
                delivery.payload().getBytes(StandardCharsets.UTF_8),
                properties.timeout(),
                Attempt.MOST_KEPT,
                properties.allowPrivate());
    }

    /** @param sent whether the endpoint was asked, so that what came of it speaks for or against it */
    private void settle(Job job, UUID endpointId, Attempt attempt, Outcome outcome, boolean sent) {
        transactions.run(job.clientId(), () -> {
            job.done();
            Delivery delivery = endpoints
                    .keep(endpointId)
                    .flatMap(endpoint -> store.lock(job.subject()))
                    .filter(Delivery::isDue)
                    .orElse(null);
            if (delivery == null) {
                return; // deleted meanwhile
            }
            Instant now = now();
            Instant nextAt = outcome instanceof Outcome.Retry retry ? now.plus(retry.pause()) : null;
            store.attempted(job.clientId(), delivery, attempt, statusAfter(outcome), nextAt, now);
            if (outcome instanceof Outcome.Retry retry) {
                jobs.addLater(
                        QUEUE,
                        job.clientId(),
                        "later/" + delivery.deliveryId(),
                        LATER,
                        delivery.deliveryId(),
                        retry.pause());
            }
            if (sent) {
                judge(job.clientId(), delivery.endpointId(), outcome, now);
            }
        });
    }

    private static Status statusAfter(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Delivered delivered -> Status.DELIVERED;
            case Outcome.Retry retry -> Status.PENDING;
            case Outcome.GaveUp gaveUp -> Status.FAILED;
            case Outcome.Gone gone -> Status.FAILED;
        };
    }

    private void judge(String clientId, UUID endpointId, Outcome outcome, Instant now) {
        switch (outcome) {
            case Outcome.Delivered delivered -> endpoints.works(endpointId);
            case Outcome.Retry retry -> endpoints.fails(endpointId, now);
            case Outcome.Gone gone -> disable(clientId, endpointId, Disabled.GONE, now);
            case Outcome.GaveUp gaveUp -> {
                endpoints.fails(endpointId, now);
                Instant since =
                        endpoints.find(endpointId).map(Endpoint::failingSince).orElse(now);
                if (!now.isBefore(since.plus(properties.disableAfter()))) {
                    disable(clientId, endpointId, Disabled.FAILING, now);
                }
            }
        }
    }

    private void disable(String clientId, UUID endpointId, Disabled why, Instant now) {
        if (!endpoints.disable(endpointId, why, now)) {
            return;
        }
        LOG.warn("Webhook {} of {} is disabled: {}", endpointId, clientId, why.inWords());
        WebhookMetric.DISABLED.count(meters, "reason", why.code());
        notifications
                .getObject()
                .tell(
                        clientId,
                        new Notice(
                                NoticeTypes.WEBHOOK_DISABLED,
                                endpointId,
                                null,
                                Map.of("webhook_id", endpointId.toString(), "reason", why.code()),
                                Set.of(Role.ADMIN)));
    }

    private void later(Job job) {
        transactions.run(job.clientId(), () -> {
            Delivery delivery = store.lock(job.subject()).orElse(null);
            Instant nextAt = delivery == null ? null : delivery.nextAt();
            if (delivery == null || nextAt == null) {
                job.done(); // deleted, or sent again before its time
                return;
            }
            Duration left = Duration.between(now(), nextAt);
            if (left.isPositive()) {
                job.again(left);
                return;
            }
            job.done();
            store.due(delivery.deliveryId());
            deliveries.send(job.clientId(), delivery);
        });
    }

    private void prune(Job job) {
        transactions.run(job.clientId(), () -> {
            if (endpoints.find(job.subject()).isEmpty()) {
                job.done();
                return;
            }
            boolean more = store.prune(job.subject(), now().minus(properties.retention()));
            job.again(more ? Duration.ofSeconds(1) : WebhookProperties.PRUNE_EVERY);
        });
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** Something to send, and to where. */
    private record Due(Delivery delivery, Endpoint endpoint) {}
}

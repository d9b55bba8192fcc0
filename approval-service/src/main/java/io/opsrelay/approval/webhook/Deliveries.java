package io.opsrelay.approval.webhook;

import io.opsrelay.approval.notification.Notice;
import io.opsrelay.approval.notification.NoticeChannel;
import io.opsrelay.approval.notification.NoticeTypes;
import io.opsrelay.approval.webhook.Delivery.Status;
import io.opsrelay.approval.webhook.DeliveryStore.Wanted;
import io.opsrelay.approval.webhook.EndpointStore.Subscribed;
import io.opsrelay.contracts.ContractJson;
import io.opsrelay.messaging.Ids;
import io.opsrelay.messaging.job.Jobs;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.tenant.PerTransaction;
import io.opsrelay.security.web.PageRequest;
import io.opsrelay.security.web.ProblemException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** What goes to which endpoint, what became of it, and what is sent once more. */
@Component
class Deliveries implements NoticeChannel {

    /** Most that one request begins anew. */
    static final int MOST_REPLAYED = 1_000;

    private final EndpointStore endpoints;
    private final DeliveryStore store;
    private final ClientTransactions transactions;
    private final Jobs jobs;
    private final WebhookProperties properties;
    private final Ids ids;
    private final Clock clock;

    /** Many notices are written in one transaction. By client, since a transaction can go on in another one's name. */
    private final PerTransaction<Map<String, List<Subscribed>>> subscribed = new PerTransaction<>(HashMap::new);

    Deliveries(
            EndpointStore endpoints,
            DeliveryStore store,
            ClientTransactions transactions,
            Jobs jobs,
            WebhookProperties properties,
            Ids ids,
            Clock clock) {
        this.endpoints = endpoints;
        this.store = store;
        this.transactions = transactions;
        this.jobs = jobs;
        this.properties = properties;
        this.ids = ids;
        this.clock = clock;
    }

    @Override
    public void take(String clientId, Notice notice) {
        List<UUID> wanting = subscribed.get().computeIfAbsent(clientId, client -> endpoints.subscribed()).stream()
                .filter(endpoint -> NoticeTypes.wants(endpoint.types(), notice.type()))
                .map(Subscribed::endpointId)
                .toList();
        if (wanting.isEmpty()) {
            return;
        }
        UUID messageId = ids.next();
        Instant now = now();
        String payload = payload(notice, now);
        wanting.forEach(endpointId -> begin(clientId, endpointId, messageId, notice.type(), payload, now));
    }

    private Delivery begin(String clientId, UUID endpointId, UUID messageId, String type, String payload, Instant now) {
        Delivery delivery =
                new Delivery(ids.next(), endpointId, messageId, type, payload, Status.PENDING, 0, 0, null, now, null);
        store.insert(clientId, delivery);
        send(clientId, delivery);
        return delivery;
    }

    /** Its turn has come: it takes its place behind what else is due for the same endpoint. */
    void send(String clientId, Delivery delivery) {
        int lane = Math.floorMod(delivery.deliveryId().hashCode(), properties.lanes());
        jobs.add(
                Sender.QUEUE,
                clientId,
                "lane/" + delivery.endpointId() + "/" + lane,
                Sender.SEND,
                delivery.deliveryId());
    }

    /** The body as Standard Webhooks wants it: type, time and data. */
    private static String payload(Notice notice, Instant at) {
        Map<String, Object> data = new LinkedHashMap<>(notice.data());
        data.putIfAbsent("subject_id", notice.subject().toString());
        if (notice.ticketId() != null) {
            data.putIfAbsent("ticket_id", notice.ticketId().toString());
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", notice.type());
        body.put("timestamp", at.toString());
        body.put("data", data);
        return ContractJson.mapper().writeValueAsString(body);
    }

    List<Logged> list(String clientId, UUID endpointId, Wanted wanted, PageRequest page) {
        return transactions.read(clientId, () -> {
            requireEndpoint(endpointId);
            List<Delivery> found = store.list(endpointId, wanted, page);
            Map<UUID, List<Attempt>> attempts =
                    store.attempts(found.stream().map(Delivery::deliveryId).toList());
            return found.stream()
                    .map(delivery -> new Logged(delivery, attempts.getOrDefault(delivery.deliveryId(), List.of())))
                    .toList();
        });
    }

    Logged one(String clientId, UUID endpointId, UUID deliveryId) {
        return transactions.read(clientId, () -> logged(found(endpointId, deliveryId)));
    }

    /** Sends something harmless, to see whether it arrives. */
    Logged test(String clientId, UUID endpointId) {
        return transactions.call(clientId, () -> {
            requireEnabled(endpointId);
            Notice notice = new Notice(
                    NoticeTypes.TEST,
                    endpointId,
                    null,
                    Map.of("message", "This is a test: nothing has happened."),
                    Set.of());
            Instant now = now();
            return new Logged(
                    begin(clientId, endpointId, ids.next(), notice.type(), payload(notice, now), now), List.of());
        });
    }

    /** Sends it once more, with the same id: now, if it waits for another attempt. */
    Logged replay(String clientId, UUID endpointId, UUID deliveryId) {
        return transactions.call(clientId, () -> {
            requireEnabled(endpointId);
            Delivery delivery = store.lock(deliveryId)
                    .filter(known -> known.endpointId().equals(endpointId))
                    .orElseThrow(() -> ProblemException.notFound("delivery", deliveryId));
            if (!delivery.isDue()) {
                store.again(deliveryId);
                send(clientId, delivery);
            }
            return logged(found(endpointId, deliveryId));
        });
    }

    /** Sends all that failed since then once more. */
    Replayed replayFailed(String clientId, UUID endpointId, Instant since) {
        return transactions.call(clientId, () -> {
            requireEnabled(endpointId);
            List<Delivery> failed = store.failed(endpointId, since, MOST_REPLAYED + 1);
            List<Delivery> now = failed.subList(0, Math.min(failed.size(), MOST_REPLAYED));
            for (Delivery delivery : now) {
                store.again(delivery.deliveryId());
                send(clientId, delivery);
            }
            return new Replayed(now.size(), failed.size() > now.size());
        });
    }

    private Logged logged(Delivery delivery) {
        return new Logged(
                delivery,
                store.attempts(List.of(delivery.deliveryId())).getOrDefault(delivery.deliveryId(), List.of()));
    }

    private Delivery found(UUID endpointId, UUID deliveryId) {
        return store.find(deliveryId)
                .filter(delivery -> delivery.endpointId().equals(endpointId))
                .orElseThrow(() -> ProblemException.notFound("delivery", deliveryId));
    }

    private void requireEndpoint(UUID endpointId) {
        if (endpoints.find(endpointId).isEmpty()) {
            throw ProblemException.notFound(EndpointController.WHAT, endpointId);
        }
    }

    /** It stays until the transaction ends. */
    private void requireEnabled(UUID endpointId) {
        Endpoint.Disabled disabled = endpoints
                .keep(endpointId)
                .orElseThrow(() -> ProblemException.notFound(EndpointController.WHAT, endpointId))
                .disabled();
        if (disabled != null) {
            throw ProblemException.conflict(
                    "the webhook is disabled, since " + disabled.inWords() + ": enable it first");
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** A delivery and its attempts, in order. */
    record Logged(Delivery delivery, List<Attempt> attempts) {

        Logged {
            attempts = List.copyOf(attempts);
        }
    }

    /**
     * What was begun anew.
     *
     * @param more whether more failed than one request begins anew: ask again
     */
    record Replayed(int replayed, boolean more) {}
}

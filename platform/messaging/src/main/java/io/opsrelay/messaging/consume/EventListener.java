package io.opsrelay.messaging.consume;

import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opsrelay.contracts.ContractJson;
import io.opsrelay.contracts.Event;
import io.opsrelay.contracts.Headers;
import io.opsrelay.messaging.Backlog;
import io.opsrelay.messaging.CausingEvent;
import io.opsrelay.messaging.Envelope;
import io.opsrelay.messaging.Failpoint;
import io.opsrelay.messaging.MessagingMetric;
import io.opsrelay.messaging.PoisonException;
import io.opsrelay.messaging.Subscription;
import io.opsrelay.messaging.Subscription.Route;
import io.opsrelay.security.tenant.ClientId;
import io.opsrelay.security.tenant.ClientTransactions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.listener.BatchListenerFailedException;
import org.springframework.kafka.listener.BatchMessageListener;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Decodes records and applies them in transactions with their inbox rows: those of one client that came together share a
 * transaction, since under load the commits cost more than the work. Records of one key are of one client, so they stay in
 * their order.
 */
final class EventListener implements BatchMessageListener<byte[], byte[]> {

    private static final Logger LOG = LoggerFactory.getLogger(EventListener.class);
    private static final String OUR_TYPES = "io.opsrelay.";
    private static final int MOST_TOGETHER = 200;
    /** A poll that brings so many events to apply tells that this consumer has fallen behind, and that more are waiting. */
    private static final int MANY = Consumers.MOST_IN_A_POLL / 4;

    private final JsonMapper json = ContractJson.mapper();
    private final Subscription subscription;
    private final Inbox inbox;
    private final ClientTransactions transactions;
    private final Backlog backlog;
    private final OpenTelemetry telemetry;
    private final Tracer tracer;
    private final MeterRegistry meters;

    EventListener(
            Subscription subscription,
            Inbox inbox,
            ClientTransactions transactions,
            Backlog backlog,
            OpenTelemetry telemetry,
            MeterRegistry meters) {
        this.backlog = backlog;
        this.subscription = subscription;
        this.inbox = inbox;
        this.transactions = transactions;
        this.telemetry = telemetry;
        this.tracer = telemetry.getTracer("io.opsrelay.messaging");
        this.meters = meters;
    }

    @Override
    public void onMessage(List<ConsumerRecord<byte[], byte[]>> messages) {
        Map<String, List<Incoming>> byClient = new LinkedHashMap<>();
        BatchListenerFailedException failure = null;
        int ours = 0;
        for (int i = 0; i < messages.size() && failure == null; i++) {
            try {
                Incoming incoming = read(messages.get(i), i);
                if (incoming != null) {
                    byClient.computeIfAbsent(incoming.envelope().clientId(), client -> new ArrayList<>())
                            .add(incoming);
                    ours++;
                }
            } catch (RuntimeException e) {
                failure = failed(e, i);
            }
        }
        try (Backlog.Taking taking = ours < MANY ? () -> {} : backlog.take()) {
            // What stands before a failure has to be applied, since only what follows is delivered again.
            for (List<Incoming> ofClient : byClient.values()) {
                failure = earlier(failure, applyAll(before(failure, ofClient)));
            }
        }
        if (failure != null) {
            throw failure;
        }
        if (!byClient.isEmpty()) {
            Failpoint.BEFORE_OFFSET_COMMIT.pass();
        }
    }

    private static List<Incoming> before(@Nullable BatchListenerFailedException failure, List<Incoming> events) {
        return failure == null
                ? events
                : events.stream()
                        .filter(incoming -> incoming.index() < failure.getIndex())
                        .toList();
    }

    private static @Nullable BatchListenerFailedException earlier(
            @Nullable BatchListenerFailedException one, @Nullable BatchListenerFailedException other) {
        return one == null || (other != null && other.getIndex() < one.getIndex()) ? other : one;
    }

    /** Applies the events up to the first that fails, and answers with its failure. */
    private @Nullable BatchListenerFailedException applyAll(List<Incoming> events) {
        try {
            for (int from = 0; from < events.size(); from += MOST_TOGETHER) {
                apply(events.subList(from, Math.min(events.size(), from + MOST_TOGETHER)));
            }
            return null;
        } catch (BatchListenerFailedException e) {
            return e;
        }
    }

    private @Nullable Incoming read(ConsumerRecord<byte[], byte[]> message, int index) {
        String type = RecordHeaders.type(message);
        Route<?> route = subscription.routeFor(type);
        if (route == null) {
            if (!type.startsWith(OUR_TYPES)) {
                throw new PoisonException("header ce_type names no event of ours");
            }
            String client = RecordHeaders.optional(message, Headers.CLIENT);
            if (client != null && ClientId.isValid(client)) {
                subscription.meet(client);
            }
            count(MessagingMetric.EVENTS_SKIPPED, "consumer", subscription.group());
            return null;
        }
        Incoming incoming =
                new Incoming(index, message, RecordHeaders.envelope(message), route, decode(message, route.event()));
        subscription.meet(incoming.envelope().clientId());
        return incoming;
    }

    /**
     * Applies the events in one transaction. If one of them fails, what stands before it is applied without it, and it
     * is reported: its handler runs once per delivery.
     */
    private void apply(List<Incoming> together) {
        if (together.isEmpty()) {
            return;
        }
        AtomicReference<@Nullable Incoming> handling = new AtomicReference<>();
        try {
            commit(together, handling);
        } catch (RuntimeException e) {
            Incoming culprit = handling.get();
            if (culprit != null) {
                apply(together.subList(0, together.indexOf(culprit)));
                throw failed(e, culprit.index());
            }
            if (together.size() == 1) {
                throw failed(e, together.getFirst().index());
            }
            LOG.debug("The commit of {} events failed, now one by one", together.size(), e);
            together.forEach(incoming -> apply(List.of(incoming)));
        }
    }

    private void commit(List<Incoming> together, AtomicReference<@Nullable Incoming> handling) {
        Set<UUID> applied = transactions.call(together.getFirst().envelope().clientId(), () -> {
            Set<UUID> fresh = inbox.firstTime(
                    subscription.group(),
                    together.stream().map(Incoming::envelope).toList());
            subscription.announce(together.stream()
                    .filter(incoming -> fresh.contains(incoming.envelope().id()))
                    .map(Incoming::event)
                    .toList());
            Set<UUID> left = new HashSet<>(fresh);
            for (Incoming incoming : together) {
                // An event may stand twice in one batch.
                if (left.remove(incoming.envelope().id())) {
                    handling.set(incoming);
                    handle(incoming);
                    handling.set(null);
                }
            }
            return fresh;
        });
        // Counted when committed, not before.
        for (Incoming incoming : together) {
            if (applied.remove(incoming.envelope().id())) {
                count(
                        MessagingMetric.EVENTS_APPLIED,
                        "consumer",
                        subscription.group(),
                        "type",
                        incoming.envelope().type());
            } else {
                count(MessagingMetric.EVENTS_DUPLICATE, "consumer", subscription.group());
            }
        }
    }

    private void handle(Incoming incoming) {
        Envelope envelope = incoming.envelope();
        Span span = tracer.spanBuilder("apply " + envelope.type())
                .setSpanKind(SpanKind.CONSUMER)
                .setParent(parentOf(incoming.message()))
                .setAttribute("messaging.system", "kafka")
                .setAttribute("messaging.destination.name", incoming.message().topic())
                .setAttribute("messaging.consumer.group.name", subscription.group())
                .startSpan();
        try (Scope scope = span.makeCurrent()) {
            CausingEvent.run(envelope.id(), () -> incoming.route().handle(envelope, incoming.event()));
        } catch (RuntimeException e) {
            span.setStatus(StatusCode.ERROR, String.valueOf(e.getMessage()));
            throw e;
        } catch (StackOverflowError | LinkageError | AssertionError e) {
            span.setStatus(StatusCode.ERROR, e.toString());
            // The container would end its thread on an Error, and the consumer with it.
            throw new IllegalStateException("the handler of " + envelope.type() + " is broken", e);
        } finally {
            span.end();
        }
    }

    private static BatchListenerFailedException failed(RuntimeException cause, int index) {
        return new BatchListenerFailedException("an event could not be applied", cause, index);
    }

    private <E extends Event> E decode(ConsumerRecord<byte[], byte[]> message, Class<E> type) {
        byte[] value = message.value();
        if (value == null) {
            throw new PoisonException("the record has no value");
        }
        try {
            E event = json.readValue(value, type);
            if (event == null) {
                throw new PoisonException("the value is JSON null");
            }
            return event;
        } catch (JacksonException e) {
            throw new PoisonException("the value is not a " + type.getSimpleName() + ": " + e.getOriginalMessage(), e);
        }
    }

    private Context parentOf(ConsumerRecord<byte[], byte[]> message) {
        return telemetry
                .getPropagators()
                .getTextMapPropagator()
                .extract(Context.root(), message, HeaderGetter.INSTANCE);
    }

    private void count(MessagingMetric metric, String... tags) {
        meters.counter(metric.id(), tags).increment();
    }

    private enum HeaderGetter implements TextMapGetter<ConsumerRecord<byte[], byte[]>> {
        INSTANCE;

        @Override
        public Iterable<String> keys(ConsumerRecord<byte[], byte[]> carrier) {
            List<String> names = new ArrayList<>();
            for (Header header : carrier.headers()) {
                names.add(header.key());
            }
            return names;
        }

        @Override
        public @Nullable String get(@Nullable ConsumerRecord<byte[], byte[]> carrier, String key) {
            return carrier == null ? null : RecordHeaders.optional(carrier, key);
        }
    }

    /**
     * An event that this consumer handles.
     *
     * @param index its place in the polled batch
     */
    private record Incoming(
            int index, ConsumerRecord<byte[], byte[]> message, Envelope envelope, Route<?> route, Event event) {}
}

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
import io.opsrelay.messaging.CausingEvent;
import io.opsrelay.messaging.Envelope;
import io.opsrelay.messaging.MessagingMetric;
import io.opsrelay.messaging.PoisonException;
import io.opsrelay.messaging.Subscription;
import io.opsrelay.messaging.Subscription.Route;
import io.opsrelay.security.tenant.ClientTransactions;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.listener.MessageListener;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Decodes a record and applies it in one transaction with its inbox row. */
final class EventListener implements MessageListener<byte[], byte[]> {

    private static final String OUR_TYPES = "io.opsrelay.";

    private final JsonMapper json = ContractJson.mapper();
    private final Subscription subscription;
    private final Inbox inbox;
    private final ClientTransactions transactions;
    private final OpenTelemetry telemetry;
    private final Tracer tracer;
    private final MeterRegistry meters;

    EventListener(
            Subscription subscription,
            Inbox inbox,
            ClientTransactions transactions,
            OpenTelemetry telemetry,
            MeterRegistry meters) {
        this.subscription = subscription;
        this.inbox = inbox;
        this.transactions = transactions;
        this.telemetry = telemetry;
        this.tracer = telemetry.getTracer("io.opsrelay.messaging");
        this.meters = meters;
    }

    @Override
    public void onMessage(ConsumerRecord<byte[], byte[]> message) {
        String type = RecordHeaders.type(message);
        Route<?> route = subscription.routeFor(type);
        if (route == null) {
            if (!type.startsWith(OUR_TYPES)) {
                throw new PoisonException("header ce_type names no event of ours");
            }
            count(MessagingMetric.EVENTS_SKIPPED, "consumer", subscription.group());
            return;
        }
        Envelope envelope = RecordHeaders.envelope(message);
        Event event = decode(message, route.event());
        Span span = tracer.spanBuilder("apply " + type)
                .setSpanKind(SpanKind.CONSUMER)
                .setParent(parentOf(message))
                .setAttribute("messaging.system", "kafka")
                .setAttribute("messaging.destination.name", message.topic())
                .setAttribute("messaging.consumer.group.name", subscription.group())
                .startSpan();
        try (Scope scope = span.makeCurrent()) {
            // Counted when committed, not before.
            if (transactions.call(envelope.clientId(), () -> applyOnce(route, envelope, event))) {
                count(MessagingMetric.EVENTS_APPLIED, "consumer", subscription.group(), "type", type);
            } else {
                count(MessagingMetric.EVENTS_DUPLICATE, "consumer", subscription.group());
            }
        } catch (RuntimeException e) {
            span.setStatus(StatusCode.ERROR, String.valueOf(e.getMessage()));
            throw e;
        } catch (StackOverflowError | LinkageError | AssertionError e) {
            span.setStatus(StatusCode.ERROR, e.toString());
            // The container would end its thread on an Error, and the consumer with it.
            throw new IllegalStateException("the handler of " + type + " is broken", e);
        } finally {
            span.end();
        }
    }

    private boolean applyOnce(Route<?> route, Envelope envelope, Event event) {
        if (!inbox.firstTime(subscription.group(), envelope)) {
            return false;
        }
        CausingEvent.run(envelope.id(), () -> route.handle(envelope, event));
        return true;
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
}

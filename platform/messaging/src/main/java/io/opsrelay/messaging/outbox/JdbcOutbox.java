package io.opsrelay.messaging.outbox;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.context.Context;
import io.opsrelay.contracts.ContractJson;
import io.opsrelay.contracts.Event;
import io.opsrelay.contracts.EventCatalog;
import io.opsrelay.contracts.EventType;
import io.opsrelay.contracts.FeedRecord;
import io.opsrelay.contracts.Headers;
import io.opsrelay.contracts.Topics;
import io.opsrelay.messaging.CausingEvent;
import io.opsrelay.messaging.Failpoint;
import io.opsrelay.messaging.Ids;
import io.opsrelay.messaging.Outbox;
import io.opsrelay.messaging.TopicNames;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import tools.jackson.databind.json.JsonMapper;

/**
 * Collects a transaction's events and writes them as one statement just before the commit, feed rows first.
 *
 * <p>Order per key: before the rows get their ids, a transaction-scoped advisory lock is taken on each event's key, so
 * of two transactions with the same key the one that gets the lower ids also commits first. Feed rows take no lock (all
 * of a client share one key, and a client's commits must not queue behind each other); those of one entity are in order
 * because their event's key, or the entity's own row, is locked.
 */
final class JdbcOutbox implements Outbox {

    private static final String INSERT =
            "insert into outbox (client_id, feed, topic, key, event_id, type, occurred_at, headers, payload) values ";
    private static final String ROW = "(?,?,?,?,?,?,?,?,?)";
    private static final String LOCK =
            "select pg_advisory_xact_lock(k) from (select k from unnest(?) as k order by k) as keys";

    /** A statement takes at most 65,535 parameters. */
    private static final int ROWS_PER_STATEMENT = 1000;

    private final JsonMapper json = ContractJson.mapper();
    private final JdbcTemplate jdbc;
    private final TopicNames topics;
    private final Ids ids;
    private final Clock clock;
    private final OpenTelemetry telemetry;
    private final Runnable afterCommit;

    JdbcOutbox(
            JdbcTemplate jdbc, TopicNames topics, Ids ids, Clock clock, OpenTelemetry telemetry, Runnable afterCommit) {
        this.jdbc = jdbc;
        this.topics = topics;
        this.ids = ids;
        this.clock = clock;
        this.telemetry = telemetry;
        this.afterCommit = afterCommit;
    }

    @Override
    public void publish(String clientId, Event event) {
        EventType type = EventCatalog.typeOf(event.getClass());
        Map<String, String> headers = context();
        headers.put(Headers.SUBJECT, event.key());
        pending()
                .events
                .add(new Pending(
                        clientId,
                        false,
                        topics.full(Topics.ofKey(type.topic(), event.key())),
                        event.key(),
                        ids.next(),
                        type.value(),
                        now(),
                        lines(headers),
                        json.writeValueAsBytes(event)));
    }

    @Override
    public void feed(String clientId, FeedRecord feedRecord) {
        Map<String, String> headers = context();
        headers.put(Headers.SUBJECT, feedRecord.key());
        headers.put(Headers.CHANNEL, feedRecord.channel());
        headers.put(Headers.FRAME, feedRecord.type());
        Map<String, Object> data = new LinkedHashMap<>(feedRecord.data());
        data.put("version", feedRecord.version());
        pending()
                .feed
                .add(new Pending(
                        clientId,
                        true,
                        topics.full(Topics.FEED),
                        clientId,
                        ids.next(),
                        FeedRecord.CLOUD_EVENT_TYPE,
                        now(),
                        lines(headers),
                        json.writeValueAsBytes(data)));
    }

    private Timestamp now() {
        return Timestamp.from(clock.instant().truncatedTo(ChronoUnit.MICROS));
    }

    private Map<String, String> context() {
        Map<String, String> headers = new LinkedHashMap<>();
        UUID cause = CausingEvent.current();
        if (cause != null) {
            headers.put(Headers.CAUSATION, cause.toString());
        }
        telemetry.getPropagators().getTextMapPropagator().inject(Context.current(), headers, (carrier, name, value) -> {
            if (carrier != null) {
                carrier.put(name, value);
            }
        });
        return headers;
    }

    private static String lines(Map<String, String> headers) {
        StringBuilder lines = new StringBuilder();
        headers.forEach((name, value) -> lines.append(name)
                .append('\t')
                .append(value.replace('\n', ' ').replace('\r', ' '))
                .append('\n'));
        return lines.toString();
    }

    private Batch pending() {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("events leave with a commit: publish inside a transaction");
        }
        Batch batch = (Batch) TransactionSynchronizationManager.getResource(this);
        if (batch == null) {
            batch = new Batch();
            TransactionSynchronizationManager.bindResource(this, batch);
            TransactionSynchronizationManager.registerSynchronization(batch);
        }
        if (batch.written) {
            throw new IllegalStateException("the commit is under way: its events are written already");
        }
        return batch;
    }

    private void write(Batch batch) {
        batch.written = true;
        Long[] keys =
                batch.events.stream().map(row -> lockOf(row.key)).distinct().toArray(Long[]::new);
        if (keys.length > 0) {
            jdbc.query(
                    LOCK,
                    statement -> statement.setArray(1, statement.getConnection().createArrayOf("bigint", keys)),
                    row -> {});
        }
        List<Pending> rows = new ArrayList<>(batch.feed);
        rows.addAll(batch.events);
        for (int from = 0; from < rows.size(); from += ROWS_PER_STATEMENT) {
            insert(rows.subList(from, Math.min(rows.size(), from + ROWS_PER_STATEMENT)));
        }
    }

    private void insert(List<Pending> rows) {
        String[] values = new String[rows.size()];
        Arrays.fill(values, ROW);
        List<Object> parameters = new ArrayList<>(rows.size() * 9);
        for (Pending row : rows) {
            parameters.addAll(List.of(
                    row.clientId,
                    row.feed,
                    row.topic,
                    row.key,
                    row.eventId,
                    row.type,
                    row.occurredAt,
                    row.headers,
                    row.payload));
        }
        jdbc.update(INSERT + String.join(",", values), parameters.toArray());
    }

    /** FNV-1a, 64 bits: a collision only makes two keys wait for each other. */
    private static long lockOf(String key) {
        long hash = 0xcbf29ce484222325L;
        for (byte octet : key.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (octet & 0xff)) * 0x100000001b3L;
        }
        return hash;
    }

    private record Pending(
            String clientId,
            boolean feed,
            String topic,
            String key,
            UUID eventId,
            String type,
            Timestamp occurredAt,
            String headers,
            byte[] payload) {}

    /** What one transaction has published so far. */
    private final class Batch implements TransactionSynchronization {
        private final List<Pending> feed = new ArrayList<>();
        private final List<Pending> events = new ArrayList<>();
        private boolean written;

        @Override
        public void suspend() {
            TransactionSynchronizationManager.unbindResource(JdbcOutbox.this);
        }

        @Override
        public void resume() {
            TransactionSynchronizationManager.bindResource(JdbcOutbox.this, this);
        }

        @Override
        public void beforeCommit(boolean readOnly) {
            write(this);
            Failpoint.BEFORE_COMMIT.pass();
        }

        @Override
        public void afterCommit() {
            Failpoint.AFTER_COMMIT.pass();
            afterCommit.run();
        }

        @Override
        public void afterCompletion(int status) {
            TransactionSynchronizationManager.unbindResourceIfPossible(JdbcOutbox.this);
        }
    }
}

package io.opsrelay.benchmarks;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.contracts.FeedRecord;
import io.opsrelay.contracts.RunEvent;
import io.opsrelay.contracts.Topics;
import io.opsrelay.messaging.MessagingMetric;
import io.opsrelay.messaging.Outbox;
import io.opsrelay.messaging.TopicNames;
import io.opsrelay.security.tenant.ClientTransactions;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * How many rows a second the outbox relay brings to Kafka, and how much later an event arrives than if it had been sent
 * directly. Starts a Kafka and a PostgreSQL of its own.
 */
final class OutboxBench implements Bench {

    private static final int PAYLOAD_BYTES = 300;

    private final PrintStream out;
    private final PrintStream err;

    OutboxBench(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public String name() {
        return "outbox";
    }

    @Override
    public String summary() {
        return "Rows a second through the outbox relay, and the latency that it adds. Needs no running system.";
    }

    @Override
    public String usage() {
        return """
            --rows 200000     waiting rows that the relay has to bring away
            --rate 200        transactions a second while latency is measured
            --seconds 20      how long latency is measured
            --warm-up 5       seconds before that, not counted\
            """;
    }

    @Override
    public int run(Options options) throws Exception {
        options.allow("rows", "rate", "seconds", "warm-up");
        int rows = (int) options.positive("rows", 200_000);
        Schedule schedule = new Schedule(
                options.positive("rate", 200),
                options.seconds("warm-up", Duration.ofSeconds(5)),
                options.seconds("seconds", Duration.ofSeconds(20)));
        err.println("Starting Kafka and PostgreSQL");
        try (OutboxRig rig = new OutboxRig();
                ConfigurableApplicationContext service = rig.instance()) {
            for (Backlog backlog : Backlog.values()) {
                drain(rig, service, backlog, rows / 10, true);
            }
            out.printf("%-34s %12s%n", "through the relay", "rows/s");
            for (Backlog backlog : Backlog.values()) {
                out.printf(Locale.ROOT, "%-34s %12.0f%n", backlog.title, drain(rig, service, backlog, rows, false));
            }
            out.printf("%n%-34s %8s %9s %9s %9s%n", "commit to consumer, ms", "count", "p50", "p99", "max");
            boolean whole = report("sent directly, without an outbox", direct(rig, service, schedule));
            whole &= report("through this instance's relay", relayed(rig, service, schedule));
            try (ConfigurableApplicationContext standby = rig.instance()) {
                whole &= report("through another instance's relay", relayed(rig, standby, schedule));
            }
            Machine machine = Machine.describe(Clock.systemUTC());
            out.printf(
                    Locale.ROOT,
                    "%n%.0f transactions/s, each a feed record and an event; latency is the event's%n"
                            + "%d cores (%s), %d MiB, %s, JDK %s, %s%n",
                    schedule.rate(),
                    machine.cores(),
                    machine.processor(),
                    machine.memoryMib(),
                    machine.system(),
                    machine.jdk(),
                    machine.date());
            return whole ? 0 : 1;
        }
    }

    /** Fills the outbox while nobody relays, then measures from the relay's start to its last acknowledgement. */
    private double drain(
            OutboxRig rig, ConfigurableApplicationContext service, Backlog backlog, int rows, boolean warmUp)
            throws SQLException, InterruptedException {
        err.printf("%s: %d rows%s%n", backlog.title, rows, warmUp ? " (warm-up)" : "");
        MeterRegistry meters = service.getBean(MeterRegistry.class);
        String prefix = service.getBean(TopicNames.class).prefix();
        try (Connection admin = rig.admin();
                Statement statement = admin.createStatement()) {
            statement.execute("update relay_lease set owner = 'bench', expires_at = 'infinity'");
            await(() -> meters.get(MessagingMetric.OUTBOX_ACTIVE.id()).gauge().value() == 0);
            fill(admin, backlog, prefix, rows);
            statement.execute("analyze outbox");
            double before = sent(meters);
            statement.execute("update relay_lease set owner = '', expires_at = '-infinity'");
            await(() -> meters.get(MessagingMetric.OUTBOX_ACTIVE.id()).gauge().value() == 1);
            long start = System.nanoTime();
            await(() -> sent(meters) - before >= rows);
            return rows / ((System.nanoTime() - start) / 1e9);
        }
    }

    private static void fill(Connection admin, Backlog backlog, String prefix, int rows) throws SQLException {
        String sql = """
            insert into outbox (client_id, feed, topic, key, event_id, type, occurred_at, headers, payload)
            select client, feed, ? || case when feed then ? else ? end, case when feed then client else entity end,
                   gen_random_uuid(), 'io.opsrelay.bench.v1', now(), 'ce_subject' || chr(9) || entity || chr(10),
                   convert_to(rpad('{"text":"', ?, 'x') || '"}', 'UTF8')
            from (select %s as client, %s as feed, %s as entity from generate_series(1, ?) as n) as made\
            """.formatted(backlog.client, backlog.feed, backlog.entity);
        try (PreparedStatement insert = admin.prepareStatement(sql)) {
            insert.setString(1, prefix + ".");
            insert.setString(2, Topics.FEED);
            insert.setString(3, Topics.TICKET);
            insert.setInt(4, PAYLOAD_BYTES);
            insert.setInt(5, rows);
            insert.executeUpdate();
        }
    }

    private static double sent(MeterRegistry meters) {
        return meters.find(MessagingMetric.OUTBOX_SENT.id()).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    private OutboxArrivals relayed(OutboxRig rig, ConfigurableApplicationContext service, Schedule schedule)
            throws InterruptedException {
        ClientTransactions transactions = service.getBean(ClientTransactions.class);
        Outbox outbox = service.getBean(Outbox.class);
        return measured(rig, service, schedule, (ticket, committed) -> {
            transactions.run("acme", () -> {
                outbox.publish("acme", new RunEvent.RunStarted(ticket, ticket, "local"));
                outbox.feed(
                        "acme",
                        new FeedRecord(
                                "tickets", "ticket_analyzing", ticket.toString(), 1, Map.of("status", "analyzing")));
            });
            committed.run();
        });
    }

    /** What an outbox cannot beat: the event handed to the same Kafka at the same pace. */
    private OutboxArrivals direct(OutboxRig rig, ConfigurableApplicationContext service, Schedule schedule)
            throws InterruptedException {
        String topic = service.getBean(TopicNames.class).full(Topics.TICKET);
        Map<String, Object> settings =
                Map.of("bootstrap.servers", rig.bootstrapServers(), "acks", "all", "linger.ms", 0);
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
            return measured(rig, service, schedule, (ticket, committed) -> {
                committed.run();
                producer.send(new ProducerRecord<>(topic, ticket.toString(), new byte[PAYLOAD_BYTES]));
            });
        }
    }

    private OutboxArrivals measured(
            OutboxRig rig, ConfigurableApplicationContext service, Schedule schedule, Transaction transaction)
            throws InterruptedException {
        String topic = service.getBean(TopicNames.class).full(Topics.TICKET);
        try (OutboxArrivals arrivals = new OutboxArrivals(rig.bootstrapServers(), topic);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            long start = System.nanoTime();
            for (int i = 0; i < schedule.size(); i++) {
                while (System.nanoTime() - start < schedule.dueNanos(i)) {
                    LockSupport.parkNanos(schedule.dueNanos(i) - (System.nanoTime() - start));
                }
                boolean measured = schedule.isMeasured(i);
                UUID ticket = UUID.randomUUID();
                threads.execute(() -> transaction.run(ticket, () -> {
                    if (measured) {
                        arrivals.left(ticket.toString());
                    }
                }));
            }
            threads.close();
            arrivals.awaitLast(Duration.ofSeconds(30));
            return arrivals;
        }
    }

    private boolean report(String title, OutboxArrivals arrivals) {
        Histogram micros = arrivals.micros();
        out.printf(
                Locale.ROOT,
                "%-34s %8d %9.1f %9.1f %9.1f%n",
                title,
                micros.getTotalCount(),
                micros.getValueAtPercentile(50) / 1000.0,
                micros.getValueAtPercentile(99) / 1000.0,
                micros.getMaxValue() / 1000.0);
        if (arrivals.missing() > 0) {
            out.printf("%-34s %8d LOST%n", title, arrivals.missing());
        }
        return arrivals.missing() == 0;
    }

    private static void await(Condition condition) throws InterruptedException {
        while (!condition.holds()) {
            Thread.sleep(1);
        }
    }

    @FunctionalInterface
    private interface Condition {
        boolean holds();
    }

    @FunctionalInterface
    private interface Transaction {
        void run(UUID ticket, Runnable committed);
    }

    /** Rows as SQL makes them; n counts from 1, and two rows are one commit. */
    private enum Backlog {
        MANY_CLIENTS("feed and events of 1,000 clients", "'c' || (n / 2) % 1000", "n % 2 = 1", "'t' || n / 2"),
        ONE_CLIENT("feed and events of one client", "'acme'", "n % 2 = 1", "'t' || n / 2"),
        ONE_KEY("events of one ticket", "'acme'", "false", "'t'");

        private final String title;
        private final String client;
        private final String feed;
        private final String entity;

        Backlog(String title, String client, String feed, String entity) {
            this.title = title;
            this.client = client;
            this.feed = feed;
            this.entity = entity;
        }
    }
}

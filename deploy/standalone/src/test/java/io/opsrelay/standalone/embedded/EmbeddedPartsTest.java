package io.opsrelay.standalone.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.standalone.process.ChildProcess;
import io.opsrelay.standalone.process.EndSignal;
import io.opsrelay.standalone.process.OsUser;
import io.opsrelay.standalone.process.Ports;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.Session;
import jakarta.mail.Store;
import jakarta.mail.Transport;
import jakarta.mail.internet.MimeMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EmbeddedPartsTest {

    private static final Duration LIMIT = Duration.ofMinutes(3);

    /** PostgreSQL is unpacked once for all tests. */
    private static final OpenFolder CACHE = new OpenFolder();

    private final OpenFolder folder = new OpenFolder();
    private final Path log = folder.path.resolve("part.log");

    @AfterAll
    static void cleanCache() throws Exception {
        CACHE.close();
    }

    @AfterEach
    void clean() throws Exception {
        folder.close();
    }

    @Test
    void kafkaKeepsItsRecordsOverAKill() throws Exception {
        // given
        Kafka kafka = new Kafka(folder.path.resolve("kafka"), log, Ports.free());
        ChildProcess first = kafka.start(LIMIT);
        Map<String, Object> connection = Map.of("bootstrap.servers", kafka.bootstrapServers());
        try (Admin admin = Admin.create(connection)) {
            admin.createTopics(List.of(new NewTopic("kept", 1, (short) 1)))
                    .all()
                    .get(60, TimeUnit.SECONDS);
        }
        try (var producer = new KafkaProducer<>(connection, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>("kept", "key", "value")).get(60, TimeUnit.SECONDS);
        }

        // when
        kill(first);
        ChildProcess second = kafka.start(LIMIT);

        // then
        try (var consumer = new KafkaConsumer<>(connection, new StringDeserializer(), new StringDeserializer())) {
            TopicPartition partition = new TopicPartition("kept", 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            assertThat(consumer.poll(LIMIT)).extracting(ConsumerRecord::value).containsExactly("value");
        } finally {
            assertThat(second.end(kafka.ending())).isTrue();
        }
    }

    @Test
    void postgresKeepsWhatItCommittedOverAKill() throws Exception {
        // given
        Postgres postgres = new Postgres(folder.path.resolve("postgres"), CACHE.path, log, Ports.free(), "secret");
        ChildProcess first = postgres.start(LIMIT);
        try (Connection connection = connect(postgres);
                Statement statement = connection.createStatement()) {
            statement.execute("create table kept (value text)");
            statement.execute("insert into kept values ('value')");
        }

        // when
        kill(first);
        ChildProcess second = postgres.start(LIMIT);

        // then
        try (Connection connection = connect(postgres);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select value from kept")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1)).isEqualTo("value");
        } finally {
            assertThat(second.end(postgres.ending())).isTrue();
        }
        assertThat(String.join("\n", second.lastLines(5))).contains("database system is shut down");
    }

    @Test
    void postgresWritesThroughAndLetsNobodyInWithoutAPassword() throws Exception {
        // given
        Postgres postgres = new Postgres(folder.path.resolve("postgres"), CACHE.path, log, Ports.free(), "secret");
        ChildProcess server = postgres.start(LIMIT);
        try (Connection connection = connect(postgres);
                Statement statement = connection.createStatement()) {
            // then
            for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
                try (ResultSet value = statement.executeQuery("show " + setting)) {
                    assertThat(value.next()).isTrue();
                    assertThat(value.getString(1)).as(setting).isEqualTo("on");
                }
            }
            try (ResultSet rules = statement.executeQuery("select distinct auth_method from pg_hba_file_rules")) {
                assertThat(rules.next()).isTrue();
                assertThat(rules.getString(1)).isEqualTo("scram-sha-256");
                assertThat(rules.next()).isFalse();
            }
        } finally {
            server.end(postgres.ending());
        }
    }

    @Test
    void redisAnswersAndStartsAgainAfterAKill() throws Exception {
        // given
        Redis redis = new Redis(folder.path.resolve("redis"), log, Ports.free());
        ChildProcess first = redis.start(LIMIT);
        assertThat(redis.healthy()).isTrue();

        // when
        kill(first);
        assertThat(redis.healthy()).isFalse();
        ChildProcess second = redis.start(LIMIT);

        // then
        assertThat(redis.healthy()).isTrue();
        assertThat(second.end(redis.ending())).isTrue();
    }

    @Test
    void theMailServerKeepsWhatItIsSentApartByWhoSentIt() throws Exception {
        // given
        MailServer mail = new MailServer(folder.path.resolve("mail"), log, Ports.free(), Ports.free(), "s3cret");
        ChildProcess server = mail.start(LIMIT);

        try {
            // when
            send(mail.port(), "X-OpsRelay-Message: 018f5e6c-0000-7000-8000-000000000001");
            send(mail.port(), "X-Other: 1");
            send(mail.port(), "X-Other: 2");

            // then
            assertThat(mailsOf(mail, "customers")).isEqualTo(1);
            assertThat(mailsOf(mail, "support")).isEqualTo(2);
            assertThat(server.end(mail.ending())).isTrue();
            assertThat(mail.healthy()).isFalse();
        } finally {
            server.end(mail.ending());
        }
    }

    private static void send(int port, String header) throws Exception {
        Session session = Session.getInstance(new Properties());
        MimeMessage message = new MimeMessage(session);
        message.setFrom("a@b.example");
        message.setRecipients(Message.RecipientType.TO, "anybody@anywhere.example");
        message.setText("text");
        message.addHeaderLine(header);
        try (Transport transport = session.getTransport("smtp")) {
            transport.connect("127.0.0.1", port, null, null);
            message.saveChanges();
            transport.sendMessage(message, message.getAllRecipients());
        }
    }

    private static int mailsOf(MailServer mail, String user) throws Exception {
        Session session = Session.getInstance(new Properties());
        try (Store store = session.getStore("imap")) {
            store.connect("127.0.0.1", mail.imapPort(), user, "s3cret");
            try (Folder inbox = store.getFolder("INBOX")) {
                inbox.open(Folder.READ_ONLY);
                return inbox.getMessageCount();
            }
        }
    }

    @Test
    void aPartThatCannotStartSaysWhy() throws Exception {
        // given
        Redis redis = new Redis(folder.path.resolve("redis"), log, Ports.free());
        ChildProcess first = redis.start(LIMIT);
        Redis second = new Redis(folder.path.resolve("redis2"), folder.path.resolve("second.log"), redis.port());

        // when
        ChildProcess loser = second.launch();
        loser.awaitExit();

        // then
        assertThat(String.join("\n", loser.lastLines(20))).contains("bind: Address");
        first.end(redis.ending());
    }

    @Test
    void onlyPostgresRunsAsAnotherUserUnderRoot() throws Exception {
        // given
        Postgres postgres = new Postgres(folder.path.resolve("postgres"), CACHE.path, log, Ports.free(), "secret");

        // when
        ChildProcess server = postgres.start(LIMIT);

        // then
        OsUser expected = OsUser.isRoot() ? OsUser.nobody() : OsUser.current();
        Path process = Path.of("/proc", Long.toString(server.identity().pid()));
        assertThat(Files.getAttribute(process, "unix:uid")).isEqualTo((int) expected.uid());
        server.end(postgres.ending());
    }

    private static Connection connect(Postgres postgres) throws Exception {
        return DriverManager.getConnection(postgres.adminUrl(), Postgres.ADMIN, "secret");
    }

    private static void kill(ChildProcess process) throws Exception {
        process.identity().signal(EndSignal.KILL);
        assertThat(process.awaitExit()).isEqualTo(137);
    }
}

package io.opsrelay.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TestServicesTest {

    @Test
    void everyTestOfTheBuildGetsTheSameServices() {
        assertThat(new KeeperFolder().join()).isEqualTo(TestServices.get());
    }

    @Test
    void databasesAreSeparateAndEmpty() throws Exception {
        // given
        TestDatabase first = TestDatabase.create("sample");
        TestDatabase second = TestDatabase.create("sample");

        // when
        try (Connection owner = first.owner().getConnection();
                Statement statement = owner.createStatement()) {
            statement.execute("create table things (id int)");
        }

        // then
        try (Connection app = first.app().getConnection();
                Statement statement = app.createStatement()) {
            statement.execute("insert into things values (1)");
        }
        try (Connection owner = second.owner().getConnection();
                Statement statement = owner.createStatement()) {
            statement.execute("create table things (id int)");
        }
        assertThat(first.url()).isNotEqualTo(second.url());
    }

    @Test
    void postgresWritesThroughAsInProduction() throws Exception {
        try (Connection admin = TestDatabase.create("sample").admin().getConnection();
                Statement statement = admin.createStatement();
                ResultSet value = statement.executeQuery("show fsync")) {
            assertThat(value.next()).isTrue();
            assertThat(value.getString(1)).isEqualTo("on");
        }
    }

    @Test
    void recordsAreFoundByWhatTheyAreAndTopicsByTheirPrefix() {
        // given
        TestKafka kafka = TestKafka.withRandomPrefix();
        TestKafka other = TestKafka.withRandomPrefix();
        kafka.createTopics(3, "ticket.v1");
        kafka.createTopics(3, "ticket.v1");

        // when
        kafka.send("ticket.v1", "t-1", "first".getBytes(StandardCharsets.UTF_8), Map.of("ce_type", "a"));
        kafka.send("ticket.v1", "t-1", "second".getBytes(StandardCharsets.UTF_8), Map.of("ce_type", "b"));

        // then
        assertThat(kafka.await("ticket.v1", message -> "b".equals(TestKafka.header(message, "ce_type")))
                        .value())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("second");
        assertThat(kafka.all("ticket.v1")).hasSize(2);
        assertThat(other.all("ticket.v1")).isEmpty();
        assertThatThrownBy(() -> kafka.await("ticket.v1", 3, message -> true, Duration.ofSeconds(1)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("awaited 3 records");
    }

    @Test
    void redisAnswers() throws IOException {
        URI uri = URI.create(TestServices.get().redis());
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII))
                    .isEqualTo("+PONG");
        }
    }
}

package io.opsrelay.gateway.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opsrelay.contracts.Headers;
import io.opsrelay.gateway.TestFeed;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class FeedRowTest {

    private static final int PARTITIONS = 6;

    @Test
    void aSoundRecordBecomesAFrameWithItsDataUnchanged() throws PoisonRecordException {
        FeedRow row = FeedRow.of(kafkaRecord("acme", Map.of(), "{ \"ö\": [1, 2.50] }"), PARTITIONS);

        Frame frame = new Frame(0, "abc", 7, row.type(), row.channel(), row.key(), 5, 3, row.tail());
        assertThat(new String(frame.text(), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"type\":\"ticket_received\",\"channel\":\"tickets\",\"epoch\":\"abc\",\"offset\":7,\"prev\":5,"
                                + "\"time\":\"2026-11-20T10:00:00.123Z\",\"key\":\"t-1\",\"data\":{ \"ö\": [1, 2.50] }}");
        assertThat(new String(frame.ticketText(), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"type\":\"ticket_received\",\"channel\":\"ticket:t-1\",\"epoch\":\"abc\",\"offset\":7,\"prev\":3,"
                                + "\"time\":\"2026-11-20T10:00:00.123Z\",\"key\":\"t-1\",\"data\":{ \"ö\": [1, 2.50] }}");
    }

    @Test
    void aKeyIsEscaped() throws PoisonRecordException {
        FeedRow row = FeedRow.of(kafkaRecord("acme", Map.of(Headers.SUBJECT, "a\"b\n"), "{}"), PARTITIONS);

        Frame frame = new Frame(0, "abc", 7, row.type(), row.channel(), row.key(), -1, -1, row.tail());
        assertThat(JsonMapper.shared()
                        .readTree(frame.ticketText())
                        .get("channel")
                        .asString())
                .isEqualTo("ticket:a\"b\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "7", "{", "{} {}", "{\"a\":}", "{\"a\":\"\u0001\"}"})
    void aValueThatIsNoJsonObjectIsPoison(String value) {
        assertPoison(kafkaRecord("acme", Map.of(), value), "");
    }

    @Test
    void aValueNestedTooDeeplyIsPoison() {
        assertPoison(kafkaRecord("acme", Map.of(), "{\"a\":".repeat(51) + "1" + "}".repeat(51)), "depth");
    }

    @Test
    void aValueThatIsNotUtf8IsPoisonEvenWhereItIsJson() {
        byte[] utf16 = "{\"a\":1}".getBytes(StandardCharsets.UTF_16LE);
        assertPoison(kafkaRecord("acme", Map.of(), utf16), "");
        assertPoison(kafkaRecord("acme", Map.of(), new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'}), "UTF-8");
        assertPoison(kafkaRecord("acme", Map.of(), (byte[]) null), "no value");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "absent",
            value = {
                "ce_clientid, absent",
                "ce_clientid, Acme Ltd",
                "ce_channel, absent",
                "ce_channel, '\"}'",
                "ce_frame, absent",
                "ce_frame, TicketReceived",
                "ce_frame, auth_success",
                "ce_frame, heartbeat",
                "ce_subject, absent",
                "ce_subject, ''",
                "ce_time, absent",
                "ce_time, yesterday"
            })
    void aMissingOrSenselessHeaderIsPoisonAndNamed(String header, @Nullable String value) {
        Map<String, @Nullable String> spoilt = new HashMap<>();
        spoilt.put(header, value);

        assertPoison(kafkaRecord("acme", spoilt, "{}"), header);
    }

    @Test
    void aRecordUnderAnotherClientsKeyIsPoison() {
        assertPoison(kafkaRecord("globex", Map.of(Headers.CLIENT, "acme"), "{}"), "key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"acme", "globex", "a", "client-with-a-long-name_1"})
    void aClientsPartitionIsTheOneThatKafkasProducersChoose(String client) {
        assertThat(FeedRow.partitionOf(client, PARTITIONS))
                .isEqualTo(BuiltInPartitioner.partitionForKey(client.getBytes(StandardCharsets.UTF_8), PARTITIONS));
    }

    private static void assertPoison(ConsumerRecord<byte[], byte[]> spoilt, String reason) {
        assertThatThrownBy(() -> FeedRow.of(spoilt, PARTITIONS))
                .isInstanceOf(PoisonRecordException.class)
                .hasMessageContaining(reason);
    }

    private static ConsumerRecord<byte[], byte[]> kafkaRecord(
            String key, Map<String, ? extends @Nullable String> spoilt, String value) {
        return kafkaRecord(key, spoilt, value.getBytes(StandardCharsets.UTF_8));
    }

    private static ConsumerRecord<byte[], byte[]> kafkaRecord(
            String key, Map<String, ? extends @Nullable String> spoilt, byte @Nullable [] value) {
        ConsumerRecord<byte[], byte[]> made = new ConsumerRecord<>(
                "feed", FeedRow.partitionOf(key, PARTITIONS), 7, key.getBytes(StandardCharsets.UTF_8), value);
        Map<String, @Nullable String> headers =
                new HashMap<>(TestFeed.headers(key, "tickets", "ticket_received", "t-1"));
        headers.putAll(spoilt);
        headers.forEach((name, text) -> {
            if (text != null) {
                made.headers().add(name, text.getBytes(StandardCharsets.UTF_8));
            }
        });
        return made;
    }
}

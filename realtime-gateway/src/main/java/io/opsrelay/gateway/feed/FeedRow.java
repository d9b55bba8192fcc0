package io.opsrelay.gateway.feed;

import io.opsrelay.contracts.Headers;
import io.opsrelay.security.tenant.ClientId;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.utils.Utils;

/**
 * A record of the feed topic that was found to be sound.
 *
 * @param id the event's, the same if it is sent again; empty if it has none of use
 * @param tail the frame's JSON after its position
 */
record FeedRow(String id, String client, String channel, String type, String key, byte[] tail) {

    private static final Pattern FRAME_TYPE = Pattern.compile("[a-z][a-z0-9_]{0,63}");
    private static final Pattern CHANNEL = Pattern.compile("[a-z][a-z0-9_]{0,63}");
    private static final int LONGEST_KEY = 256;
    private static final int LONGEST_ID = 64;

    /** What the gateway itself says; a record must not pass for it. */
    private static final Set<String> RESERVED_TYPES =
            Set.of("auth_success", "subscribed", "unsubscribed", "resync", "reconnect", "heartbeat", "error");

    /**
     * Reads a record.
     *
     * @param partitions how many the topic has
     * @throws PoisonRecordException if it cannot become a frame
     */
    static FeedRow of(ConsumerRecord<byte[], byte[]> kafka, int partitions) throws PoisonRecordException {
        String client = header(kafka, Headers.CLIENT);
        if (!ClientId.isValid(client)) {
            throw new PoisonRecordException(Headers.CLIENT + " is not a client id");
        }
        // A client's order and positions hold in its own partition only.
        if (!Arrays.equals(kafka.key(), client.getBytes(StandardCharsets.US_ASCII))) {
            throw new PoisonRecordException("the record's key is not its client id");
        }
        if (kafka.partition() != partitionOf(client, partitions)) {
            throw new PoisonRecordException("the record is not in its client's partition");
        }
        String channel = header(kafka, Headers.CHANNEL);
        if (!CHANNEL.matcher(channel).matches()) {
            throw new PoisonRecordException(Headers.CHANNEL + " is not a channel's name");
        }
        String type = header(kafka, Headers.FRAME);
        if (!FRAME_TYPE.matcher(type).matches()) {
            throw new PoisonRecordException(Headers.FRAME + " is not a frame type in snake_case");
        }
        if (RESERVED_TYPES.contains(type)) {
            throw new PoisonRecordException(Headers.FRAME + " is a type that only the gateway sends: " + type);
        }
        String key = header(kafka, Headers.SUBJECT);
        if (key.isEmpty() || key.length() > LONGEST_KEY) {
            throw new PoisonRecordException(Headers.SUBJECT + " must have 1 to " + LONGEST_KEY + " characters");
        }
        String time = header(kafka, Headers.TIME);
        try {
            time = Instant.parse(time).toString();
        } catch (DateTimeException e) {
            throw new PoisonRecordException(Headers.TIME + " is not an RFC 3339 time in UTC");
        }
        byte[] data = kafka.value();
        if (data == null) {
            throw new PoisonRecordException("the record has no value");
        }
        Json.requireObject(data);
        return new FeedRow(idOf(kafka), client, channel, type, key, tail(time, key, data));
    }

    /** Where Kafka's producers put the records of this client. */
    static int partitionOf(String client, int partitions) {
        return Utils.toPositive(Utils.murmur2(client.getBytes(StandardCharsets.UTF_8))) % partitions;
    }

    private static byte[] tail(String time, String key, byte[] data) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(data.length + key.length() + 64);
        out.writeBytes(",\"time\":\"".getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(time.getBytes(StandardCharsets.US_ASCII));
        out.writeBytes("\",\"key\":\"".getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(Json.escaped(key));
        out.writeBytes("\",\"data\":".getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(data);
        out.write('}');
        return out.toByteArray();
    }

    private static String idOf(ConsumerRecord<byte[], byte[]> kafka) {
        Header id = kafka.headers().lastHeader(Headers.ID);
        return id == null || id.value() == null || id.value().length > LONGEST_ID
                ? ""
                : new String(id.value(), StandardCharsets.US_ASCII);
    }

    private static String header(ConsumerRecord<byte[], byte[]> kafka, String name) throws PoisonRecordException {
        Header header = kafka.headers().lastHeader(name);
        if (header == null || header.value() == null) {
            throw new PoisonRecordException(name + " is missing");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(header.value()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new PoisonRecordException(name + " is not valid UTF-8");
        }
    }

    @Override
    public boolean equals(@org.jspecify.annotations.Nullable Object other) {
        return other instanceof FeedRow row
                && id.equals(row.id)
                && client.equals(row.client)
                && channel.equals(row.channel)
                && type.equals(row.type)
                && key.equals(row.key)
                && Arrays.equals(tail, row.tail);
    }

    @Override
    public int hashCode() {
        return 31 * client.hashCode() + Arrays.hashCode(tail);
    }
}

package io.opsrelay.ingestion.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.anyList;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opsrelay.ingestion.channel.Channels;
import io.opsrelay.ingestion.ticket.NewTicket;
import io.opsrelay.ingestion.ticket.Reception;
import io.opsrelay.ingestion.ticket.Tickets;
import io.opsrelay.messaging.RawRecord;
import io.opsrelay.messaging.RawRecord.RawHeader;
import io.opsrelay.messaging.RawSubscription.Rejection;
import io.opsrelay.security.tenant.ClientTransactions;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever stands in a record: it becomes a ticket that can be stored, or is refused with a reason. */
class UpstreamFuzzTest {

    private static final int RECORDS = 5_000;
    private static final List<String> PIECES = List.of(
            "{",
            "}",
            "[",
            "]",
            "\"",
            ":",
            ",",
            "null",
            "true",
            "1e999999",
            "-0",
            "\\u0000",
            "\\ud800",
            "\u0000",
            "\"\"",
            "[[[[",
            "{\"a\":{\"a\":",
            "\uFEFF",
            "9".repeat(2_000),
            "x".repeat(101_000));
    private static final List<String> HEADERS = List.of(
            "source", "ce_source", "ce_id", "ce_type", "ce_specversion", "content-type", "replay_of", "replay_for");
    private static final List<String> VALUES = List.of(
            "crm",
            "1.0",
            "",
            "application/json",
            "application/cloudevents+json",
            "application/cloudevents+xml",
            ";",
            "\u0000",
            "x".repeat(300));

    private final List<NewTicket> stored = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everyRecordBecomesATicketOrIsRefused(long seed) {
        Random random = new Random(seed);
        List<RawRecord> records = new ArrayList<>();
        for (int i = 0; i < RECORDS; i++) {
            records.add(record(random, i));
        }

        List<Rejection> rejections = intake().take(records);

        assertThat(rejections.size() + stored.size()).isEqualTo(RECORDS);
        assertThat(rejections).isNotEmpty().allSatisfy(rejection -> assertThat(rejection.reason())
                .isNotBlank()
                .hasSizeLessThan(2_000));
        assertThat(stored).isNotEmpty().allSatisfy(ticket -> {
            assertThat(ticket.subject()).isNotBlank().hasSizeLessThanOrEqualTo(500);
            assertThat(ticket.externalId()).isNotBlank().hasSizeLessThanOrEqualTo(200);
            assertThat(ticket.subject() + ticket.body() + ticket.externalId() + ticket.metadata())
                    .doesNotContain("\u0000");
            String text = ticket.body();
            assertThat(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                    .isEqualTo(text);
        });
    }

    private UpstreamIntake intake() {
        Tickets tickets = mock(Tickets.class);
        when(tickets.receiveAll(anyString(), anyList())).thenAnswer(call -> {
            List<NewTicket> newTickets = call.getArgument(1);
            stored.addAll(newTickets);
            return newTickets.stream()
                    .map(ticket -> (Reception) new Reception.Accepted(UUID.randomUUID()))
                    .toList();
        });
        UpstreamProperties properties = new UpstreamProperties(
                1,
                1,
                List.of(new UpstreamProperties.Configured(
                        "crm", "acme", false, Set.of(), Map.of(), null, Map.of(), Map.of(), "refuse")));
        return new UpstreamIntake(
                new Sources(properties, mock(Channels.class)),
                tickets,
                mock(UpstreamStatuses.class),
                mock(ClientTransactions.class),
                new SimpleMeterRegistry());
    }

    private static RawRecord record(Random random, int offset) {
        String ticket = """
                {"subject":"A lamp","body":"It \\u00e9 \\ud83d\\ude00","customer_email":"a@example.org","external_id":"%d",
                 "priority":"high","metadata":{"order":4711}}""".formatted(offset);
        boolean structured = random.nextInt(4) == 0;
        String value = structured
                ? "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"crm\",\"type\":\"t\",\"data\":" + ticket + "}"
                : ticket;
        List<RawHeader> headers = new ArrayList<>();
        headers.add(
                structured
                        ? RawHeader.of("content-type", "application/cloudevents+json")
                        : RawHeader.of("source", "crm"));
        for (int i = random.nextInt(3); i > 0; i--) {
            headers.add(RawHeader.of(pick(random, HEADERS), pick(random, VALUES)));
        }
        if (random.nextInt(20) == 0) {
            headers.add(new RawHeader(pick(random, HEADERS), null));
        }
        return new RawRecord("t", 0, offset, null, mutated(random, value), headers, Instant.EPOCH);
    }

    private static byte[] mutated(Random random, String value) {
        StringBuilder text = new StringBuilder(value);
        for (int i = random.nextInt(3); i > 0; i--) {
            int at = random.nextInt(text.length() + 1);
            switch (random.nextInt(3)) {
                case 0 -> text.insert(at, pick(random, PIECES));
                case 1 -> text.delete(at, Math.min(text.length(), at + random.nextInt(20)));
                default -> text.setLength(at);
            }
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 0 && random.nextInt(4) == 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    private static <T> T pick(Random random, List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}

package io.opsrelay.ingestion.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BulkBufferTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @Test
    void whoReadsWaitsForWhoStores() throws InterruptedException {
        BulkBuffer buffer = new BulkBuffer(5, LONG);
        AtomicInteger put = new AtomicInteger();
        Thread reader = Thread.ofVirtual().start(() -> {
            try {
                for (int i = 1; i <= 100; i++) {
                    buffer.put(line(i, 10));
                    put.set(i);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            buffer.end();
        });

        await().atMost(LONG).until(() -> put.get() == 10 && reader.getState() == Thread.State.WAITING);

        int taken = 0;
        for (List<BulkLine> lines = buffer.take(); !lines.isEmpty(); lines = buffer.take()) {
            assertThat(lines.getFirst().number()).isEqualTo(taken + 1L);
            taken += lines.size();
            assertThat(put.get()).isLessThanOrEqualTo(taken + 11);
        }
        assertThat(taken).isEqualTo(100);
    }

    @Test
    void largeLinesFillItSooner() throws InterruptedException {
        BulkBuffer buffer = new BulkBuffer(1_000, LONG);
        AtomicInteger put = new AtomicInteger();
        Thread reader = Thread.ofVirtual().start(() -> {
            try {
                while (buffer.put(line(put.incrementAndGet(), 1024 * 1024))) {
                    // on
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });

        await().atMost(LONG).until(() -> put.get() == 5 && reader.getState() == Thread.State.WAITING);

        assertThat(buffer.take()).hasSize(4);
        buffer.giveUp();
        reader.join();
    }

    @Test
    void fewLinesAreHandedOverAfterAMoment() throws InterruptedException {
        BulkBuffer buffer = new BulkBuffer(100, Duration.ofMillis(5));

        buffer.put(line(1, 10));

        assertThat(buffer.take()).hasSize(1);
    }

    @Test
    void onceNobodyTakesThemLinesAreRefused() throws InterruptedException {
        BulkBuffer buffer = new BulkBuffer(1, LONG);

        buffer.giveUp();

        assertThat(buffer.put(line(1, 10))).isFalse();
    }

    private static BulkLine line(long number, int size) {
        return new BulkLine(number, size, null, List.of());
    }
}

package io.opsrelay.agent.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PlacesTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<String> inside = new CopyOnWriteArrayList<>();
    private final List<Call> calls = new ArrayList<>();

    @AfterEach
    void close() {
        calls.forEach(Call::end);
        threads.close();
    }

    @Test
    void anEighthOfThePlacesIsOutOfOneClientsReach() {
        Places places = new Places("m", 16, LONG);

        calls(places, "crowd", 30);
        awaitInside(14);
        calls(places, "other", 2);

        awaitInside(16);
        assertThat(inside.stream().filter("other"::equals)).hasSize(2);
        assertThat(inside.stream().filter("crowd"::equals)).hasSize(14);
    }

    @Test
    void theNextPlaceGoesToTheClientWithTheFewestHoweverManyWaitedBefore() {
        Places places = new Places("m", 2, LONG);
        List<Call> crowd = calls(places, "crowd", 20);
        awaitInside(2);
        calls(places, "other", 1);

        crowd.stream().filter(Call::hasBegun).findFirst().orElseThrow().end();

        Awaitility.await().until(() -> inside.contains("other"));
        assertThat(inside.stream().filter("crowd"::equals)).hasSize(1);
    }

    @Test
    void aSingleClientMayHaveTheOnlyPlace() {
        Places places = new Places("m", 1, LONG);

        assertThat(places.within("acme", () -> "done").get()).isEqualTo("done");
        assertThat(places.within("acme", () -> "again").get()).isEqualTo("again");
    }

    @Test
    void whoWaitsTooLongIsToldSoAndTakesNoPlaceLater() {
        Places places = new Places("m", 1, Duration.ofMillis(50));
        Call first = calls(places, "acme", 1).getFirst();
        awaitInside(1);

        assertThatExceptionOfType(ModelUnavailableException.class)
                .isThrownBy(() -> places.within("acme", () -> "never").get())
                .withMessageContaining("1 requests under way already");

        first.end();
        awaitInside(0);
        assertThat(places.within("other", () -> "done").get()).isEqualTo("done");
    }

    @Test
    void aCallThatFailsGivesItsPlaceBack() {
        Places places = new Places("m", 1, Duration.ofSeconds(10));

        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> places.within("acme", () -> {
                    throw new IllegalStateException("broken");
                })
                .get());

        assertThat(places.within("acme", () -> "done").get()).isEqualTo("done");
    }

    private void awaitInside(int count) {
        Awaitility.await().until(() -> inside.size() == count);
    }

    private List<Call> calls(Places places, String client, int count) {
        List<Call> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Call call = new Call();
            made.add(call);
            calls.add(call);
            threads.execute(
                    () -> places.within(client, () -> call.inside(client)).get());
        }
        return made;
    }

    /** One that lasts until it is ended. */
    private final class Call {
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch end = new CountDownLatch(1);

        private String inside(String client) {
            inside.add(client);
            begun.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            inside.remove(client);
            return client;
        }

        private boolean hasBegun() {
            return begun.getCount() == 0;
        }

        private void end() {
            end.countDown();
        }
    }
}

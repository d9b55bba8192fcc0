package io.opsrelay.agent.labels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.opsrelay.agent.learning.LabelModel;
import io.opsrelay.agent.learning.LabelTrainer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LoadedModelsTest {

    private static final LabelModel MODEL = model();

    private final List<String> loaded = new CopyOnWriteArrayList<>();

    @Test
    void whatWasNotUsedForLongestMakesRoom() {
        LoadedModels models = new LoadedModels(2 * MODEL.bytes() + 5_000, this::load);

        models.get("a", 1);
        models.get("b", 1);
        models.get("a", 1);
        models.get("c", 1);
        models.get("a", 1);
        models.get("b", 1);

        assertThat(loaded).containsExactly("a1", "b1", "c1", "b1");
    }

    @Test
    void aModelThatIsTooLargeForTheRoomIsUsedAllTheSame() {
        LoadedModels models = new LoadedModels(10, this::load);

        assertThat(models.get("a", 1)).isPresent();
        assertThat(models.get("a", 1)).isPresent();
        assertThat(models.get("a", 2)).isPresent();

        assertThat(loaded).containsExactly("a1", "a2");
    }

    @Test
    void manyWhoWantAModelLoadItOnce() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        LoadedModels models = new LoadedModels(MODEL.bytes() * 10, (client, version) -> {
            await(release);
            return load(client, version);
        });

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Optional<LabelModel>>> asked = IntStream.range(0, 20)
                    .mapToObj(i -> threads.submit(() -> models.get("a", 1)))
                    .toList();
            release.countDown();
            for (Future<Optional<LabelModel>> answer : asked) {
                assertThat(answer.get()).contains(MODEL);
            }
        }

        assertThat(loaded).containsExactly("a1");
    }

    @Test
    void aFailureIsToldAndForgotten() {
        AtomicInteger tries = new AtomicInteger();
        LoadedModels models = new LoadedModels(MODEL.bytes(), (client, version) -> {
            if (tries.incrementAndGet() == 1) {
                throw new IllegalStateException("the database is away");
            }
            return load(client, version);
        });

        assertThatIllegalStateException().isThrownBy(() -> models.get("a", 1));
        assertThat(models.get("a", 1)).isPresent();
    }

    private Optional<LabelModel> load(String client, int version) {
        loaded.add(client + version);
        return Optional.of(MODEL);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static LabelModel model() {
        LabelTrainer trainer = new LabelTrainer(1);
        for (int i = 0; i < 40; i++) {
            trainer.add("a cloudless sky over the sea " + i, "blue");
            trainer.add("a ripe tomato from the garden " + i, "red");
        }
        try {
            return trainer.train(share -> {}).model();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

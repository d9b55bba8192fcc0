package io.opsrelay.action.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What is done at once: nothing waits for a slow one, and nobody waits for one that broke. */
class TogetherTest {

    @Test
    void whatIsDoneIsTakenWhileOthersStillWork() {
        CountDownLatch taken = new CountDownLatch(1);
        List<Callable<String>> work = List.of(
                () -> {
                    taken.await();
                    return "slow";
                },
                () -> "quick");
        List<List<String>> groups = new ArrayList<>();

        Together.inGroups(work, group -> {
            groups.add(group);
            taken.countDown();
        });

        assertThat(groups).containsExactly(List.of("quick"), List.of("slow"));
    }

    @Test
    void oneThatBreaksIsToldWhenTheOthersHaveBeenTaken() {
        List<String> seen = new ArrayList<>();
        List<Callable<String>> work = List.of(
                () -> {
                    throw new IllegalStateException("gone");
                },
                () -> {
                    throw new StackOverflowError();
                },
                () -> "done");

        assertThatThrownBy(() -> Together.inGroups(work, seen::addAll))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("2 failed");

        assertThat(seen).containsExactly("done");
    }

    @Test
    void whatCannotBeTakenDoesNotKeepTheRestFromBeingTaken() {
        CountDownLatch refused = new CountDownLatch(1);
        List<String> seen = new ArrayList<>();
        List<Callable<String>> work = List.of(() -> "first", () -> {
            refused.await();
            return "second";
        });

        assertThatThrownBy(() -> Together.inGroups(work, group -> {
                    if (refused.getCount() > 0) {
                        refused.countDown();
                        throw new IllegalStateException("no database");
                    }
                    seen.addAll(group);
                }))
                .hasRootCauseMessage("no database");

        assertThat(seen).containsExactly("second");
    }
}

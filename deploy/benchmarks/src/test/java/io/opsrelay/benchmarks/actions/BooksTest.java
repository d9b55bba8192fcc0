package io.opsrelay.benchmarks.actions;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.benchmarks.actions.Books.Action;
import io.opsrelay.benchmarks.actions.Books.Approval;
import io.opsrelay.benchmarks.actions.Books.Effect;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BooksTest {

    private static final Action DONE = action("a1", "succeeded", "p1");
    private static final Approval APPROVED =
            new Approval("acme", "p1", "a1", "approved", "hash", "ai:flora", "user:mary");
    private static final Effect EFFECT = new Effect("acme", "key-a1", "25.00");

    @Test
    void whatWasApprovedAndDoneOnceIsSound() {
        assertThat(violations(DONE, APPROVED, EFFECT)).isEmpty();
    }

    @Test
    void whatWasRejectedAndNotDoneIsSound() {
        Approval rejected = new Approval("acme", "p1", "a1", "rejected", "hash", "ai:flora", "user:mary");

        assertThat(violations(action("a1", "rejected", "p1"), rejected)).isEmpty();
    }

    @Test
    void whatWasApprovedAndFailedWithoutAnEffectIsSound() {
        assertThat(violations(action("a1", "failed", "p1"), APPROVED)).isEmpty();
    }

    @Test
    void twoEffectsAreFound() {
        assertThat(violations(DONE, APPROVED, EFFECT, EFFECT)).anyMatch(text -> text.contains("did it 2 times"));
    }

    @Test
    void aSuccessThatTheProviderDoesNotKnowIsFound() {
        assertThat(violations(DONE, APPROVED)).anyMatch(text -> text.contains("did it 0 times"));
    }

    @Test
    void aFailureThatTheProviderDidIsFound() {
        assertThat(violations(action("a1", "failed", "p1"), APPROVED, EFFECT))
                .anyMatch(text -> text.contains("it is failed, and the provider did it 1 times"));
    }

    @Test
    void anActionThatIsNotSettledIsFound() {
        assertThat(violations(action("a1", "unknown", "p1"), APPROVED))
                .anyMatch(text -> text.contains("not settled but unknown"))
                .anyMatch(text -> text.contains("was given, and the action is unknown"));
    }

    @Test
    void anEffectWithoutApprovalIsFound() {
        Approval ofOtherArguments = new Approval("acme", "p1", "a1", "approved", "other", "ai:flora", "user:mary");
        Approval rejected = new Approval("acme", "p1", "a1", "rejected", "hash", "ai:flora", "user:mary");
        Approval ofAnother = new Approval("acme", "p1", "a2", "approved", "hash", "ai:flora", "user:mary");

        for (Approval approval : List.of(ofOtherArguments, rejected, ofAnother)) {
            assertThat(violations(DONE, approval, EFFECT))
                    .anyMatch(text -> text.contains("without an approval of exactly that"));
        }
        assertThat(violations(action("a1", "succeeded", null), APPROVED, EFFECT))
                .anyMatch(text -> text.contains("without an approval of exactly that"));
    }

    @Test
    void anApprovalByWhoAskedIsFound() {
        Approval own = new Approval("acme", "p1", "a1", "approved", "hash", "user:mary", "user:mary");

        assertThat(violations(DONE, own, EFFECT)).anyMatch(text -> text.contains("approved by who asked for it"));
    }

    @Test
    void anotherAmountAndAnotherClientAreFound() {
        assertThat(violations(DONE, APPROVED, new Effect("acme", "key-a1", "26.00")))
                .anyMatch(text -> text.contains("approved were 25.00, done 26.00"));
        assertThat(violations(DONE, APPROVED, new Effect("globex", "key-a1", "25.00")))
                .anyMatch(text -> text.contains("it was done to globex"));
    }

    @Test
    void anEffectOfNoActionIsFound() {
        assertThat(violations(DONE, APPROVED, EFFECT, new Effect("acme", "key-x", "1.00")))
                .containsExactly("the provider did key-x, which belongs to no action");
    }

    @Test
    void anAcceptedActionThatIsNowhereIsFound() {
        assertThat(new Books(List.of(), List.of(), List.of(), Set.of("a9")).violations())
                .containsExactly("action a9 was accepted and is nowhere");
    }

    @Test
    void theSamePlanFollowsFromTheSameSeedAndHitsEveryPoint() {
        assertThat(Kill.ofSeed(7, 30)).hasSize(30).isEqualTo(Kill.ofSeed(7, 30)).isNotEqualTo(Kill.ofSeed(8, 30));
        assertThat(Kill.ofSeed(7, 8)).extracting(Kill::point).doesNotHaveDuplicates();
    }

    private static List<String> violations(Action action, Approval approval, Effect... effects) {
        return new Books(List.of(action), List.of(approval), List.of(effects), Set.of("a1")).violations();
    }

    private static Action action(String id, String status, @Nullable String approvalId) {
        return new Action("acme", id, "refund", "ai:flora", status, approvalId, "hash", "key-" + id, "25.00");
    }
}

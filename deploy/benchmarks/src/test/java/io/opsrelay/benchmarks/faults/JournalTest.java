package io.opsrelay.benchmarks.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.benchmarks.history.History.Answer;
import io.opsrelay.benchmarks.history.History.Load;
import io.opsrelay.benchmarks.history.History.Post;
import java.util.List;
import org.junit.jupiter.api.Test;

class JournalTest {

    private final Journal journal = new Journal();

    @Test
    void onlyATicketPostedAfterTheFaultShowsThatWorkGoesOn() {
        posted("before", "t1");
        long fault = System.nanoTime();
        posted("after", "t2");

        journal.happened("ticket_resolved", "t1");
        assertThat(journal.workedAgain("agent-service", fault)).isNull();

        long resolved = System.nanoTime();
        journal.happened("ticket_resolved", "t2");
        journal.happened("ticket_resolved", "t2");
        assertThat(journal.workedAgain("agent-service", fault))
                .isGreaterThanOrEqualTo(resolved)
                .isLessThan(System.nanoTime());
    }

    @Test
    void whatWasHitMustHaveWorkedItself() {
        long fault = System.nanoTime();
        posted("after", "t1");

        journal.happened("ticket_resolved", "t1");
        assertThat(journal.workedAgain("action-engine", fault)).isNull();
        assertThat(journal.workedAgain("approval-service", fault)).isNull();

        journal.happened("action_prepared", "t1");
        journal.happened("approval_requested", "t1");
        assertThat(journal.workedAgain("action-engine", fault)).isNotNull();
        assertThat(journal.workedAgain("approval-service", fault)).isNotNull();
    }

    @Test
    void aWishKeepsAllItsAnswersAndNoAnswerIsNone() {
        journal.wished("acme", "k", true);
        journal.answered("k", 0, null);
        journal.answered("k", 503, null);
        journal.answered("k", 202, "t1");

        assertThat(journal.posts())
                .singleElement()
                .extracting(Post::answers)
                .isEqualTo(List.of(new Answer(503, null), new Answer(202, "t1")));
        assertThat(journal.acknowledged()).isEqualTo(1);
    }

    @Test
    void whatIsOfferedIsSentOrSkippedAndWhoGivesUpIsNoted() {
        journal.wished("acme", "k", true);
        journal.wished("acme", "l", true);
        journal.skipped();
        journal.gaveUp("l");
        journal.gaveUp("l");

        Load load = journal.load();
        assertThat(load.offered()).isEqualTo(3);
        assertThat(load.sent()).isEqualTo(2);
        assertThat(load.skipped()).isEqualTo(1);
        assertThat(load.givenUp()).containsExactly("l");
    }

    private void posted(String key, String ticketId) {
        journal.wished("acme", key, true);
        journal.answered(key, 202, ticketId);
    }
}

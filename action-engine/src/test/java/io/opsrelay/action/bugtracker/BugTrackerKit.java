package io.opsrelay.action.bugtracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opsrelay.action.catalogue.Answer;
import io.opsrelay.action.catalogue.OutcomeUnknownException;
import io.opsrelay.action.remote.BusyException;
import io.opsrelay.action.remote.FakeServer.Fault;
import io.opsrelay.action.remote.NoReplyException;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every {@link BugTracker} keeps to. The journal is the other side's own. */
abstract class BugTrackerKit {

    static final BugReport REPORT = new BugReport("Export fails", "It says 500.\n\nEvery time.", "high");

    abstract BugTracker tracker();

    /** Titles of the reports that are there, oldest first. */
    abstract List<String> titles();

    /** The next call that files a report goes wrong. */
    abstract void next(Fault fault);

    @Test
    void aReportIsFiledOnceAndFoundByItsKey() {
        String key = key();
        String mark = tracker().mark();

        Answer answer = tracker().file(key, REPORT);

        assertThat(answer).isInstanceOfSatisfying(Answer.Done.class, done -> assertThat(
                        done.result().get("reference"))
                .asString()
                .isNotBlank());
        assertThat(titles()).containsExactly("Export fails");
        assertThat(tracker().find(key, mark)).contains(answer);
        assertThat(tracker().find(key(), mark)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"DO_AND_BREAK", "DO_AND_HANG", "DO_AND_500", "DO_AND_HUGE", "DO_AND_GARBLE"})
    void aReportWhoseAnswerWasLostIsFoundAmongOthers(Fault fault) {
        tracker().file(key(), REPORT);
        String key = key();
        String mark = tracker().mark();
        next(fault);

        assertThatThrownBy(() -> tracker().file(key, REPORT)).satisfies(BugTrackerKit::leavesItOpen);
        tracker().file(key(), REPORT);

        assertThat(tracker().find(key, mark))
                .hasValueSatisfying(found -> assertThat(found).isInstanceOf(Answer.Done.class));
        assertThat(titles()).hasSize(3);
    }

    @Test
    void aReportThatWasNotFiledIsNotFound() {
        String key = key();
        String mark = tracker().mark();
        next(Fault.FAIL);

        assertThatThrownBy(() -> tracker().file(key, REPORT)).satisfies(BugTrackerKit::leavesItOpen);

        assertThat(tracker().find(key, mark)).isEmpty();
        assertThat(titles()).isEmpty();
    }

    @Test
    void aTrackerThatTakesNoMoreForNowHasDoneNothing() {
        next(Fault.TOO_MANY);

        assertThatThrownBy(() -> tracker().file(key(), REPORT)).isInstanceOf(BusyException.class);

        assertThat(titles()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"REFUSE", "REDIRECT"})
    void whatIsRefusedWasNotFiled(Fault fault) {
        next(fault);

        assertThat(tracker().file(key(), REPORT)).isInstanceOf(Answer.Refused.class);

        assertThat(titles()).isEmpty();
    }

    private static void leavesItOpen(Throwable thrown) {
        assertThat(thrown instanceof OutcomeUnknownException || (thrown instanceof NoReplyException e && e.sent()))
                .as("%s", thrown)
                .isTrue();
    }

    static String key() {
        return "opsrelay-" + UUID.randomUUID();
    }
}

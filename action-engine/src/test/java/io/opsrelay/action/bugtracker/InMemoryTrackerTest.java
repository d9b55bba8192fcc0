package io.opsrelay.action.bugtracker;

import io.opsrelay.action.catalogue.Answer;
import io.opsrelay.action.catalogue.OutcomeUnknownException;
import io.opsrelay.action.remote.FakeServer.Fault;
import io.opsrelay.action.remote.Faults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

class InMemoryTrackerTest extends BugTrackerKit {

    private final InMemoryTracker tracker = new InMemoryTracker();

    @Override
    BugTracker tracker() {
        return tracker;
    }

    @Override
    List<String> titles() {
        return tracker.titles;
    }

    @Override
    void next(Fault fault) {
        tracker.next = fault;
    }

    /** Reports in memory, with a journal of their titles. */
    private static final class InMemoryTracker implements BugTracker {

        private final List<String> titles = new ArrayList<>();
        private final Map<String, Answer> filed = new HashMap<>();
        private @Nullable Fault next;

        @Override
        public String name() {
            return "in-memory";
        }

        @Override
        public String place() {
            return "here";
        }

        @Override
        public String mark() {
            return "";
        }

        @Override
        public Answer file(String idempotencyKey, BugReport report) {
            Fault fault = next;
            next = null;
            if (fault == Fault.TOO_MANY) {
                throw Faults.busy();
            }
            if (fault == Fault.REFUSE || fault == Fault.REDIRECT) {
                return new Answer.Refused("provider_refused", "no");
            }
            Answer answer = new Answer.Done(Map.of("reference", "#" + (titles.size() + 1)));
            if (fault != Fault.FAIL) {
                titles.add(report.title());
                filed.put(idempotencyKey, answer);
            }
            if (fault != null) {
                throw new OutcomeUnknownException("broken", new IllegalStateException());
            }
            return answer;
        }

        @Override
        public Optional<Answer> find(String idempotencyKey, String mark) {
            return Optional.ofNullable(filed.get(idempotencyKey));
        }

        @Override
        public Duration settle() {
            return Duration.ZERO;
        }
    }
}

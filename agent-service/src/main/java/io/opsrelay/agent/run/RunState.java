package io.opsrelay.agent.run;

import io.opsrelay.contracts.RunEvent.Outcome;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** Where a run stands. What does not follow from where it stands is refused with an empty result. */
sealed interface RunState {

    /** A job waits for a worker. */
    record Queued() implements RunState {}

    /** A worker has it, or had it when it crashed. */
    record Working() implements RunState {}

    /** It waits for what becomes of an action. */
    record Parked(UUID actionId) implements RunState {}

    /** Over. */
    record Finished(Outcome outcome) implements RunState {}

    /** What can happen to a run. */
    sealed interface Step {
        /** A worker takes it up; taking it up again after a crash is the same. */
        record Begin() implements Step {}

        /** An action was proposed. */
        record Park(UUID actionId) implements Step {}

        /** What it waited for is known, and it goes on. */
        record Resume() implements Step {}

        /** A person has the ticket: what the run has not done yet it does not do. */
        record Stop() implements Step {}

        /** It cannot be worked, wherever it stands: every try fails. */
        record Fail() implements Step {}

        /** Nothing is left to do. */
        record Finish(Outcome outcome) implements Step {}
    }

    /** The state after {@code step}, or empty if it may not happen now. */
    default Optional<RunState> after(Step step) {
        return switch (step) {
            case Step.Begin begin ->
                this instanceof Queued || this instanceof Working ? Optional.of(new Working()) : Optional.empty();
            case Step.Park park ->
                this instanceof Working ? Optional.of(new Parked(park.actionId())) : Optional.empty();
            case Step.Resume resume -> this instanceof Parked ? Optional.of(new Working()) : Optional.empty();
            // What was proposed is under way: that run hears what becomes of it.
            case Step.Stop stop ->
                this instanceof Queued || this instanceof Working
                        ? Optional.of(new Finished(Outcome.ESCALATED))
                        : Optional.empty();
            case Step.Fail fail ->
                this instanceof Finished ? Optional.empty() : Optional.of(new Finished(Outcome.FAILED));
            case Step.Finish finish ->
                this instanceof Working || this instanceof Parked
                        ? Optional.of(new Finished(finish.outcome()))
                        : Optional.empty();
        };
    }

    /** Its name in the database and in JSON. */
    default String status() {
        return getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }
}

package io.opsrelay.agent.run;

import io.opsrelay.agent.draft.Form;
import io.opsrelay.agent.draft.Voice;
import io.opsrelay.agent.persona.Personas.Assigned;
import io.opsrelay.agent.run.LocalEngine.Draft;
import io.opsrelay.agent.run.LocalEngine.Ending;
import io.opsrelay.agent.run.Run.StepTaken;
import io.opsrelay.agent.triage.Language;
import io.opsrelay.contracts.RunEvent.Outcome;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Ends of runs in the words of templates. In the transaction that changes the run. */
@Component
class Endings {

    private final RunStore store;
    private final Announcements announcements;
    private final LocalEngine engine;
    private final Clock clock;

    Endings(RunStore store, Announcements announcements, LocalEngine engine, Clock clock) {
        this.store = store;
        this.announcements = announcements;
        this.engine = engine;
        this.clock = clock;
    }

    /**
     * It is known what became of the action, and that ends the run.
     *
     * @param orderId the order that the action was about; null where it was about none
     * @param employee who has the run, if anybody
     */
    void end(Run run, News news, @Nullable String orderId, @Nullable Assigned employee) {
        Ending ending = engine.end(news, voiceOf(run, employee), orderId);
        ending.draft().ifPresent(reply -> announcements.say(run, reply));
        RunState.Finished finished = announcements.finish(run, ending.outcome(), ending.draft(), ending.reason());
        store.update(run.with(
                run.state().after(LocalRuns.stepTo(finished)).orElseThrow(),
                run.facts(),
                run.dialogue() == null ? news : null,
                clock.instant(),
                step("resumed", news.getClass().getSimpleName().toLowerCase(Locale.ROOT))));
    }

    /** A person takes over a run that a model had, with what is known so far. */
    void escalate(Run run, String reason) {
        Dialogue dialogue = run.conversation();
        String known =
                dialogue.outcomes().isEmpty() ? reason : reason + "; so far: " + String.join("; ", dialogue.outcomes());
        Optional<Draft> reply = engine.handOver(voiceOf(run, dialogue.employee()));
        reply.ifPresent(draft -> announcements.say(run, draft));
        RunState.Finished finished = announcements.finish(run, Outcome.ESCALATED, reply, known);
        store.update(run.with(
                run.state().after(LocalRuns.stepTo(finished)).orElseThrow(),
                run.facts(),
                null,
                clock.instant(),
                step("escalated", known)));
    }

    /**
     * The run cannot be worked: it ends as failed, and people see that. What it has proposed goes its own way; nothing is
     * said to the customer.
     */
    void fail(Run run, Throwable failure) {
        run.state().after(new RunState.Step.Fail()).ifPresent(failed -> {
            String reason = "an error of ours (" + failure.getClass().getSimpleName()
                    + "), which the log of the agent has" + " under run " + run.runId();
            announcements.finish(run, Outcome.FAILED, Optional.empty(), reason);
            store.update(run.with(failed, run.facts(), null, clock.instant(), step("failed", reason)));
        });
    }

    /** How the run's customer is answered. */
    static Voice voiceOf(Run run, @Nullable Assigned employee) {
        return new Voice(
                languageOf(run),
                LocalRuns.toneOf(employee),
                Form.of(run.ticket().channel()));
    }

    static Language languageOf(Run run) {
        String language = run.facts().language();
        return Language.answering(language == null ? "en" : language);
    }

    private StepTaken step(String name, String detail) {
        return new StepTaken(clock.instant(), name, detail);
    }
}

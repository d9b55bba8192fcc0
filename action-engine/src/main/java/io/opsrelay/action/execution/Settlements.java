package io.opsrelay.action.execution;

import io.opsrelay.action.catalogue.ActionKind;
import io.opsrelay.action.catalogue.Answer;
import io.opsrelay.action.catalogue.Catalogue;
import io.opsrelay.action.catalogue.OutcomeUnknownException;
import io.opsrelay.action.catalogue.Progress;
import io.opsrelay.action.execution.ActionState.Settling;
import io.opsrelay.action.execution.ActionState.Unknown;
import io.opsrelay.action.execution.Intents.Causes;
import io.opsrelay.action.execution.Intents.Ending;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Learns from providers how actions end that were taken and had not ended, or whose answer was lost. */
@Component
class Settlements {

    private final Intents intents;
    private final ActionLog log;
    private final Catalogue catalogue;

    Settlements(Intents intents, ActionLog log, Catalogue catalogue) {
        this.intents = intents;
        this.log = log;
        this.catalogue = catalogue;
    }

    /**
     * What became of the call, and its steps; see {@link ActionKind#find}.
     *
     * @throws OutcomeUnknownException if the provider does not tell
     */
    Optional<Answer> find(String clientId, Action action, Progress progress) {
        return catalogue
                .find(clientId, action.actionType())
                .orElseThrow(() -> new OutcomeUnknownException(
                        "nothing here can ask about a " + action.actionType()
                                + " any more: configure it again, or settle the action by hand",
                        new IllegalStateException("unknown type of action")))
                .find(
                        clientId,
                        action.idempotencyKey(),
                        action.prepared().arguments().arguments(),
                        progress);
    }

    /**
     * Records a step that a provider tells of when it is asked, unless it is recorded already. It shows that the call was
     * taken: an action whose answer was lost is asked after from then on, and not called again.
     *
     * @param action that the transaction has locked
     */
    void heard(String clientId, Action action, String text) {
        Action now = action.state() instanceof Unknown
                ? intents.move(clientId, action, new Change.Accept(Map.of()), "taken by " + action.provider())
                : action;
        // A person may have settled it meanwhile.
        if (now.state() instanceof Settling) {
            log.progressOnce(clientId, now, text);
        }
    }

    /** What a provider says of an action. */
    record Told(Action action, Answer answer) {}

    /**
     * Records what a provider says of an action that the transaction has locked.
     *
     * @return the action as it stands now
     */
    Action record(String clientId, Action action, Answer answer) {
        return record(clientId, List.of(new Told(action, answer)), Causes.AS_IT_IS)
                .getFirst();
    }

    /**
     * Records what providers say of actions that the transaction has locked.
     *
     * @return the actions as they stand now, in no order
     */
    List<Action> record(String clientId, List<Told> all, Causes causes) {
        List<Action> now = new ArrayList<>();
        List<Ending> endings = new ArrayList<>();
        for (Told told : all) {
            switch (told.answer()) {
                case Answer.Done done ->
                    endings.add(new Ending(
                            told.action(),
                            new Change.Succeed(done.result()),
                            "done by " + told.action().provider()));
                case Answer.Refused refused ->
                    endings.add(new Ending(
                            told.action(),
                            new Change.BeRefused(refused.code(), refused.reason()),
                            refused.code() + ": " + refused.reason()));
                case Answer.Accepted accepted ->
                    causes.run(told.action().actionId(), () -> now.add(accepted(clientId, told.action(), accepted)));
            }
        }
        if (!endings.isEmpty()) {
            now.addAll(intents.end(clientId, endings, causes));
        }
        return now;
    }

    private Action accepted(String clientId, Action action, Answer.Accepted accepted) {
        return action.state().equals(settlingOf(action, accepted))
                ? action // nothing new
                : intents.move(
                        clientId,
                        action,
                        new Change.Accept(accepted.result()),
                        "taken by " + action.provider() + ", which has not ended it yet");
    }

    private static @Nullable ActionState settlingOf(Action action, Answer.Accepted accepted) {
        return action.state() instanceof Settling settling ? new Settling(settling.attempt(), accepted.result()) : null;
    }
}

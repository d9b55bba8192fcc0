package io.opsrelay.action.execution;

import io.opsrelay.action.execution.ActionState.Approved;
import io.opsrelay.action.execution.ActionState.Unknown;
import io.opsrelay.action.guardrail.Attempt;
import io.opsrelay.action.guardrail.Finding;
import io.opsrelay.action.guardrail.Guardrails;
import io.opsrelay.action.guardrail.Verdict;
import io.opsrelay.action.lock.TargetLocks;
import io.opsrelay.action.lock.TargetLocks.Taken;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Begins actions and ends what was begun. The target's lock, what guardrails count and the action's state change in one
 * transaction, which the caller runs with the action locked.
 */
@Component
class Intents {

    private static final Comparator<Action> BY_TARGET = Comparator.comparing(
                    (Action action) -> String.valueOf(action.prepared().target()))
            .thenComparing(Action::actionId);

    private final ActionLog log;
    private final TargetLocks locks;
    private final Guardrails guardrails;

    Intents(ActionLog log, TargetLocks locks, Guardrails guardrails) {
        this.log = log;
        this.locks = locks;
        this.guardrails = guardrails;
    }

    /** What came of it. */
    sealed interface Begun {

        /** The provider is to be called once this is committed. */
        record Call(Action action) implements Begun {}

        /** @param ahead how many have the target before it */
        record Waits(int ahead) implements Begun {}

        /** A guardrail stands against it or its approval has lapsed, and it has failed. */
        record Barred() implements Begun {}
    }

    /** Runs what changes an action in the name of the event that led to it. */
    @FunctionalInterface
    interface Causes {

        /** Whatever caused the work at hand. */
        Causes AS_IT_IS = (actionId, work) -> work.run();

        /** Runs {@code work} now. */
        void run(UUID actionId, Runnable work);
    }

    /** Begins what is approved, or calls again what turned out not to have been done. */
    Begun begin(String clientId, Action action) {
        if (action.state() instanceof Unknown) {
            Begun stopped = reach(clientId, action);
            return stopped == null ? repeat(clientId, action) : stopped;
        }
        return Objects.requireNonNull(
                begin(clientId, List.of(action), Causes.AS_IT_IS).get(action.actionId()));
    }

    /**
     * Begins what is approved. Targets are taken before anything is counted, and in one order: who wants the same ones waits
     * for the others, and nobody in a ring.
     *
     * @return what came of each, by its id
     */
    Map<UUID, Begun> begin(String clientId, List<Action> approved, Causes causes) {
        Map<UUID, Begun> begun = new HashMap<>();
        List<Action> reached = new ArrayList<>();
        approved.stream()
                .sorted(BY_TARGET)
                .forEach(action -> causes.run(action.actionId(), () -> {
                    Begun stopped = reach(clientId, action);
                    if (stopped == null) {
                        reached.add(action);
                    } else {
                        begun.put(action.actionId(), stopped);
                    }
                }));
        List<Verdict> verdicts = reached.isEmpty()
                ? List.of()
                : guardrails.enter(
                        clientId, reached.stream().map(Action::attempt).toList());
        for (int i = 0; i < reached.size(); i++) {
            Action action = reached.get(i);
            Verdict verdict = verdicts.get(i);
            causes.run(action.actionId(), () -> begun.put(action.actionId(), entered(clientId, action, verdict)));
        }
        return begun;
    }

    /** What keeps it from its target; null if nothing does, and the target is its own now. */
    private @Nullable Begun reach(String clientId, Action action) {
        if (action.state() instanceof Approved approved && !log.now().isBefore(approved.until())) {
            locks.release(action.actionId());
            String reason = "its approval lapsed at " + approved.until() + ", before it could begin";
            move(clientId, action, new Change.MissApproval(approved.approvalId()), reason);
            return new Begun.Barred();
        }
        String target = action.prepared().target();
        if (target != null
                && locks.take(clientId, target, action.actionId(), callOf(action), log.now())
                        instanceof Taken.No(var other, var ahead, var isNew)) {
            if (isNew) {
                log.waits(clientId, action, other);
            }
            return new Begun.Waits(ahead);
        }
        return null;
    }

    private Begun entered(String clientId, Action action, Verdict verdict) {
        Finding barring = verdict.barring().orElse(null);
        if (barring != null) {
            return barred(clientId, action, barring, verdict.version());
        }
        return call(
                clientId, verdict.setAside().isEmpty() ? action : log.setAside(clientId, action, verdict.setAside()));
    }

    private Begun repeat(String clientId, Action action) {
        Verdict verdict = guardrails.repeat(clientId, action.attempt());
        Finding barring = verdict.barring().orElse(null);
        if (barring != null) {
            guardrails.dropped(action.attempt());
            return barred(clientId, action, barring, verdict.version());
        }
        return call(clientId, action);
    }

    private Begun barred(String clientId, Action action, Finding barring, long version) {
        locks.release(action.actionId());
        Change.Guardrail guardrail = new Change.Guardrail(barring.rule(), version);
        move(clientId, action, new Change.BeBarred(barring.text(), guardrail), "guardrail_refused: " + barring.text());
        return new Begun.Barred();
    }

    private Begun call(String clientId, Action action) {
        return new Begun.Call(
                move(clientId, action, new Change.Begin(), "call " + callOf(action) + " of " + action.provider()));
    }

    private static int callOf(Action action) {
        return action.state() instanceof Unknown unknown ? unknown.attempt() + 1 : 1;
    }

    /**
     * How an action that was begun ended.
     *
     * @param detail for people
     */
    record Ending(Action action, Change change, @Nullable String detail) {}

    /** Records how an action that was begun ended: whatever it held is free again. */
    Action end(String clientId, Action action, Change change, @Nullable String detail) {
        return end(clientId, List.of(new Ending(action, change, detail)), Causes.AS_IT_IS)
                .getFirst();
    }

    /**
     * Records how actions ended.
     *
     * @return them as they stand now, in their order
     */
    List<Action> end(String clientId, List<Ending> endings, Causes causes) {
        List<Action> ended = new ArrayList<>();
        for (Ending ending : endings) {
            causes.run(
                    ending.action().actionId(),
                    () -> ended.add(move(clientId, ending.action(), ending.change(), ending.detail())));
        }
        locks.release(ended.stream().map(Action::actionId).toList());
        Map<Boolean, List<Attempt>> attempts = ended.stream()
                .collect(Collectors.partitioningBy(
                        action -> action.state() instanceof ActionState.Succeeded,
                        Collectors.mapping(Action::attempt, Collectors.toList())));
        attempts.forEach((success, all) -> guardrails.ended(clientId, all, success));
        return ended;
    }

    /** Ends what is approved and has no type any more. */
    void drop(String clientId, Action action) {
        locks.release(action.actionId());
        move(clientId, action, new Change.LoseType(), "type_removed: nothing here can do a " + action.actionType());
    }

    /** Forgets that an action waits for its target, which it will not touch. */
    void leave(Action action) {
        locks.release(action.actionId());
    }

    /** Changes an action that must be able to change so. */
    Action move(String clientId, Action action, Change change, @Nullable String detail) {
        Action moved = log.move(clientId, action, change, detail);
        if (moved == null) {
            throw new IllegalStateException(
                    "action " + action.actionId() + " is " + action.state() + ", which " + change + " cannot follow");
        }
        return moved;
    }
}

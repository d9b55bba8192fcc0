package io.opsrelay.action;

import io.opsrelay.action.catalogue.ActionKind;
import io.opsrelay.action.catalogue.Answer;
import io.opsrelay.action.catalogue.OutcomeUnknownException;
import io.opsrelay.action.catalogue.Preparation;
import io.opsrelay.action.catalogue.Progress;
import io.opsrelay.action.catalogue.Proposal;
import io.opsrelay.action.catalogue.Traits;
import io.opsrelay.contracts.Effect;
import io.opsrelay.contracts.Money;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.test.context.TestComponent;

/** A type of action whose outside world does as tests say, target by target, and keeps a journal. */
@TestComponent
public class ProbeAction implements ActionKind {

    /** What was called, in order: {@code begin <key>}, {@code end <key>}, {@code find <key>}. */
    private static final Map<String, List<String>> JOURNALS = new ConcurrentHashMap<>();

    private static final Map<String, CountDownLatch> HELD = new ConcurrentHashMap<>();
    private static final Map<String, Answer> ANSWERS = new ConcurrentHashMap<>();
    private static final Map<String, Answer> FOUND = new ConcurrentHashMap<>();
    private static final Map<String, String> LOST = new ConcurrentHashMap<>();

    /** What happened to a target, in order. */
    public static List<String> journal(String target) {
        return JOURNALS.computeIfAbsent(target, name -> new CopyOnWriteArrayList<>());
    }

    /** From now on calls on that target last until the latch is counted down. */
    public static CountDownLatch hold(String target) {
        CountDownLatch latch = new CountDownLatch(1);
        HELD.put(target, latch);
        return latch;
    }

    /** What calls on that target are answered; done, if nothing is said. */
    public static void answers(String target, Answer answer) {
        ANSWERS.put(target, answer);
    }

    /** What questions about that target are answered; nothing, if nothing is said. */
    public static void finds(String target, Answer answer) {
        FOUND.put(target, answer);
    }

    /** The answer to the next call on that target is lost. */
    public static void losesNext(String target) {
        LOST.put(target, "connection reset");
    }

    @Override
    public String type() {
        return "probe";
    }

    @Override
    public Traits traits() {
        return new Traits(
                "operations",
                Map.of(
                        "type",
                        "object",
                        "properties",
                        Map.of(
                                "target", Map.of("type", "string"),
                                "amount", Map.of("type", "string"),
                                "count", Map.of("type", "integer", "minimum", 1)),
                        "required",
                        List.of("target"),
                        "additionalProperties",
                        false),
                "medium",
                true,
                "Touches a target as tests like");
    }

    @Override
    public List<String> providers() {
        return List.of("probe");
    }

    @Override
    public boolean serves(String clientId) {
        return true;
    }

    @Override
    public boolean accepting(String clientId) {
        return true;
    }

    @Override
    public Preparation prepare(Proposal proposal) {
        String target = String.valueOf(proposal.arguments().get("target"));
        if (target.equals("nowhere")) {
            return new Preparation.Refused("target_not_found", "there is no such target");
        }
        Object amount = proposal.arguments().get("amount");
        return new Preparation.Ready(
                "probe",
                proposal.arguments(),
                new Effect(
                        "Touch " + target,
                        amount == null ? null : new Money(new BigDecimal(amount.toString()), "EUR"),
                        Map.of("touches_now", 0, "touches_after", 1)),
                target,
                "test");
    }

    @Override
    public Answer execute(String clientId, String key, Map<String, Object> arguments, Progress progress) {
        String target = String.valueOf(arguments.get("target"));
        journal(target).add("begin " + key);
        CountDownLatch latch = HELD.get(target);
        if (latch != null) {
            await(latch);
        }
        journal(target).add("end " + key);
        String lost = LOST.remove(target);
        if (lost != null) {
            throw new OutcomeUnknownException(lost, new IllegalStateException(lost));
        }
        return ANSWERS.getOrDefault(target, new Answer.Done(Map.of("touched", target)));
    }

    @Override
    public Optional<Answer> find(String clientId, String key, Map<String, Object> arguments, Progress progress) {
        String target = String.valueOf(arguments.get("target"));
        journal(target).add("find " + key);
        return Optional.ofNullable(FOUND.get(target));
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(1, TimeUnit.MINUTES)) {
                throw new IllegalStateException("nobody let go");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}

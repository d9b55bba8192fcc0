package io.opsrelay.action.guardrail;

import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.action.guardrail.GuardrailStore.BreakerState;
import io.opsrelay.action.guardrail.GuardrailStore.Standing;
import io.opsrelay.action.guardrail.Judge.Measured;
import io.opsrelay.contracts.Money;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Asks whether an action may begin, and counts what does. Every call belongs into a transaction of the client. */
@Component
public class Guardrails {

    private static final Logger LOG = LoggerFactory.getLogger(Guardrails.class);

    private final GuardrailStore store;
    private final StartStore starts;
    private final GuardrailChanges changes;
    private final MeterRegistry meters;
    private final Clock clock;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    Guardrails(GuardrailStore store, StartStore starts, GuardrailChanges changes, MeterRegistry meters, Clock clock) {
        this.store = store;
        this.starts = starts;
        this.changes = changes;
        this.meters = meters;
        this.clock = clock;
    }

    /** A version never changes, so it is read once. */
    private record Known(long version, List<Rule> rules) {}

    /** What would stand against it now. Holds up nobody and counts nothing. */
    public Verdict look(String clientId, Attempt attempt) {
        return look(clientId, List.of(attempt)).getFirst();
    }

    /** As {@link #look(String, Attempt)}, of several: the verdicts in their order. */
    public List<Verdict> look(String clientId, List<Attempt> attempts) {
        List<Standing> standings = store.standings(targetsOf(attempts));
        return IntStream.range(0, attempts.size())
                .mapToObj(i -> judge(clientId, attempts.get(i), standings.get(i), false))
                .toList();
    }

    /**
     * Lets actions begin and counts them, one after the other, as far as nothing bars them. Belongs into the transaction of
     * the intents: what is counted is counted if they are committed, and whoever counts for the same rule waits until then.
     * The caller has the actions' targets to itself.
     *
     * @return the verdicts in their order
     */
    public List<Verdict> enter(String clientId, List<Attempt> attempts) {
        store.holdSwitches();
        List<Standing> standings = store.standings(targetsOf(attempts));
        return IntStream.range(0, attempts.size())
                .mapToObj(i -> enter(clientId, attempts.get(i), standings.get(i)))
                .toList();
    }

    private Verdict enter(String clientId, Attempt attempt, Standing standing) {
        Verdict verdict = judge(clientId, attempt, standing, true);
        verdict.barring().ifPresentOrElse(barring -> GuardrailMetric.BARRED.count(meters, barring.kind()), () -> {
            starts.addStart(clientId, attempt, now());
            verdict.setAside().forEach(finding -> setAside(clientId, attempt, finding));
        });
        return verdict;
    }

    private static List<@Nullable String> targetsOf(List<Attempt> attempts) {
        List<@Nullable String> targets = new ArrayList<>();
        attempts.forEach(attempt -> targets.add(attempt.target()));
        return targets;
    }

    private void setAside(String clientId, Attempt attempt, Finding finding) {
        GuardrailMetric.SET_ASIDE.count(meters, finding.kind());
        LOG.warn("Break-glass: action {} of {} begins although {}", attempt.actionId(), clientId, finding.text());
    }

    /** Whether a kill switch is on for an action that began, and whose call would be repeated. */
    public Verdict repeat(String clientId, Attempt attempt) {
        store.holdSwitches();
        Standing standing = store.standing(null);
        return new Verdict(switches(standing, attempt), standing.version());
    }

    /** Notes how actions ended that had begun. */
    public void ended(String clientId, List<Attempt> attempts, boolean success) {
        if (attempts.isEmpty()) {
            return;
        }
        starts.ended(attempts.stream().map(Attempt::actionId).toList(), success);
        List<String> targets =
                attempts.stream().map(Attempt::target).filter(Objects::nonNull).toList();
        if (success && !targets.isEmpty()) {
            store.resetBreakers(targets);
        } else if (!success) {
            attempts.forEach(attempt -> failed(clientId, attempt));
        }
    }

    private void failed(String clientId, Attempt attempt) {
        String target = attempt.target();
        if (target != null) {
            long version = store.standing(target).version();
            Rulebook.breakerOf(rules(clientId, version), attempt)
                    .flatMap(breaker -> store.countFailure(clientId, target, breaker, now()))
                    .ifPresent(open -> opened(clientId, open));
        }
    }

    /** Notes that an action that had begun is not called again and was not done. */
    public void dropped(Attempt attempt) {
        starts.ended(List.of(attempt.actionId()), false);
    }

    private void opened(String clientId, BreakerState open) {
        GuardrailMetric.OPENED.count(meters, "breaker");
        LOG.warn("{} failures in a row: breaker of {} of {} opens", open.failures(), open.target(), clientId);
        changes.tellBreaker(clientId, open);
    }

    private Verdict judge(String clientId, Attempt attempt, Standing standing, boolean lock) {
        List<Finding> findings = new ArrayList<>(switches(standing, attempt));
        Instant now = now();
        findings.addAll(Judge.findings(
                rules(clientId, standing.version()),
                attempt,
                now,
                rule -> measured(clientId, rule, attempt, standing, now, lock)));
        return new Verdict(findings, standing.version());
    }

    private static List<Finding> switches(Standing standing, Attempt attempt) {
        List<Finding> findings = new ArrayList<>();
        if (standing.switchOfAll() != null) {
            findings.add(new Finding(
                    KillSwitch.OF_ALL,
                    KillSwitch.OWN,
                    "an operator has stopped all actions: " + standing.switchOfAll(),
                    false));
        }
        if (standing.ownSwitch() != null) {
            findings.add(new Finding(
                    KillSwitch.OWN,
                    KillSwitch.OWN,
                    "an admin has stopped all actions: " + standing.ownSwitch(),
                    attempt.breakGlass() != null));
        }
        return findings;
    }

    private List<Rule> rules(String clientId, long version) {
        Known rules = known.get(clientId);
        if (rules == null || rules.version() != version) {
            rules = new Known(
                    version,
                    store.rulebook(version)
                            .orElseThrow(
                                    () -> new IllegalStateException("guardrails of version " + version + " are gone"))
                            .inOrder());
            known.put(clientId, rules);
        }
        return rules.rules();
    }

    private Measured measured(
            String clientId, Rule rule, Attempt attempt, Standing standing, Instant now, boolean lock) {
        String target = attempt.target();
        return switch (rule) {
            case Rule.CoolDown coolDown ->
                target == null
                        ? Measured.NOTHING
                        : new Measured(
                                starts.lastStart(target, coolDown.scope().actionTypes()), 0, BigDecimal.ZERO, null);
            case Rule.Rate rate -> {
                if (lock && !rate.perTarget()) {
                    starts.lockCounter(clientId, rate.name());
                }
                int began = starts.starts(
                        rate.scope(), rate.perTarget() ? target : null, now.minus(Judge.HOUR), rate.perHour());
                yield new Measured(null, began, BigDecimal.ZERO, null);
            }
            case Rule.DailyCap cap -> {
                if (lock) {
                    starts.lockCounter(clientId, cap.name());
                }
                Instant today = cap.dayOf(now);
                Money money = attempt.money();
                yield new Measured(
                        null,
                        cap.count() == null ? 0 : starts.done(cap.scope(), today),
                        money == null ? BigDecimal.ZERO : starts.moved(cap.scope(), today, money.currency()),
                        null);
            }
            case Rule.Breaker breaker -> new Measured(null, 0, BigDecimal.ZERO, standing.openUntil());
            case Rule.AllowList list -> Measured.NOTHING;
            case Rule.Window window -> Measured.NOTHING;
            case Rule.Replicated bounds -> Measured.NOTHING;
        };
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}

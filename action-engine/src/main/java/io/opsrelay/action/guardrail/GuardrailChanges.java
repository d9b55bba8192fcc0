package io.opsrelay.action.guardrail;

import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.action.guardrail.GuardrailStore.BreakerState;
import io.opsrelay.action.guardrail.KillSwitch.Turn;
import io.opsrelay.contracts.Channels;
import io.opsrelay.contracts.ClientEvent.BreakerOpened;
import io.opsrelay.contracts.ClientEvent.KillSwitchTurned;
import io.opsrelay.contracts.FeedRecord;
import io.opsrelay.messaging.Outbox;
import io.opsrelay.security.Caller;
import io.opsrelay.security.audit.Audit;
import io.opsrelay.security.audit.AuditEntry;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.EntityTags;
import io.opsrelay.security.web.ProblemException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** What people change of guardrails: every change is stored, told on the feed and counted here. */
@Component
class GuardrailChanges {

    private static final Logger LOG = LoggerFactory.getLogger(GuardrailChanges.class);

    /** Whose audit chain tells what operators do; no client has this name. */
    static final String OPERATORS = KillSwitchTurned.OPERATORS;

    private final GuardrailStore store;
    private final ClientTransactions transactions;
    private final Outbox outbox;
    private final Audit audit;
    private final MeterRegistry meters;
    private final Clock clock;

    GuardrailChanges(
            GuardrailStore store,
            ClientTransactions transactions,
            Outbox outbox,
            Audit audit,
            MeterRegistry meters,
            Clock clock) {
        this.store = store;
        this.transactions = transactions;
        this.outbox = outbox;
        this.audit = audit;
        this.meters = meters;
        this.clock = clock;
    }

    /** The rules that hold. Belongs into a transaction of the client. */
    Rulebook current() {
        return store.rulebooks(1).stream().findFirst().orElse(Rulebook.SHIPPED);
    }

    Rulebook put(Caller caller, EntityTags ifMatch, List<RuleBody> rules, @Nullable String reason) {
        Map<String, String> refusals = Rulebook.refusals(rules);
        if (!refusals.isEmpty()) {
            throw ProblemException.unprocessable(refusals);
        }
        return transactions.call(caller.clientId(), () -> {
            Rulebook before = current();
            if (!ifMatch.match(before.version())) {
                throw stale();
            }
            Rulebook after = new Rulebook(before.version() + 1, rules, caller.asActor(), now(), reason);
            if (!store.add(caller.clientId(), after)) {
                throw stale();
            }
            tell(
                    caller.clientId(),
                    "guardrails_changed",
                    "guardrails",
                    after.version(),
                    Map.of("by", caller.asActor(), "rules", rules.size()));
            record(
                    caller,
                    "guardrails.changed",
                    String.valueOf(after.version()),
                    reason,
                    Map.of("version", before.version(), "rules", before.rules()),
                    Map.of("version", after.version(), "rules", after.rules()));
            return after;
        });
    }

    private static ProblemException stale() {
        return ProblemException.stale("the guardrails were changed since they were read: read them again");
    }

    /** @param why for whoever reads the audit log */
    void resetBreaker(Caller caller, String target, @Nullable String why) {
        transactions.run(caller.clientId(), () -> {
            BreakerState before =
                    store.resetBreaker(target).orElseThrow(() -> ProblemException.notFound("breaker of", target));
            tell(
                    caller.clientId(),
                    "breaker_reset",
                    "breaker/" + target,
                    now().toEpochMilli(),
                    Map.of("by", caller.asActor(), "target", target));
            record(
                    caller,
                    "breaker.reset",
                    target,
                    why,
                    Map.of(
                            "failures",
                            before.failures(),
                            "open_until",
                            String.valueOf(before.openUntil()),
                            "rule",
                            before.rule()),
                    Map.of("failures", 0));
        });
    }

    /** Turns the caller's switch: an operator's stops all clients. When this returns, nothing more begins against it. */
    KillSwitch turn(Caller caller, boolean on, String reason) {
        Turn turn = new Turn(on, caller.asActor(), now(), reason);
        if (caller.clientIdOrNull() == null) {
            LOG.warn("{} turns the kill switch of all clients {}: {}", turn.by(), on ? "on" : "off", reason);
            GuardrailMetric.CHANGED.count(meters, KillSwitch.OF_ALL);
            return transactions.call(OPERATORS, () -> {
                store.changeSwitches();
                Map<String, Object> before = standing(store.switches().ofAll());
                store.turnForAll(turn);
                outbox.publish(OPERATORS, new KillSwitchTurned(on, true, turn.by(), reason, turn.at()));
                audit.record(
                        OPERATORS,
                        new AuditEntry(
                                caller.asActor(),
                                "kill_switch.turned",
                                "guardrails",
                                KillSwitch.OF_ALL,
                                null,
                                reason,
                                before,
                                Map.of("on", on)));
                return new KillSwitch(null, turn);
            });
        }
        return transactions.call(caller.clientId(), () -> {
            store.changeSwitches();
            Map<String, Object> before = standing(store.switches().own());
            long revision = store.turn(caller.clientId(), turn);
            tell(
                    caller.clientId(),
                    "kill_switch_changed",
                    KillSwitch.OWN,
                    revision,
                    Map.of("by", caller.asActor(), "on", on));
            outbox.publish(caller.clientId(), new KillSwitchTurned(on, false, turn.by(), reason, turn.at()));
            record(caller, "kill_switch.turned", KillSwitch.OWN, reason, before, Map.of("on", on));
            return store.switches();
        });
    }

    private static Map<String, Object> standing(@Nullable Turn before) {
        return Map.of("on", before != null && before.on());
    }

    /** Tells that a target's breaker has opened. */
    void tellBreaker(String clientId, BreakerState open) {
        outbox.publish(
                clientId,
                new BreakerOpened(
                        open.target(), open.failures(), Objects.requireNonNull(open.openUntil()), open.rule()));
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("target", open.target());
        data.put("failures", open.failures());
        data.put("open_until", String.valueOf(open.openUntil()));
        data.put("rule", open.rule());
        feed(clientId, "breaker_opened", "breaker/" + open.target(), now().toEpochMilli(), data);
    }

    private void record(
            Caller caller,
            String action,
            String subject,
            @Nullable String reason,
            Map<String, Object> before,
            Map<String, Object> after) {
        audit.record(
                caller.clientId(),
                new AuditEntry(caller.asActor(), action, "guardrails", subject, null, reason, before, after));
    }

    private void tell(String clientId, String type, String key, long version, Map<String, Object> data) {
        LOG.info("{} of {}: {}", type, clientId, data);
        GuardrailMetric.CHANGED.count(meters, type);
        feed(clientId, type, key, version, data);
    }

    private void feed(String clientId, String type, String key, long version, Map<String, Object> data) {
        Map<String, Object> all = new LinkedHashMap<>(data);
        all.put("at", now().toString());
        outbox.feed(clientId, new FeedRecord(Channels.ACTIONS, type, key, version, all));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}

package io.opsrelay.approval.policy;

import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.approval.notification.Notice;
import io.opsrelay.approval.notification.Notifications;
import io.opsrelay.approval.rule.Evaluation;
import io.opsrelay.approval.rule.Evaluator;
import io.opsrelay.approval.rule.Policy;
import io.opsrelay.approval.rule.ShippedPolicy;
import io.opsrelay.approval.rule.Subject;
import io.opsrelay.approval.rule.Verdict;
import io.opsrelay.messaging.Ids;
import io.opsrelay.security.Caller;
import io.opsrelay.security.Role;
import io.opsrelay.security.audit.Audit;
import io.opsrelay.security.audit.AuditEntry;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.tenant.PerTransaction;
import io.opsrelay.security.web.EntityTags;
import io.opsrelay.security.web.ProblemException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Each client's policy as it stands, and the only way to change it. */
@Component
public class Policies {

    /** Clients whose policy is kept at hand; a policy of ten rules takes some kilobytes. */
    private static final int AT_HAND = 1_000;

    private final PolicyStore store;
    private final ClientTransactions transactions;
    private final Notifications notifications;
    private final Audit audit;
    private final MeterRegistry meters;
    private final Ids ids;
    private final Clock clock;
    private final PerTransaction<Known> current;
    /** By client; least recently asked for goes first. Guarded by itself. */
    private final Map<String, Known> atHand = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
            return size() > AT_HAND;
        }
    };

    Policies(
            PolicyStore store,
            ClientTransactions transactions,
            Notifications notifications,
            Audit audit,
            MeterRegistry meters,
            Ids ids,
            Clock clock) {
        this.store = store;
        this.transactions = transactions;
        this.notifications = notifications;
        this.audit = audit;
        this.meters = meters;
        this.ids = ids;
        this.clock = clock;
        this.current = new PerTransaction<>(() -> new Known(store.newestVersion(), ShippedPolicy.policy()));
    }

    /** What the client's policy says about an action. In a transaction of the client. */
    public Ruling rulingOn(String clientId, Subject subject) {
        Known known = current(clientId);
        Evaluation evaluation = Evaluator.evaluate(known.policy(), subject);
        PolicyMetric.VERDICTS.count(
                meters,
                switch (evaluation.verdict()) {
                    case Verdict.Allow allow -> "allow";
                    case Verdict.RequirePeople people -> "approve";
                    case Verdict.Deny deny -> "deny";
                });
        return new Ruling(known.version(), evaluation.verdict(), evaluation.inWords());
    }

    /**
     * The version is read in each transaction, so a change holds for all instances with its commit; the rules are read
     * only when it is another one than before.
     */
    private Known current(String clientId) {
        long version = current.get().version();
        if (version == 0) {
            return current.get();
        }
        synchronized (atHand) {
            Known known = atHand.get(clientId);
            if (known != null && known.version() == version) {
                return known;
            }
        }
        Policy policy = store.find(version)
                .orElseThrow(() -> new IllegalStateException("policy version " + version + " has vanished"))
                .policy();
        Known read = new Known(version, policy);
        synchronized (atHand) {
            atHand.put(clientId, read);
        }
        return read;
    }

    /**
     * Makes a new version; a policy that says what the newest says already makes none.
     *
     * @param reason why, for whoever reads the history
     * @throws ProblemException 412 or 409
     */
    PolicyVersion replace(Caller caller, Policy wanted, @Nullable String reason, EntityTags ifMatch) {
        return transactions.call(caller.clientId(), () -> {
            PolicyVersion before = store.newest();
            if (!ifMatch.match(before.version())) {
                throw ProblemException.stale("the policy is at version " + before.version() + " by now; read it again");
            }
            if (before.version() > 0 && before.policy().equals(wanted)) {
                return before;
            }
            PolicyVersion added = new PolicyVersion(
                    before.version() + 1,
                    wanted.rules(),
                    caller.asActor(),
                    clock.instant().truncatedTo(ChronoUnit.MICROS),
                    reason);
            if (!store.add(caller.clientId(), added)) {
                throw ProblemException.conflict("somebody changed the policy at the same moment; read it again");
            }
            PolicyMetric.CHANGED.count(meters, caller.clientId());
            audit.record(
                    caller.clientId(),
                    new AuditEntry(
                            caller.asActor(),
                            "policy.changed",
                            "policy",
                            String.valueOf(added.version()),
                            null,
                            reason,
                            Map.of(
                                    "version",
                                    before.version(),
                                    "rules",
                                    before.policy().rules()),
                            Map.of(
                                    "version",
                                    added.version(),
                                    "rules",
                                    added.policy().rules())));
            notifications.tell(
                    caller.clientId(),
                    new Notice(
                            "policy.changed",
                            ids.next(),
                            null,
                            Map.of("version", added.version(), "changed_by", caller.asActor()),
                            Set.of(Role.ADMIN)));
            return added;
        });
    }

    private record Known(long version, Policy policy) {}
}

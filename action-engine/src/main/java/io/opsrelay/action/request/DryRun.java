package io.opsrelay.action.request;

import io.opsrelay.action.catalogue.ActionKind;
import io.opsrelay.action.catalogue.Preparation;
import io.opsrelay.action.catalogue.Proposal;
import io.opsrelay.action.catalogue.Traits;
import io.opsrelay.action.guardrail.Attempt;
import io.opsrelay.action.guardrail.Finding;
import io.opsrelay.action.guardrail.Guardrails;
import io.opsrelay.action.guardrail.Replicas;
import io.opsrelay.contracts.Effect;
import io.opsrelay.messaging.Ids;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.ProblemException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Says what an action would do. Stores nothing, and calls nothing that changes anything. */
@Component
class DryRun {

    private static final Logger LOG = LoggerFactory.getLogger(DryRun.class);

    private final Guardrails guardrails;
    private final ClientTransactions transactions;
    private final Ids ids;

    DryRun(Guardrails guardrails, ClientTransactions transactions, Ids ids) {
        this.guardrails = guardrails;
        this.transactions = transactions;
        this.ids = ids;
    }

    /**
     * What would come of it.
     *
     * @param possible whether it could be prepared and nothing bars it now; whether it is approved is policy's to say
     * @param diff what would change
     * @param guardrails that stand against it now
     * @param refusal why it cannot be prepared
     */
    record Outlook(
            String actionType,
            boolean possible,
            String category,
            String risk,
            boolean reversible,
            @Nullable String provider,
            @Nullable String target,
            @Nullable String environment,
            @Nullable Map<String, Object> arguments,
            @Nullable Effect effect,
            @Nullable Diff diff,
            List<Finding> guardrails,
            @Nullable Refusal refusal) {}

    /** Figures that would change, by name. */
    record Diff(Map<String, Object> before, Map<String, Object> after) {}

    /** @param code for machines */
    record Refusal(String code, String reason) {}

    /**
     * @param edited the action that would be another one, absent where it would be new
     * @param breakGlass why guardrails would be set aside
     */
    Outlook of(ActionKind kind, Proposal proposal, @Nullable UUID edited, @Nullable String breakGlass) {
        String clientId = proposal.clientId();
        Traits traits = kind.traits();
        return switch (prepare(kind, proposal)) {
            case Preparation.Ready ready -> {
                Attempt attempt = new Attempt(
                        edited == null ? ids.next() : edited,
                        kind.type(),
                        ready.target(),
                        ready.effect().money(),
                        Replicas.of(ready.arguments(), ready.effect().details()),
                        breakGlass);
                List<Finding> findings = transactions.read(
                        clientId, () -> guardrails.look(clientId, attempt).findings());
                yield new Outlook(
                        kind.type(),
                        findings.stream().allMatch(Finding::setAside),
                        traits.category(),
                        traits.risk(),
                        traits.reversible(),
                        ready.provider(),
                        ready.target(),
                        ready.environment(),
                        ready.arguments(),
                        ready.effect(),
                        diffOf(ready.effect()),
                        findings,
                        null);
            }
            case Preparation.Refused refused ->
                new Outlook(
                        kind.type(),
                        false,
                        traits.category(),
                        traits.risk(),
                        traits.reversible(),
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        List.of(),
                        new Refusal(refused.code(), refused.reason()));
        };
    }

    private static Preparation prepare(ActionKind kind, Proposal proposal) {
        try {
            return kind.prepare(proposal);
        } catch (RuntimeException e) {
            LOG.warn("A dry run of {} found no answer", kind.type(), e);
            throw ProblemException.unavailable("who would do it does not answer now; nothing was changed, try again");
        }
    }

    /** What an effect's details say in pairs: {@code x_now} and {@code x_after}, or in maps before and after. */
    static Diff diffOf(Effect effect) {
        Map<String, Object> before = new LinkedHashMap<>();
        Map<String, Object> after = new LinkedHashMap<>();
        effect.details().forEach((name, value) -> {
            if (name.endsWith("_now")) {
                before.put(name.substring(0, name.length() - "_now".length()), value);
            } else if (name.endsWith("_after")) {
                after.put(name.substring(0, name.length() - "_after".length()), value);
            } else if (value instanceof Map<?, ?> figures && name.equals("before")) {
                figures.forEach((figure, then) -> before.put(String.valueOf(figure), then));
            } else if (value instanceof Map<?, ?> figures && name.equals("after")) {
                figures.forEach((figure, then) -> after.put(String.valueOf(figure), then));
            }
        });
        return new Diff(before, after);
    }
}

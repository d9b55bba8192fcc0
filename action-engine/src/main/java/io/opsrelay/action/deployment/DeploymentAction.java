package io.opsrelay.action.deployment;

import io.opsrelay.action.catalogue.ActionKind;
import io.opsrelay.action.catalogue.Answer;
import io.opsrelay.action.catalogue.Preparation;
import io.opsrelay.action.catalogue.Preparation.Refused;
import io.opsrelay.action.catalogue.Progress;
import io.opsrelay.action.catalogue.Proposal;
import io.opsrelay.action.deployment.DeploymentProperties.TargetGrant;
import io.opsrelay.action.deployment.Targets.NotGrantedException;
import io.opsrelay.contracts.Effect;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One {@link Operation} as a kind of action, on whatever provider its target type names. */
final class DeploymentAction implements ActionKind {

    /** In an effect's details: what leaves the guardrails, so that policy asks a second person. */
    static final String OUTSIDE_GUARDRAILS = "outside_guardrails";

    private final Operation operation;
    private final Targets targets;

    DeploymentAction(Operation operation, Targets targets) {
        this.operation = operation;
        this.targets = targets;
    }

    @Override
    public String type() {
        return operation.actionType();
    }

    @Override
    public boolean accepting() {
        return true;
    }

    @Override
    public Preparation prepare(Proposal proposal) {
        try {
            DeploymentArguments wanted = DeploymentArguments.from(operation, proposal.arguments());
            TargetGrant grant = targets.grant(proposal.clientId(), wanted);
            DeploymentProvider provider = targets.provider(wanted.targetType()).orElse(null);
            if (provider == null) {
                return new Refused("no_provider", "nothing here runs deployments of type " + wanted.targetType());
            }
            return provider.find(wanted.serviceName())
                    .map(found -> prepare(wanted, grant, found))
                    .orElseGet(() -> new Refused(
                            "unknown_service", wanted.targetType() + " runs no service " + wanted.serviceName()));
        } catch (InvalidArgumentException e) {
            return new Refused("arguments_invalid", e.field() + " " + e.reason());
        } catch (NotGrantedException e) {
            return new Refused("target_not_granted", e.reason());
        } catch (UnreachableException e) {
            // A person waits for the answer, and can ask again: that beats an action that hangs unseen.
            return new Refused("provider_unreachable", e.reason());
        }
    }

    private Preparation prepare(DeploymentArguments wanted, TargetGrant grant, Deployment found) {
        Integer replicas = wanted.replicas();
        if (replicas != null && replicas > found.maxReplicas()) {
            return new Refused(
                    "replicas_out_of_range",
                    "%s can have at most %d replicas, not %d"
                            .formatted(found.service(), found.maxReplicas(), replicas));
        }
        List<String> outside = Guardrails.leftBy(wanted, grant);
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("service_name", found.service());
        details.put("target_type", wanted.targetType());
        details.put("replicas_now", found.replicas());
        details.put("replicas_after", replicas == null ? found.replicas() : replicas);
        if (!outside.isEmpty()) {
            details.put(OUTSIDE_GUARDRAILS, outside);
        }
        return new Preparation.Ready(
                wanted.targetType(), wanted.resolved(), new Effect(summary(wanted, found), null, details));
    }

    private String summary(DeploymentArguments wanted, Deployment found) {
        String instances = found.replicas() == 1 ? "its one instance" : "its " + found.replicas() + " instances";
        return switch (operation) {
            case RESTART -> "Restart %s: %s, each away for a moment".formatted(found.service(), instances);
            case ROLLOUT -> "Roll %s over: %s, each replaced before it ends".formatted(found.service(), instances);
            case SCALE -> "Scale %s from %d to %d".formatted(found.service(), found.replicas(), wanted.replicas());
        };
    }

    @Override
    public Answer execute(String clientId, String idempotencyKey, Map<String, Object> arguments, Progress progress) {
        DeploymentArguments wanted = DeploymentArguments.from(operation, arguments);
        try {
            // The grant may have been taken back since.
            targets.grant(clientId, wanted);
            return providerOf(wanted)
                    .execute(
                            idempotencyKey,
                            new DeploymentOrder(operation, wanted.serviceName(), wanted.replicas(), wanted.reason()),
                            progress);
        } catch (NotGrantedException e) {
            return new Answer.Refused("target_not_granted", e.reason());
        } catch (UnreachableException e) {
            return new Answer.Refused("provider_unreachable", e.reason());
        }
    }

    @Override
    public Optional<Answer.Done> find(String clientId, String idempotencyKey, Map<String, Object> arguments) {
        return providerOf(DeploymentArguments.from(operation, arguments)).outcome(idempotencyKey);
    }

    private DeploymentProvider providerOf(DeploymentArguments wanted) {
        return targets.provider(wanted.targetType())
                .orElseThrow(() -> new IllegalStateException(
                        "an action was prepared for " + wanted.targetType() + ", which nothing here runs any more"));
    }
}

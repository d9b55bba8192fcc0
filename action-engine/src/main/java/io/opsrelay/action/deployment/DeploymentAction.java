package io.opsrelay.action.deployment;

import io.opsrelay.action.catalogue.ActionKind;
import io.opsrelay.action.catalogue.Answer;
import io.opsrelay.action.catalogue.OutcomeUnknownException;
import io.opsrelay.action.catalogue.Preparation;
import io.opsrelay.action.catalogue.Preparation.Refused;
import io.opsrelay.action.catalogue.Progress;
import io.opsrelay.action.catalogue.Proposal;
import io.opsrelay.action.catalogue.Traits;
import io.opsrelay.action.deployment.DeploymentProperties.TargetGrant;
import io.opsrelay.action.deployment.Targets.NotGrantedException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One {@link Operation} as a kind of action, on whatever provider its target type names. */
final class DeploymentAction implements ActionKind {

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
    public Traits traits() {
        return DeploymentTraits.of(operation);
    }

    @Override
    public List<String> providers() {
        return targets.offering(operation);
    }

    @Override
    public boolean serves(String clientId) {
        return targets.serves(clientId, operation);
    }

    @Override
    public boolean accepting(String clientId) {
        return true;
    }

    @Override
    public Preparation prepare(Proposal proposal) {
        try {
            DeploymentArguments wanted = DeploymentArguments.from(operation, proposal.arguments());
            DeploymentProvider provider = targets.provider(wanted.targetType()).orElse(null);
            if (provider == null) {
                return new Refused("no_provider", "nothing here runs deployments of type " + wanted.targetType());
            }
            if (!provider.operations().contains(operation)) {
                return new Refused(
                        "operation_not_offered",
                        "%s offers no %s, only %s"
                                .formatted(wanted.targetType(), operation.actionType(), Targets.offered(provider)));
            }
            targets.requireAny(proposal.clientId(), wanted.targetType());
            DeploymentTarget target = provider.resolve(wanted.target(proposal.clientId()));
            TargetGrant grant = targets.grant(target);
            Deployment found = provider.find(target).orElse(null);
            return found == null
                    ? new Refused("unknown_service", wanted.targetType() + " runs no service " + target.key())
                    : prepare(wanted, target, grant, found, provider);
        } catch (InvalidArgumentException e) {
            return new Refused("arguments_invalid", e.field() + " " + e.reason());
        } catch (TargetRefusedException e) {
            return new Refused(e.code(), e.field() + " " + e.reason());
        } catch (NotGrantedException e) {
            return new Refused("target_not_granted", e.reason());
        } catch (UnreachableException e) {
            // A person waits for the answer, and can ask again: that beats an action that hangs unseen.
            return new Refused("provider_unreachable", e.reason());
        }
    }

    private Preparation prepare(
            DeploymentArguments wanted,
            DeploymentTarget target,
            TargetGrant grant,
            Deployment found,
            DeploymentProvider provider) {
        DeploymentOrder order = wanted.order(operation);
        Scaling scaling = order.scaling();
        if (scaling != null
                && (scaling.minReplicas() < found.minReplicas() || scaling.maxReplicas() > found.maxReplicas())) {
            return new Refused(
                    "replicas_out_of_range",
                    "%s can have %d to %d replicas, not %s"
                            .formatted(found.service(), found.minReplicas(), found.maxReplicas(), scaling));
        }
        Answer.Refused rehearsed = provider.rehearse(target, order).orElse(null);
        if (rehearsed != null) {
            return new Refused(rehearsed.code(), rehearsed.reason());
        }
        return new Preparation.Ready(
                wanted.targetType(),
                wanted.at(target, operation == Operation.ROLLBACK ? revisionOf(found) : null),
                DeploymentEffect.of(target, order, grant, found),
                target.key(),
                found.environment());
    }

    private static @Nullable String revisionOf(Deployment found) {
        return found.details().get("revision") instanceof String revision ? revision : null;
    }

    @Override
    public Answer execute(String clientId, String idempotencyKey, Map<String, Object> arguments, Progress progress) {
        DeploymentArguments wanted = DeploymentArguments.from(operation, arguments);
        DeploymentProvider provider = targets.provider(wanted.targetType()).orElse(null);
        if (provider == null) {
            return new Answer.Refused("no_provider", "nothing here runs deployments of type " + wanted.targetType());
        }
        try {
            DeploymentTarget target = provider.resolve(wanted.target(clientId));
            // The grant may have been taken back since.
            targets.grant(target);
            return provider.execute(idempotencyKey, target, wanted.order(operation), progress);
        } catch (NotGrantedException e) {
            return new Answer.Refused("target_not_granted", e.reason());
        } catch (TargetRefusedException e) {
            return new Answer.Refused(e.code(), e.field() + " " + e.reason());
        } catch (UnreachableException e) {
            return new Answer.Refused("provider_unreachable", e.reason());
        }
    }

    @Override
    public Optional<Answer> find(
            String clientId, String idempotencyKey, Map<String, Object> arguments, Progress progress) {
        DeploymentArguments wanted = DeploymentArguments.from(operation, arguments);
        DeploymentProvider provider = targets.provider(wanted.targetType()).orElse(null);
        if (provider == null) {
            throw new OutcomeUnknownException(
                    "nothing here runs deployments of type " + wanted.targetType() + " any more",
                    new IllegalStateException("no provider"));
        }
        try {
            return provider.outcome(
                    idempotencyKey, provider.resolve(wanted.target(clientId)), wanted.order(operation), progress);
        } catch (TargetRefusedException e) {
            throw new OutcomeUnknownException("it cannot be asked after any more: " + e.reason(), e);
        }
    }
}

package io.opsrelay.action.deployment;

import io.opsrelay.action.catalogue.Answer;
import io.opsrelay.action.catalogue.OutcomeUnknownException;
import io.opsrelay.action.catalogue.Progress;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Who runs deployments of one target type. All methods but the first four may block. */
public interface DeploymentProvider {

    /** The target type that it serves, e.g. {@code standalone}. */
    String targetType();

    /** What it can do. */
    Set<Operation> operations();

    /**
     * The same target with its place filled in: the only cluster, the default namespace. Asks nobody.
     *
     * @throws TargetRefusedException for a place that it does not know
     */
    default DeploymentTarget resolve(DeploymentTarget target) {
        return target;
    }

    /**
     * Every place here where a deployment of that name may be, each as resolved. Asks nobody.
     *
     * @param target its place not filled in
     */
    default List<DeploymentTarget> places(DeploymentTarget target) {
        return List.of(resolve(target));
    }

    /**
     * The deployment, empty where there is none of that name.
     *
     * @param target as resolved, here and below
     * @throws UnreachableException if the provider does not answer
     * @throws TargetRefusedException if the provider does not show it to us
     */
    Optional<Deployment> find(DeploymentTarget target);

    /**
     * How it stands, asked with as few questions as that takes: many are looked at together. Empty where there is none of
     * that name.
     *
     * @throws UnreachableException if the provider does not answer
     * @throws TargetRefusedException if the provider does not show it to us
     */
    default Optional<DeploymentState> look(DeploymentTarget target) {
        return find(target).map(found -> DeploymentState.of(found, null, null));
    }

    /**
     * Whether the order would be taken now, changing nothing: asked of the provider itself where it can tell.
     *
     * @return why not; empty if it would be taken
     * @throws UnreachableException if the provider does not answer
     */
    Optional<Answer.Refused> rehearse(DeploymentTarget target, DeploymentOrder order);

    /**
     * Does it and returns when it is done.
     *
     * @param key the same for every attempt at the same action; a second order under it is not carried out again
     * @throws UnreachableException if nothing can have been done
     * @throws OutcomeUnknownException if it may have been done or not
     */
    Answer execute(String key, DeploymentTarget target, DeploymentOrder order, Progress progress);

    /**
     * What became of the order under that key; waits for what is still under way.
     *
     * @param order as it was given
     * @param progress its steps, told anew from the beginning where the provider keeps them; none of an order of which
     *     nothing was done
     * @return empty if nothing was done under that key
     * @throws OutcomeUnknownException if the provider does not tell
     */
    Optional<Answer> outcome(String key, DeploymentTarget target, DeploymentOrder order, Progress progress);
}

package io.opsrelay.action.deployment;

import io.opsrelay.action.catalogue.Answer;
import io.opsrelay.action.catalogue.OutcomeUnknownException;
import io.opsrelay.action.catalogue.Progress;
import java.util.Optional;

/** Who runs deployments of one target type. All methods may block. */
public interface DeploymentProvider {

    /** The target type that it serves, e.g. {@code standalone}. */
    String targetType();

    /**
     * The deployment of that name, empty where there is none.
     *
     * @throws UnreachableException if the provider does not answer
     */
    Optional<Deployment> find(String service);

    /**
     * Does it and returns when it is done.
     *
     * @param key the same for every attempt at the same action; a second order under it is not carried out again
     * @throws OutcomeUnknownException if it may have been done or not
     */
    Answer execute(String key, DeploymentOrder order, Progress progress);

    /**
     * What was done under that key, if anything; waits for what is still under way.
     *
     * @throws OutcomeUnknownException if the provider does not tell
     */
    Optional<Answer.Done> outcome(String key);
}

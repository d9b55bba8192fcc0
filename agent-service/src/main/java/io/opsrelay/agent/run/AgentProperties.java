package io.opsrelay.agent.run;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the agent works.
 *
 * @param concurrency runs that this instance works on at once with the local engine
 * @param modelConcurrency runs that this instance has a model answer at once
 * @param mostTries how often a step of a run fails, of itself and not for a database that is away, until the run fails
 * @param persona in whose name actions of a client are proposed that has no AI employee of its own
 */
@ConfigurationProperties("opsrelay.agent")
record AgentProperties(
        @DefaultValue("8") int concurrency,
        @DefaultValue("1000") int modelConcurrency,
        @DefaultValue("8") int mostTries,
        @DefaultValue("luna") String persona) {

    AgentProperties {
        if (concurrency < 1 || modelConcurrency < 1 || mostTries < 1) {
            throw new IllegalArgumentException(
                    "opsrelay.agent.concurrency, model-concurrency and most-tries must be at least 1");
        }
    }
}

package io.opsrelay.agent.run;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the agent works.
 *
 * @param concurrency runs that this instance works on at once
 * @param leastConfidence 0 to 1; below it the agent proposes no action and hands over
 * @param persona the AI employee in whose name actions are proposed
 */
@ConfigurationProperties("opsrelay.agent")
record AgentProperties(
        @DefaultValue("8") int concurrency,
        @DefaultValue("0.5") double leastConfidence,
        @DefaultValue("luna") String persona) {

    AgentProperties {
        if (concurrency < 1) {
            throw new IllegalArgumentException("opsrelay.agent.concurrency must be at least 1");
        }
        if (!(leastConfidence >= 0 && leastConfidence <= 1)) {
            throw new IllegalArgumentException("opsrelay.agent.least-confidence must lie between 0 and 1");
        }
    }
}

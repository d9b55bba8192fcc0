package io.opsrelay.action.deployment;

import io.opsrelay.action.catalogue.ActionKind;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The kinds of actions on deployments. */
@Configuration(proxyBeanMethods = false)
class DeploymentConfiguration {

    @Bean
    ActionKind restartDeployment(Targets targets) {
        return new DeploymentAction(Operation.RESTART, targets);
    }

    @Bean
    ActionKind scaleDeployment(Targets targets) {
        return new DeploymentAction(Operation.SCALE, targets);
    }

    @Bean
    ActionKind rolloutRestart(Targets targets) {
        return new DeploymentAction(Operation.ROLLOUT, targets);
    }

    @Bean
    ActionKind rollbackDeployment(Targets targets) {
        return new DeploymentAction(Operation.ROLLBACK, targets);
    }
}

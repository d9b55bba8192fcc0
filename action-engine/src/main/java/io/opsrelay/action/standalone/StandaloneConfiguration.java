package io.opsrelay.action.standalone;

import io.opsrelay.action.deployment.DeploymentProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The provider of the target type {@code standalone}, where a launcher started this service. */
@Configuration(proxyBeanMethods = false)
class StandaloneConfiguration {

    @Bean
    @ConditionalOnExpression("!'${opsrelay.launcher.url:}'.isEmpty()")
    DeploymentProvider standaloneDeployments(LauncherProperties properties) {
        return new StandaloneDeployments(new LauncherClient(properties), properties);
    }
}

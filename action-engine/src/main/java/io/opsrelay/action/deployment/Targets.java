package io.opsrelay.action.deployment;

import io.opsrelay.action.deployment.DeploymentProperties.TargetGrant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Who runs which deployments, and which of them a client may touch. */
@Component
class Targets {

    private final Map<String, DeploymentProvider> providers;
    private final DeploymentProperties properties;

    Targets(List<DeploymentProvider> providers, DeploymentProperties properties) {
        this.providers = new TreeMap<>(
                providers.stream().collect(Collectors.toMap(DeploymentProvider::targetType, Function.identity())));
        this.properties = properties;
    }

    /** The provider of that target type, if this installation has one. */
    Optional<DeploymentProvider> provider(String targetType) {
        return Optional.ofNullable(providers.get(targetType));
    }

    /** In words, the target types that this installation serves. */
    String served() {
        return providers.isEmpty() ? "none" : String.join(", ", providers.keySet());
    }

    /**
     * The client's grant for a target of this type, if it has one and it names the service.
     *
     * @throws NotGrantedException if it may not touch it
     */
    TargetGrant grant(String clientId, DeploymentArguments wanted) {
        TargetGrant grant = properties
                .grantOf(clientId, wanted.targetType())
                .orElseThrow(() -> new NotGrantedException(
                        clientId + " may not touch deployments of the target type " + wanted.targetType()));
        if (!grant.services().contains(wanted.serviceName())) {
            throw new NotGrantedException(clientId + " may touch no deployment " + wanted.serviceName() + ", only "
                    + grant.services().stream().sorted().collect(Collectors.joining(", ")));
        }
        return grant;
    }

    /** A client reached for a deployment that it was not granted. */
    static final class NotGrantedException extends RuntimeException {

        NotGrantedException(String reason) {
            super(reason);
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }
}

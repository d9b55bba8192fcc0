package io.opsrelay.action.deployment;

import io.opsrelay.action.deployment.DeploymentProperties.TargetGrant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
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

    /** The target types on which this installation can do that. */
    List<String> offering(Operation operation) {
        return providers.values().stream()
                .filter(provider -> provider.operations().contains(operation))
                .map(DeploymentProvider::targetType)
                .toList();
    }

    /** Whether the client may touch anything on which this can be done here. */
    boolean serves(String clientId, Operation operation) {
        return properties.grantsOf(clientId).stream()
                .anyMatch(grant -> offering(operation).contains(grant.targetType()));
    }

    /** In words, the target types that this installation serves. */
    String served() {
        return providers.isEmpty() ? "none" : String.join(", ", providers.keySet());
    }

    /** In words, the actions that a provider offers. */
    static String offered(DeploymentProvider provider) {
        return provider.operations().stream()
                .sorted()
                .map(Operation::actionType)
                .collect(Collectors.joining(", "));
    }

    /** All that the client may touch, wherever it may run here, by its key. Asks nobody whether it is there. */
    SortedMap<String, Granted> granted(String clientId) {
        SortedMap<String, Granted> all = new TreeMap<>();
        for (TargetGrant grant : properties.grantsOf(clientId)) {
            provider(grant.targetType()).ifPresent(provider -> grant.services().stream()
                    .map(entry -> entry.substring(entry.lastIndexOf('/') + 1))
                    .distinct()
                    .map(name -> new DeploymentTarget(clientId, grant.targetType(), name, null, null, null))
                    .flatMap(target -> provider.places(target).stream())
                    .filter(grant::names)
                    .forEach(target -> all.put(target.key(), new Granted(target, grant, provider))));
        }
        return all;
    }

    /** A deployment that a client may touch. */
    record Granted(DeploymentTarget target, TargetGrant grant, DeploymentProvider provider) {}

    /**
     * Who has no grant for a target type learns nothing of its places.
     *
     * @throws NotGrantedException if the client may touch nothing of it
     */
    void requireAny(String clientId, String targetType) {
        if (properties.grantOf(clientId, targetType).isEmpty()) {
            throw new NotGrantedException(clientId + " may not touch deployments of the target type " + targetType);
        }
    }

    /**
     * The client's grant for a target of this type, if it has one and it names the deployment.
     *
     * @param target as resolved
     * @throws NotGrantedException if the client may not touch it
     */
    TargetGrant grant(DeploymentTarget target) {
        TargetGrant grant = properties
                .grantOf(target.clientId(), target.targetType())
                .orElseThrow(() -> new NotGrantedException(
                        target.clientId() + " may not touch deployments of the target type " + target.targetType()));
        if (!grant.names(target)) {
            throw new NotGrantedException(target.clientId() + " may touch no deployment " + target.key() + ", only "
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

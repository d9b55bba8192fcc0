package io.opsrelay.action.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.opsrelay.action.deployment.DeploymentProperties.TargetGrant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What one person alone may ask for, and what names a deployment. */
class GuardrailsTest {

    private static final DeploymentTarget TARGET =
            new DeploymentTarget("acme", "kubernetes", "payment-api", "prod-eu", "shop", null);

    @ParameterizedTest
    @CsvSource({
        "2, 4, 0, 0, ''",
        "1, 1, 0, 0, 'outside 2 to 6'",
        "7, 7, 0, 0, 'outside 2 to 6'",
        "6, 6, 0, 0, 'a step of 3 replicas is more than 2'",
        "2, 6, 3, 4, ''",
        "2, 6, 3, 3, 'a step of 3 replicas'",
        "2, 9, 2, 8, 'outside 2 to 6'"
    })
    void aScalingStaysWithinTheNumbersAndTheStep(int least, int most, int boundLeast, int boundMost, String left) {
        Deployment now = now(3, boundMost == 0 ? null : new Scaling(boundLeast, boundMost), null);
        DeploymentOrder order = new DeploymentOrder(Operation.SCALE, new Scaling(least, most), "busy");

        String reasons = String.join("; ", Guardrails.leftBy(TARGET, order, grant(Set.of(), Set.of()), now));

        assertThat(reasons).contains(left);
        assertThat(reasons.isEmpty()).isEqualTo(left.isEmpty());
    }

    @Test
    void whatIsProtectedNeedsASecondPerson() {
        DeploymentOrder restart = new DeploymentOrder(Operation.RESTART, null, "it leaks");

        assertThat(Guardrails.leftBy(TARGET, restart, grant(Set.of("shop/payment-api"), Set.of()), now(3, null, null)))
                .containsExactly("payment-api is protected");
        assertThat(Guardrails.leftBy(
                        TARGET, restart, grant(Set.of(), Set.of("production")), now(3, null, "production")))
                .containsExactly("the environment production is protected");
        assertThat(Guardrails.leftBy(TARGET, restart, grant(Set.of(), Set.of("production")), now(3, null, "test")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "shop/payment-api, true",
        "prod-eu/shop/payment-api, true",
        "op/payment-api, false",
        "back/payment-api, false",
        "prod-us/shop/payment-api, false"
    })
    void aDeploymentIsNamedByTheEndOfItsPlace(String entry, boolean named) {
        TargetGrant grant = new TargetGrant("acme", "kubernetes", Set.of(entry), 1, 3, 10, Set.of(), Set.of());

        assertThat(grant.names(TARGET)).isEqualTo(named);
    }

    @ParameterizedTest
    @ValueSource(strings = {"kubernetes", "gke"})
    void aNameAloneWouldReachEveryNamespaceAndIsRefused(String targetType) {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new TargetGrant("acme", targetType, Set.of("payment-api"), 1, 3, 10, Set.of(), Set.of()))
                .withMessageContaining("<namespace>/payment-api");
        assertThat(new TargetGrant("acme", "standalone", Set.of("payment-api"), 1, 3, 10, Set.of(), Set.of())
                        .names(new DeploymentTarget("acme", "standalone", "payment-api", null, null, null)))
                .isTrue();
    }

    private static TargetGrant grant(Set<String> protectedServices, Set<String> protectedEnvironments) {
        return new TargetGrant(
                "acme", "kubernetes", Set.of("shop/payment-api"), 2, 6, 2, protectedServices, protectedEnvironments);
    }

    private static Deployment now(int replicas, @Nullable Scaling bounds, @Nullable String environment) {
        return new Deployment(
                "payment-api",
                replicas,
                1,
                1000,
                environment,
                bounds == null
                        ? Map.of()
                        : Map.of(
                                Deployment.AUTOSCALER,
                                Map.of("min", bounds.minReplicas(), "max", bounds.maxReplicas())));
    }
}

package io.opsrelay.action.deployment;

/** The fake keeps the contract as well. */
class InMemoryDeploymentsTest extends DeploymentProviderKit {

    private final InMemoryDeployments deployments = new InMemoryDeployments("memory");

    InMemoryDeploymentsTest() {
        deployments.deploy("payment-api", 2);
    }

    @Override
    protected DeploymentProvider provider() {
        return deployments;
    }

    @Override
    protected DeploymentTarget target() {
        return new DeploymentTarget("acme", "memory", "payment-api", null, null, null);
    }

    @Override
    protected int done(String key) {
        return (int) deployments.journal().stream()
                .filter(entry -> entry.key().equals(key))
                .count();
    }

    @Override
    protected int done() {
        return deployments.journal().size();
    }

    @Override
    protected void loseAnswer() {
        deployments.loseAnswer();
    }

    @Override
    protected void hold() {
        deployments.hold();
    }

    @Override
    protected void letGo() {
        deployments.letGo();
    }

    @Override
    protected void vanish() {
        deployments.vanish();
    }
}

package io.opsrelay.action.cloudrun;

import com.google.cloud.run.v2.ServiceScaling.ScalingMode;
import io.grpc.Status;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opsrelay.action.cloudrun.FakeCloudRun.Fault;
import io.opsrelay.action.cloudrun.FakeCloudRun.Play;
import io.opsrelay.action.deployment.DeploymentProvider;
import io.opsrelay.action.deployment.DeploymentProviderKit;
import io.opsrelay.action.deployment.DeploymentTarget;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;

/** Cloud Run keeps the contract of all providers of deployments: a service that is scaled by hand, with a past. */
class CloudRunContractTest extends DeploymentProviderKit {

    private static final String SERVICE = "projects/acme-prod/locations/europe-west1/services/payment";

    private final FakeCloudRun google = FakeCloudRun.inProcess();
    private final CloudRunDeployments deployments = deployments();

    CloudRunContractTest() {
        google.deploy(SERVICE, 3);
        google.edit(SERVICE, service -> {
            service.getScalingBuilder().setScalingMode(ScalingMode.MANUAL).setManualInstanceCount(2);
            return service;
        });
    }

    private CloudRunDeployments deployments() {
        CloudRunProperties properties = TestProjects.properties(Duration.ofSeconds(10), TestProjects.main());
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        return new CloudRunDeployments(
                properties, new CloudRunClients(properties, meters, google.channels()), new HandClock(), meters);
    }

    @AfterEach
    void closed() {
        google.close();
    }

    @Override
    protected DeploymentProvider provider() {
        return deployments;
    }

    @Override
    protected DeploymentTarget target() {
        return new DeploymentTarget("acme", "cloud_run", "payment", null, null, null);
    }

    @Override
    protected int done(String key) {
        return (int) google.journal().stream()
                .filter(change -> change.key().equals(key))
                .count();
    }

    @Override
    protected int done() {
        return google.journal().size();
    }

    @Override
    protected void loseAnswer() {
        google.nextUpdates(Fault.APPLY_AND_VANISH);
    }

    @Override
    protected void answerAgain() {
        google.readsFail(null);
    }

    @Override
    protected void hold() {
        google.plays(Play.STUCK);
    }

    @Override
    protected void letGo() {
        google.resume(SERVICE, Play.READY);
    }

    @Override
    protected void vanish() {
        google.readsFail(Status.UNAVAILABLE.withDescription("connection refused"));
    }
}

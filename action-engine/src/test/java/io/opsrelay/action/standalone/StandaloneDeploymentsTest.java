package io.opsrelay.action.standalone;

import io.opsrelay.action.FakeLauncher;
import io.opsrelay.action.deployment.DeploymentProvider;
import io.opsrelay.action.deployment.DeploymentProviderKit;
import io.opsrelay.action.deployment.DeploymentTarget;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The launcher's provider keeps the contract. */
class StandaloneDeploymentsTest extends DeploymentProviderKit {

    private FakeLauncher launcher;
    private DeploymentProvider provider;

    @BeforeEach
    void aLauncher(@TempDir Path folder) {
        launcher = new FakeLauncher(folder);
        LauncherProperties properties = new LauncherProperties(
                URI.create(launcher.url()), launcher.tokenFile(), Duration.ofSeconds(30), Duration.ofMillis(20));
        provider = new StandaloneDeployments(new LauncherClient(properties), properties);
    }

    @AfterEach
    void closed() {
        launcher.close();
    }

    @Override
    protected DeploymentProvider provider() {
        return provider;
    }

    @Override
    protected DeploymentTarget target() {
        return new DeploymentTarget("acme", "standalone", "agent-service", "here", null, "eu");
    }

    @Override
    protected int done(String key) {
        return Collections.frequency(launcher.begun(), key);
    }

    @Override
    protected int done() {
        return launcher.begun().size();
    }

    @Override
    protected void loseAnswer() {
        launcher.loseAnswers(true);
    }

    @Override
    protected void answerAgain() {
        launcher.loseAnswers(false);
    }

    @Override
    protected void hold() {
        launcher.hold();
    }

    @Override
    protected void letGo() {
        launcher.letGo();
    }

    @Override
    protected void vanish() {
        launcher.close();
    }

    /** The fake launcher says the same whatever was done. */
    @Override
    protected boolean showsChanges() {
        return false;
    }
}

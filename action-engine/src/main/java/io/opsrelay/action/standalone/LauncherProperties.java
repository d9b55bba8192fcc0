package io.opsrelay.action.standalone;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The launcher that runs this machine's services.
 *
 * @param url where it listens; not set where nothing was started by a launcher
 * @param tokenFile file with the token that it asks for
 * @param timeout how long one answer may take
 * @param pollInterval how often an operation under way is asked about
 */
@ConfigurationProperties("opsrelay.launcher")
record LauncherProperties(
        URI url,
        Path tokenFile,
        @DefaultValue("5s") Duration timeout,
        @DefaultValue("200ms") Duration pollInterval) {

    LauncherProperties {
        if (url != null
                && !url.toString().isEmpty()
                && (tokenFile == null || tokenFile.toString().isEmpty())) {
            throw new IllegalArgumentException("opsrelay.launcher.token-file is not set");
        }
        if (!timeout.isPositive() || !pollInterval.isPositive()) {
            throw new IllegalArgumentException("opsrelay.launcher: durations must be positive");
        }
    }
}

package io.opsrelay.action.cloudrun;

import com.google.api.gax.core.CredentialsProvider;
import com.google.api.gax.core.FixedCredentialsProvider;
import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.rpc.TransportChannelProvider;
import com.google.auth.oauth2.ServiceAccountCredentials;
import com.google.cloud.run.v2.ServicesSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.action.cloudrun.CloudRunProperties.Project;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A client for each project, made when it is first needed: nobody is called at the start. Thread-safe. */
final class CloudRunClients implements AutoCloseable {

    private final CloudRunProperties properties;
    private final MeterRegistry meters;
    private final @Nullable TransportChannelProvider channels;
    private final Map<String, CloudRunClient> clients = new TreeMap<>();

    /** @param channels to whom all calls go instead of Google, without credentials */
    CloudRunClients(CloudRunProperties properties, MeterRegistry meters, @Nullable TransportChannelProvider channels) {
        this.properties = properties;
        this.meters = meters;
        this.channels = channels;
    }

    /** @throws CloudRunException without usable credentials */
    synchronized CloudRunClient of(Project project) {
        CloudRunClient known = clients.get(project.name());
        if (known != null) {
            return known;
        }
        try {
            CloudRunClient made =
                    new CloudRunClient(channels(), credentials(project), properties.callTimeout(), meters);
            clients.put(project.name(), made);
            return made;
        } catch (IOException e) {
            throw CloudRunException.withoutCredentials(project.name(), e);
        }
    }

    private TransportChannelProvider channels() {
        if (channels != null) {
            return channels;
        }
        if (properties.endpoint() == null) {
            return ServicesSettings.defaultTransportChannelProvider();
        }
        return ServicesSettings.defaultGrpcTransportProviderBuilder()
                .setEndpoint(properties.endpoint())
                .setChannelConfigurator(channel -> channel.usePlaintext())
                .build();
    }

    private CredentialsProvider credentials(Project project) throws IOException {
        if (channels != null || properties.endpoint() != null) {
            return NoCredentialsProvider.create();
        }
        Path file = project.credentialsFile();
        if (file == null) {
            return ServicesSettings.defaultCredentialsProviderBuilder().build();
        }
        try (InputStream key = Files.newInputStream(file)) {
            return FixedCredentialsProvider.create(
                    ServiceAccountCredentials.fromStream(key).createScoped(ServicesSettings.getDefaultServiceScopes()));
        }
    }

    /** Why the last call failed, by project, for those whose last call did. */
    synchronized Map<String, String> troubles() {
        Map<String, String> troubles = new TreeMap<>();
        clients.forEach((project, client) -> {
            String trouble = client.trouble();
            if (trouble != null) {
                troubles.put(project, trouble);
            }
        });
        return troubles;
    }

    @Override
    public synchronized void close() {
        clients.values().forEach(CloudRunClient::close);
        clients.clear();
    }
}

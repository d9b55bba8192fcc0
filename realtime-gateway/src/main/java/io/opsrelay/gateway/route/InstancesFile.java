package io.opsrelay.gateway.route;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Follows the file that lists the services' instances. It is small, so it is read again and again and compared, which no
 * clock's granularity, no replaced inode and no lost notification can deceive. What cannot be used changes nothing.
 */
@Component
final class InstancesFile implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(InstancesFile.class);
    private static final Duration INTERVAL = Duration.ofMillis(100);
    private static final TypeReference<Map<String, List<URI>>> FORM = new TypeReference<>() {};

    private final @Nullable Path file;
    private final Instances instances;
    private final Breakers breakers;
    private final ConnectionProvider pools;
    private final Counter unusable;
    private byte @Nullable [] seen;
    private @Nullable String trouble;
    private @Nullable Thread follower;

    InstancesFile(Services services, Instances instances, Breakers breakers, HttpClient client, MeterRegistry meters) {
        this.file = services.instancesFile();
        this.instances = instances;
        this.breakers = breakers;
        this.pools = client.configuration().connectionProvider();
        this.unusable = Counter.builder(RouteMetric.INSTANCES_UNUSABLE.id())
                .baseUnit(RouteMetric.INSTANCES_UNUSABLE.unit())
                .description(RouteMetric.INSTANCES_UNUSABLE.meaning())
                .register(meters);
    }

    @Override
    public void start() {
        Path followed = file;
        if (followed != null) {
            look(followed); // before the first request
            follower = Thread.ofVirtual().name("instances").start(() -> follow(followed));
        }
    }

    private void follow(Path followed) {
        try {
            while (true) {
                Thread.sleep(INTERVAL);
                look(followed);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the gateway stops
        }
    }

    private void look(Path followed) {
        byte[] content;
        try {
            content = Files.readAllBytes(followed);
        } catch (IOException e) {
            seen = null;
            keepLast(e.toString());
            return;
        }
        if (Arrays.equals(content, seen)) {
            return;
        }
        seen = content;
        try {
            Map<String, List<URI>> read = parse(content);
            Set<URI> changed = instances.replaceBy(read);
            breakers.forget(changed);
            changed.forEach(this::forgetConnections);
            trouble = null;
            LOG.info("Instances are now {}", read);
        } catch (JacksonException | IllegalArgumentException e) {
            keepLast(String.valueOf(e.getMessage()));
        }
    }

    /** Who left must not be sent anything, and who comes back to the same address is somebody else. */
    private void forgetConnections(URI instance) {
        int port = instance.getPort() >= 0 ? instance.getPort() : "https".equals(instance.getScheme()) ? 443 : 80;
        // Those in use serve their request and are closed then.
        pools.disposeWhen(InetSocketAddress.createUnresolved(instance.getHost(), port));
    }

    /** Logged when it begins; a file that stays broken is looked at ten times a second. */
    private void keepLast(String reason) {
        if (trouble == null) {
            LOG.warn("{} cannot be used, the last instances known are kept: {}", file, reason);
        }
        if (!reason.equals(trouble)) {
            unusable.increment();
        }
        trouble = reason;
    }

    private static Map<String, List<URI>> parse(byte[] content) {
        Map<String, List<URI>> read = JsonMapper.shared().readValue(content, FORM);
        if (read == null) {
            throw new IllegalArgumentException("not a JSON object");
        }
        Map<String, List<URI>> checked = new LinkedHashMap<>();
        read.forEach((service, urls) -> checked.put(service, checked(service, urls)));
        return Map.copyOf(checked);
    }

    private static List<URI> checked(String service, @Nullable List<@Nullable URI> urls) {
        if (urls == null) {
            throw new IllegalArgumentException(service + " has no list");
        }
        return urls.stream().map(url -> checked(service, url)).distinct().toList();
    }

    private static URI checked(String service, @Nullable URI url) {
        if (url == null
                || url.getHost() == null
                || !("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
            throw new IllegalArgumentException(service + ": " + url + " is not the http(s) URL of an instance");
        }
        return url;
    }

    @Override
    public void stop() {
        Thread running = follower;
        if (running != null) {
            running.interrupt();
            follower = null;
        }
    }

    @Override
    public boolean isRunning() {
        return follower != null;
    }

    /** From before the first request until after the last. */
    @Override
    public int getPhase() {
        return 0;
    }
}

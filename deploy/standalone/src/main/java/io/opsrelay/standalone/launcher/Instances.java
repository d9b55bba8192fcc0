package io.opsrelay.standalone.launcher;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.opsrelay.standalone.control.OperationFailure;
import io.opsrelay.standalone.process.Ports;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The instances of all services: their names, their ports, and the file by which gateways know which of them get
 * requests.
 */
final class Instances {

    /** In which a port is free again after the end of who had it. */
    private static final Duration PORT_LEFT = Duration.ofSeconds(1);

    private final Settings settings;
    private final Infrastructure parts;
    private final Console console;
    private final Map<Service, List<Instance>> instances = new EnumMap<>(Service.class);
    /** Of which an instance was ready since this launcher began. */
    private final Set<Service> seen = EnumSet.noneOf(Service.class);

    private String published = "";
    private boolean ended;

    Instances(Settings settings, Infrastructure parts, Console console) {
        this.settings = settings;
        this.parts = parts;
        this.console = console;
        for (Service service : Service.values()) {
            instances.put(service, new ArrayList<>());
        }
    }

    /** Adds an instance with the first name and port that are free; it does not run yet. */
    synchronized Instance add(Service service) {
        requireOngoing();
        List<Instance> others = all(service);
        int number = 1;
        while (taken(service, number)) {
            number++;
        }
        boolean gateway = service == Service.GATEWAY;
        int port = gateway || number == 1 ? settings.port(service) : freePort();
        ServiceProcess process = parts.process(service, number, port, gateway ? freePort() : port);
        Instance instance =
                new Instance(process, () -> new Supervised(process, console, settings.home(), this::publish));
        List<Instance> more = new ArrayList<>(others);
        more.add(instance);
        instances.put(service, more);
        return instance;
    }

    /** Begins to keep it running. */
    synchronized void begin(Instance instance) {
        requireOngoing();
        instance.supervised().begin();
    }

    /** Begins it anew after its end. */
    synchronized void renew(Instance instance) {
        requireOngoing();
        instance.renew();
    }

    /** Forgets it; it was ended. */
    synchronized void remove(Service service, Instance instance) {
        List<Instance> fewer = new ArrayList<>(all(service));
        fewer.remove(instance);
        instances.put(service, fewer);
        publish();
    }

    /** Oldest first. */
    synchronized List<Instance> of(Service service) {
        return List.copyOf(all(service));
    }

    synchronized List<Instance> all() {
        return instances.values().stream().flatMap(List::stream).toList();
    }

    /** Writes down which instances get requests, if that has changed. */
    synchronized void publish() {
        if (ended) {
            return;
        }
        Map<String, Object> addresses = new LinkedHashMap<>();
        for (Service service : Service.values()) {
            // Gateways stand in front of the others, and share one port.
            if (service != Service.GATEWAY) {
                addresses.put(service.processName, addresses(service));
            }
        }
        String text = JSONObjectUtils.toJSONString(addresses);
        if (text.equals(published)) {
            return;
        }
        try {
            PrivateFile.write(settings.home().instances(), text);
            published = text;
        } catch (UncheckedIOException e) {
            // Told, and tried again with the next change: a full disk must not end what serves.
            console.event(e.getMessage() + ": " + e.getCause());
        }
    }

    /** Ends all, side by side; nothing begins afterwards. */
    void end() {
        List<Instance> last;
        synchronized (this) {
            ended = true;
            last = all();
        }
        Parallel.runAll(last.stream()
                .<Runnable>map(instance -> instance.supervised()::end)
                .toList());
    }

    private List<String> addresses(Service service) {
        List<Instance> serving = all(service).stream().filter(Instance::serves).toList();
        if (!serving.isEmpty()) {
            seen.add(service);
        } else if (!seen.contains(service)) {
            // At the start the first one is named before it serves, so that gateways need not notice when it does.
            serving = all(service).stream().limit(1).toList();
        }
        return serving.stream()
                .map(instance -> "http://127.0.0.1:" + instance.process().port())
                .toList();
    }

    private boolean taken(Service service, int number) {
        String name = service.instanceName(number);
        boolean known = all(service).stream().anyMatch(other -> other.name().equals(name));
        // The port that the first one left behind may have gone to a stranger.
        return known
                || (number == 1
                        && service != Service.GATEWAY
                        && !Ports.isFreeWithin(PORT_LEFT, "127.0.0.1", settings.port(service)));
    }

    private int freePort() {
        Set<Integer> given = new HashSet<>();
        given.add(settings.launcherPort());
        all().forEach(instance -> given.addAll(
                List.of(instance.process().port(), instance.process().healthPort())));
        int port = Ports.freeFrom(settings.firstFurtherPort());
        while (given.contains(port)) {
            // Given to one that does not listen at this moment.
            port = Ports.freeFrom(port + 1);
        }
        return port;
    }

    private List<Instance> all(Service service) {
        return instances.getOrDefault(service, List.of());
    }

    /** @throws OperationFailure if all are being ended */
    synchronized void requireOngoing() {
        if (ended) {
            throw new OperationFailure("the launcher ended meanwhile");
        }
    }
}

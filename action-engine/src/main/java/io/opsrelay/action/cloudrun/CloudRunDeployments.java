package io.opsrelay.action.cloudrun;

import com.google.cloud.run.v2.Revision;
import com.google.cloud.run.v2.Service;
import com.google.cloud.run.v2.ServiceScaling;
import com.google.cloud.run.v2.ServiceScaling.ScalingMode;
import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.action.catalogue.Answer;
import io.opsrelay.action.catalogue.OutcomeUnknownException;
import io.opsrelay.action.catalogue.Progress;
import io.opsrelay.action.cloudrun.RolloutWatch.Watched;
import io.opsrelay.action.cloudrun.Updates.Sent;
import io.opsrelay.action.deployment.Deployment;
import io.opsrelay.action.deployment.DeploymentOrder;
import io.opsrelay.action.deployment.DeploymentProvider;
import io.opsrelay.action.deployment.DeploymentState;
import io.opsrelay.action.deployment.DeploymentTarget;
import io.opsrelay.action.deployment.Operation;
import io.opsrelay.action.deployment.TargetRefusedException;
import io.opsrelay.action.deployment.UnreachableException;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * Services on Cloud Run. A service carries the key of the last action that changed it, written by the same update: so the
 * same key is never applied twice, and what became of it can be asked although Cloud Run's answer, and its operation's name
 * with it, was lost.
 */
final class CloudRunDeployments implements DeploymentProvider, SmartLifecycle {

    /** What a service that is scaled by hand can have at most here. */
    private static final int MOST_BY_HAND = 1000;

    private final CloudRunProperties properties;
    private final CloudRunClients clients;
    private final Stop stop = new Stop();
    private final Updates updates;
    private final RolloutWatch watch;
    private volatile boolean running;

    CloudRunDeployments(CloudRunProperties properties, CloudRunClients clients, Clock clock, MeterRegistry meters) {
        this.properties = properties;
        this.clients = clients;
        this.updates = new Updates(properties.attempts(), properties.retryPause(), stop);
        this.watch = new RolloutWatch(properties, updates, stop, clock, meters);
    }

    @Override
    public String targetType() {
        return "cloud_run";
    }

    @Override
    public Set<Operation> operations() {
        return Set.of(Operation.RESTART, Operation.SCALE, Operation.ROLLBACK);
    }

    @Override
    public DeploymentTarget resolve(DeploymentTarget target) {
        return site(target).fill(target);
    }

    @Override
    public List<DeploymentTarget> places(DeploymentTarget target) {
        return properties.projects().stream()
                .flatMap(project -> project.regions().stream().map(region -> target.at(project.name(), null, region)))
                .toList();
    }

    @Override
    public Optional<Deployment> find(DeploymentTarget target) {
        return told(target, (site, service, revisions) -> describe(site, service, revisions));
    }

    @Override
    public Optional<DeploymentState> look(DeploymentTarget target) {
        return told(
                target,
                (site, service, revisions) -> DeploymentState.of(
                        describe(site, service, revisions),
                        null,
                        service.hasUpdateTime()
                                ? Instant.ofEpochSecond(service.getUpdateTime().getSeconds())
                                : null));
    }

    /** Makes something of what Cloud Run says of a service. */
    @FunctionalInterface
    private interface Told<T> {

        T of(Site site, Service service, List<Revision> revisions);
    }

    private <T> Optional<T> told(DeploymentTarget target, Told<T> told) {
        Site site = site(target);
        try {
            CloudRunClient client = clients.of(site.project());
            return client.service(site.resource())
                    .map(service -> told.of(site, service, client.revisions(site.resource())));
        } catch (CloudRunException e) {
            if (e.kind() == CloudRunException.Kind.REFUSED) {
                throw new TargetRefusedException("service_name", e.code(), "is not shown: " + e.reason());
            }
            throw unreachable(e);
        }
    }

    private static Deployment describe(Site site, Service service, List<Revision> revisions) {
        boolean byHand = service.getScaling().getScalingMode() == ScalingMode.MANUAL;
        int most = byHand ? MOST_BY_HAND : Plan.mostPerRevision(service);
        int least = byHand ? 0 : service.getTemplate().getScaling().getMinInstanceCount();
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("project", site.project().project());
        details.put("region", site.region());
        int replicas;
        if (byHand) {
            replicas = service.getScaling().getManualInstanceCount();
        } else {
            ServiceScaling scaling = service.getScaling();
            replicas = Math.max(least, scaling.getMinInstanceCount());
            int bound = scaling.getMaxInstanceCount();
            details.put(
                    Deployment.AUTOSCALER, Map.of("min", replicas, "max", bound == 0 ? most : Math.min(bound, most)));
        }
        switch (Traffic.of(service)) {
            case Traffic.One one -> {
                details.put("revision", one.revision());
                imageOf(one.revision(), revisions).ifPresent(image -> details.put("image", image));
                Plan.previous(one.revision(), revisions).ifPresent(previous -> {
                    details.put("previous_revision", Traffic.shortName(previous));
                    imageOf(Traffic.shortName(previous), revisions)
                            .ifPresent(image -> details.put(Deployment.PREVIOUS_IMAGE, image));
                });
            }
            case Traffic.Split split -> details.put("traffic", split.toString());
            case Traffic.Nobody nobody -> details.put("traffic", "no revision serves");
        }
        return new Deployment(
                site.service(), replicas, least, most, site.project().environment(), details);
    }

    private static Optional<String> imageOf(String revision, List<Revision> revisions) {
        return revisions.stream()
                .filter(candidate ->
                        Traffic.shortName(candidate).equals(revision) && candidate.getContainersCount() > 0)
                .map(found -> found.getContainers(0).getImage())
                .findFirst();
    }

    @Override
    public Optional<Answer.Refused> rehearse(DeploymentTarget target, DeploymentOrder order) {
        Site site = site(target);
        try {
            CloudRunClient client = clients.of(site.project());
            Service now = client.service(site.resource()).orElse(null);
            if (now == null) {
                return Optional.of(unknown(site));
            }
            return switch (Plan.of("rehearsal", order, now, revisionsFor(client, site, order))) {
                case Plan.Refused refused -> Optional.of(refused.answer());
                case Plan.Update update -> {
                    client.update(
                            update.request().toBuilder().setValidateOnly(true).build());
                    yield Optional.empty();
                }
            };
        } catch (CloudRunException e) {
            return switch (e.kind()) {
                case NOT_FOUND, REFUSED, CONFLICT -> Optional.of(new Answer.Refused(e.code(), e.reason()));
                case THROTTLED, LOST -> throw unreachable(e);
            };
        }
    }

    @Override
    public Answer execute(String key, DeploymentTarget target, DeploymentOrder order, Progress progress) {
        Site site = site(target);
        CloudRunClient client;
        try {
            client = clients.of(site.project());
        } catch (CloudRunException e) {
            return new Answer.Refused(e.code(), e.reason());
        }
        Updates.Writer writer = new Order(key, order);
        return switch (updates.send(client, site, order.operation() == Operation.ROLLBACK, writer)) {
            case Sent.Refused refused -> new Answer.Refused(refused.code(), refused.reason());
            case Sent.Taken taken -> {
                progress.step("Cloud Run has taken it");
                yield watch.follow(new Watched(client, site, key, order, taken.operation()), progress)
                        .orElseThrow(() -> forgotten(site));
            }
        };
    }

    @Override
    public Optional<Answer> outcome(String key, DeploymentTarget target, DeploymentOrder order, Progress progress) {
        Site site = site(target);
        try {
            return watch.follow(new Watched(clients.of(site.project()), site, key, order, null), progress);
        } catch (CloudRunException e) {
            throw new OutcomeUnknownException("Cloud Run cannot be asked: " + e.reason(), e);
        }
    }

    /** An order as an update, unless the service carries its key. */
    private record Order(String key, DeploymentOrder order) implements Updates.Writer {

        @Override
        public boolean isOn(Service now) {
            return Mark.of(now)
                    .filter(mark -> mark.key().equals(key) || mark.earlier().contains(key))
                    .isPresent();
        }

        @Override
        public Plan plan(Service now, List<Revision> revisions) {
            return Plan.of(key, order, now, revisions);
        }
    }

    private static List<Revision> revisionsFor(CloudRunClient client, Site site, DeploymentOrder order) {
        return order.operation() == Operation.ROLLBACK ? client.revisions(site.resource()) : List.of();
    }

    private Site site(DeploymentTarget target) {
        return Site.of(target, properties.projects());
    }

    private static Answer.Refused unknown(Site site) {
        return new Answer.Refused("unknown_service", "there is no " + site.resource());
    }

    private static OutcomeUnknownException forgotten(Site site) {
        String reason = site.resource() + " was changed and does not carry the action's key any more";
        return new OutcomeUnknownException(reason, new IllegalStateException(reason));
    }

    private static UnreachableException unreachable(CloudRunException e) {
        return new UnreachableException("Cloud Run does not answer: " + e.reason(), e);
    }

    /** What is wrong with which project, as far as the last calls showed. */
    @Nullable
    String trouble() {
        Map<String, String> troubles = clients.troubles();
        return troubles.isEmpty() ? null : troubles.toString();
    }

    @Override
    public void start() {
        stop.takeBack();
        running = true;
    }

    /** Lets go of what is waited for, before the workers are waited for. */
    @Override
    public void stop() {
        running = false;
        stop.ask();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}

package io.opsrelay.action.deployment;

import io.opsrelay.action.deployment.Targets.Granted;
import io.opsrelay.security.web.Page;
import io.opsrelay.security.web.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * What a client may touch, as it stands now. Each deployment is asked for by itself, as the role in docs/kubernetes.md
 * allows, few at the same time; one that nobody tells of in time is listed with the reason, and holds up no other.
 */
@Component
final class DeploymentList implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(DeploymentList.class);

    /** Questions that this instance has open at once, of all who look. */
    private static final int AT_ONCE = 16;

    private final Targets targets;
    private final DeploymentProperties properties;
    private final ExecutorService lookers = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore questions = new Semaphore(AT_ONCE);

    DeploymentList(Targets targets, DeploymentProperties properties) {
        this.targets = targets;
        this.properties = properties;
    }

    /**
     * One page, in the order of the targets' keys.
     *
     * @param targetType only those of this type; null for all
     * @param cursor of the page before; null for the first
     */
    Page<DeploymentResource> page(String clientId, @Nullable String targetType, int limit, @Nullable String cursor) {
        String after = decoded(cursor);
        List<Granted> rest = targets.granted(clientId).values().stream()
                .filter(each -> targetType == null || each.target().targetType().equals(targetType))
                .filter(each -> after == null || each.target().key().compareTo(after) > 0)
                .toList();
        List<Granted> shown = rest.subList(0, Math.min(limit, rest.size()));
        return new Page<>(
                looked(shown),
                shown.size() < rest.size() ? encoded(shown.getLast().target().key()) : null);
    }

    private List<DeploymentResource> looked(List<Granted> shown) {
        List<Callable<DeploymentResource>> tasks = shown.stream()
                .map(each -> (Callable<DeploymentResource>) () -> looked(each))
                .toList();
        try {
            List<Future<DeploymentResource>> futures =
                    lookers.invokeAll(tasks, properties.lookTimeout().toMillis(), TimeUnit.MILLISECONDS);
            List<DeploymentResource> found = new ArrayList<>();
            for (int i = 0; i < futures.size(); i++) {
                found.add(told(shown.get(i), futures.get(i)));
            }
            return found;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ProblemException.unavailable("the service is being ended; ask again");
        }
    }

    private DeploymentResource looked(Granted granted) throws InterruptedException {
        questions.acquire();
        try {
            return granted.provider()
                    .look(granted.target())
                    .map(state -> DeploymentResource.found(granted, state))
                    .orElseGet(() -> DeploymentResource.notTold(
                            granted, DeploymentResource.MISSING, "there is no deployment of this name"));
        } catch (TargetRefusedException e) {
            return DeploymentResource.notTold(granted, DeploymentResource.REFUSED, "it " + e.reason());
        } catch (UnreachableException e) {
            return DeploymentResource.notTold(granted, DeploymentResource.UNREACHABLE, e.reason());
        } finally {
            questions.release();
        }
    }

    private DeploymentResource told(Granted granted, Future<DeploymentResource> future) throws InterruptedException {
        if (future.isCancelled()) {
            return DeploymentResource.notTold(
                    granted,
                    DeploymentResource.UNREACHABLE,
                    "no answer within " + properties.lookTimeout().toMillis() + " ms");
        }
        try {
            return future.get();
        } catch (ExecutionException e) {
            log.atWarn()
                    .setCause(e.getCause())
                    .addKeyValue("target", granted.target().key())
                    .log("A deployment could not be looked at");
            return DeploymentResource.notTold(
                    granted, DeploymentResource.UNREACHABLE, "it could not be looked at; the log says why");
        }
    }

    private static String encoded(String key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(key.getBytes(StandardCharsets.UTF_8));
    }

    private static @Nullable String decoded(@Nullable String cursor) {
        try {
            return cursor == null ? null : new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw ProblemException.badRequest("cursor", "is not a cursor: take next_cursor of the page before");
        }
    }

    @Override
    public void close() {
        lookers.shutdownNow();
    }
}

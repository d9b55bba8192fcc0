package io.opsrelay.action.cloudrun;

import com.google.cloud.run.v2.Revision;
import com.google.cloud.run.v2.Service;
import io.opsrelay.action.catalogue.OutcomeUnknownException;
import io.opsrelay.action.deployment.UnreachableException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Sends an update until it is known to have been taken or refused. Each time it is sent with the etag of a service that does
 * not carry it yet: of an update that was sent twice, since its answer was lost, Cloud Run takes one.
 */
final class Updates {

    private final int attempts;
    private final Duration pause;
    private final Stop stop;

    Updates(int attempts, Duration pause, Stop stop) {
        this.attempts = attempts;
        this.pause = pause;
        this.stop = stop;
    }

    /** What became of an update. */
    sealed interface Sent {

        /** @param operation its name; absent where the service carried the update already */
        record Taken(@Nullable String operation) implements Sent {}

        record Refused(String code, String reason) implements Sent {}
    }

    /** How an update follows from the service as it is at that moment. */
    interface Writer {

        /** Whether the service carries it already. */
        boolean isOn(Service now);

        /** What it is. */
        Plan plan(Service now, List<Revision> revisions);
    }

    /**
     * Sends it.
     *
     * @throws UnreachableException if nothing was sent
     * @throws OutcomeUnknownException if it may have been taken
     */
    Sent send(CloudRunClient client, Site site, boolean withRevisions, Writer writer) {
        CloudRunException lost = null;
        for (int attempt = 1; ; attempt++) {
            try {
                Sent sent = sendOnce(client, site, withRevisions, writer);
                if (sent instanceof Sent.Refused refused && lost != null) {
                    throw unknown(lost, refused.reason());
                }
                return sent;
            } catch (ReadException e) {
                if (lost != null) {
                    throw unknown(lost, e.failure().reason());
                }
                return e.nothingSent();
            } catch (CloudRunException e) {
                lost = e.kind() == CloudRunException.Kind.LOST ? e : lost;
                if (attempt >= attempts) {
                    if (lost != null) {
                        throw unknown(lost, "it was sent " + attempts + " times");
                    }
                    return new Sent.Refused(
                            e.code(), "Cloud Run did not take it in " + attempts + " attempts: " + e.reason());
                }
                pause(attempt);
            }
        }
    }

    /** @throws CloudRunException where another attempt may do better */
    private Sent sendOnce(CloudRunClient client, Site site, boolean withRevisions, Writer writer) {
        Service now;
        List<Revision> revisions;
        try {
            now = client.service(site.resource()).orElse(null);
            if (now == null) {
                return new Sent.Refused("unknown_service", "there is no " + site.resource());
            }
            if (writer.isOn(now)) {
                return new Sent.Taken(null);
            }
            revisions = withRevisions ? client.revisions(site.resource()) : List.of();
        } catch (CloudRunException e) {
            throw new ReadException(e);
        }
        return switch (writer.plan(now, revisions)) {
            case Plan.Refused refused -> new Sent.Refused(refused.code(), refused.reason());
            case Plan.Update update -> {
                try {
                    yield new Sent.Taken(client.update(update.request()).getName());
                } catch (CloudRunException e) {
                    yield switch (e.kind()) {
                        case NOT_FOUND, REFUSED -> new Sent.Refused(e.code(), e.reason());
                        case CONFLICT, THROTTLED, LOST -> throw e;
                    };
                }
            }
        };
    }

    private void pause(int attempt) {
        long longest = pause.toMillis() << Math.min(attempt - 1, 6);
        // Those who disturbed each other must not meet again.
        if (stop.within(Duration.ofMillis(ThreadLocalRandom.current().nextLong(longest / 2, longest + 1)))) {
            throw stop.unknown();
        }
    }

    private static OutcomeUnknownException unknown(CloudRunException lost, String more) {
        return new OutcomeUnknownException("Cloud Run's answer was lost (" + lost.reason() + "); " + more, lost);
    }

    /** The service could not be read before an update. */
    private static final class ReadException extends RuntimeException {

        private final CloudRunException failure;

        ReadException(CloudRunException failure) {
            super(failure);
            this.failure = failure;
        }

        CloudRunException failure() {
            return failure;
        }

        Sent nothingSent() {
            if (failure.kind() == CloudRunException.Kind.REFUSED) {
                return new Sent.Refused(failure.code(), failure.reason());
            }
            throw new UnreachableException("Cloud Run does not answer: " + failure.reason(), failure);
        }
    }
}

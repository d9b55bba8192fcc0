package io.opsrelay.standalone.control;

import io.opsrelay.standalone.control.Verdict.Accepted;
import io.opsrelay.standalone.control.Verdict.Known;
import io.opsrelay.standalone.control.Verdict.Refusal;
import io.opsrelay.standalone.control.Verdict.Refused;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** Takes wishes, one at a time for each service, and has them done, each by a thread of its own. */
final class Operations {

    private final Journal journal;
    private final Fleet fleet;
    private final InstantSource clock;
    private final Consumer<String> events;
    private volatile boolean open;

    Operations(Journal journal, Fleet fleet, InstantSource clock, Consumer<String> events) {
        this.journal = journal;
        this.fleet = fleet;
        this.clock = clock;
        this.events = events;
    }

    /** From now on wishes are taken. Before that, instances are awaited that an operation would end. */
    void open() {
        open = true;
    }

    Optional<Operation> find(String key) {
        return journal.find(key);
    }

    Optional<Operation> running(String service) {
        return journal.running(service);
    }

    /** Decides about a wish. One that is accepted is on the disk, and nothing was done yet. */
    synchronized Verdict accept(String key, OperationRequest request) {
        Optional<Operation> known = journal.find(key);
        if (known.isPresent()) {
            return known.get().request().equals(request)
                    ? new Known(known.get())
                    : new Refused(Refusal.KEY_TAKEN, "the key belongs to another operation");
        }
        if (fleet.services().stream().noneMatch(one -> one.service().equals(request.service()))) {
            return new Refused(Refusal.UNKNOWN_SERVICE, "there is no service '" + request.service() + "'");
        }
        Integer replicas = request.replicas();
        if (replicas != null && (replicas < 1 || replicas > Fleet.MAX_REPLICAS)) {
            return new Refused(
                    Refusal.REPLICAS_OUT_OF_RANGE, "replicas must be 1 to " + Fleet.MAX_REPLICAS + ", not " + replicas);
        }
        if (!open) {
            return new Refused(Refusal.STARTING, "not all services were ready yet; try again");
        }
        Optional<Operation> other = journal.running(request.service());
        if (other.isPresent()) {
            return new Refused(
                    Refusal.BUSY,
                    "operation " + other.get().key() + " is at work on " + request.service() + "; try again");
        }
        Operation operation = Operation.begun(key, request, clock.instant());
        journal.begin(operation);
        return new Accepted(operation);
    }

    /** Begins to do what was accepted; returns at once. */
    void begin(Operation operation) {
        Thread.ofPlatform().daemon().name("operate-" + operation.service()).start(() -> new Work(operation).run());
    }

    /** The one thread that does an operation; nobody else changes it. */
    private final class Work {

        private Operation operation;

        Work(Operation operation) {
            this.operation = operation;
        }

        void run() {
            String what = operation.kind().name().toLowerCase(Locale.ROOT) + " of " + operation.service();
            events.accept(what + " begins" + (operation.reason().isEmpty() ? "" : ": " + operation.reason()));
            String failure = "it ended in a fault of the launcher; its output says more";
            try {
                fleet.perform(operation.request(), text -> update(operation.step(text, clock.instant())));
                failure = "";
            } catch (OperationFailure e) {
                failure = String.valueOf(e.getMessage());
            } catch (InterruptedException e) {
                failure = "the launcher ended meanwhile";
            } finally {
                // Whatever happened: an operation that nobody works on must not stay running.
                update(
                        failure.isEmpty()
                                ? operation.succeeded(clock.instant())
                                : operation.failed(failure, clock.instant()));
                events.accept(what + (failure.isEmpty() ? " is done" : " failed: " + failure));
            }
        }

        private void update(Operation changed) {
            operation = changed;
            try {
                journal.update(changed);
            } catch (UncheckedIOException e) {
                events.accept(String.valueOf(e.getMessage()));
            }
        }
    }
}

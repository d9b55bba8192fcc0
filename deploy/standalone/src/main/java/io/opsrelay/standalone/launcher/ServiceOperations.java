package io.opsrelay.standalone.launcher;

import io.opsrelay.standalone.control.Fleet;
import io.opsrelay.standalone.control.OperationFailure;
import io.opsrelay.standalone.control.OperationRequest;
import io.opsrelay.standalone.control.ServiceStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Restarts, scales and rolls out services, instance by instance. */
final class ServiceOperations implements Fleet {

    /** After it, an operation gives up on an instance that is not ready. */
    static final Duration READY_LIMIT = Duration.ofMinutes(3);
    /** Within it, every gateway has seen a change of the instances' file. */
    private static final Duration NOTICE = Duration.ofMillis(300);

    private static final String TRIED_ON = "; it is started again until it is ready, see its log";

    private final Instances instances;
    private final Replicas replicas;
    private final Duration readyLimit;

    ServiceOperations(Instances instances, Replicas replicas, Duration readyLimit) {
        this.instances = instances;
        this.replicas = replicas;
        this.readyLimit = readyLimit;
    }

    @Override
    public List<ServiceStatus> services() {
        return Arrays.stream(Service.values())
                .map(service -> new ServiceStatus(
                        service.processName,
                        replicas.of(service),
                        instances.of(service).stream().map(Instance::status).toList()))
                .toList();
    }

    @Override
    public void perform(OperationRequest request, Consumer<String> steps) throws InterruptedException {
        Service service = Service.named(request.service()).orElseThrow();
        switch (request.kind()) {
            case RESTART -> restart(service, steps);
            case SCALE -> scale(service, request.replicas() == null ? 1 : request.replicas(), steps);
            case ROLLOUT -> rollout(service, steps);
        }
        // Who hears of the end finds gateways that know the last change.
        Thread.sleep(NOTICE);
    }

    private void restart(Service service, Consumer<String> steps) throws InterruptedException {
        for (Instance instance : instances.of(service)) {
            takeOut(List.of(instance), steps);
            end(instance, steps);
            instances.renew(instance);
            awaitReady(instance, TRIED_ON, steps);
        }
    }

    private void scale(Service service, int wanted, Consumer<String> steps) throws InterruptedException {
        // Before anything is done: whatever becomes of this launcher, the next one has what was wanted.
        replicas.set(service, wanted);
        List<Instance> present = instances.of(service);
        if (wanted < present.size()) {
            List<Instance> surplus = present.subList(wanted, present.size());
            takeOut(surplus, steps);
            for (Instance instance : surplus) {
                end(instance, steps);
                instances.remove(service, instance);
            }
        }
        List<Instance> added = new ArrayList<>();
        while (present.size() + added.size() < wanted) {
            Instance instance = instances.add(service);
            instances.begin(instance);
            added.add(instance);
        }
        for (Instance instance : added) {
            awaitReady(instance, TRIED_ON, steps);
        }
    }

    private void rollout(Service service, Consumer<String> steps) throws InterruptedException {
        for (Instance old : instances.of(service)) {
            Instance successor = instances.add(service);
            instances.begin(successor);
            try {
                awaitReady(successor, "; what served before serves on", steps);
            } catch (OperationFailure e) {
                // The old one serves on, as if nothing had been tried.
                successor.drain();
                successor.supervised().end();
                instances.remove(service, successor);
                throw e;
            }
            takeOut(List.of(old), steps);
            end(old, steps);
            instances.remove(service, old);
        }
    }

    private void takeOut(List<Instance> leaving, Consumer<String> steps) throws InterruptedException {
        leaving.forEach(Instance::drain);
        instances.publish();
        for (Instance instance : leaving) {
            steps.accept(instance.described() + " gets no more requests");
        }
        Thread.sleep(NOTICE);
    }

    private static void end(Instance instance, Consumer<String> steps) {
        String who = instance.described();
        instance.supervised().end();
        steps.accept(who + " has ended");
    }

    /**
     * Its being ready has put it among those that get requests already.
     *
     * @param otherwise what becomes of the service if it is not
     */
    private void awaitReady(Instance instance, String otherwise, Consumer<String> steps) throws InterruptedException {
        try {
            instance.supervised().firstReady().get(readyLimit.toMillis(), TimeUnit.MILLISECONDS);
            steps.accept(instance.described() + " is ready on port "
                    + instance.process().port());
        } catch (TimeoutException e) {
            throw new OperationFailure(
                    instance.name() + " was not ready within " + readyLimit.toSeconds() + " s" + otherwise);
        } catch (ExecutionException e) {
            instances.requireOngoing();
            // The first line says what happened; what follows are words of its log, which are for the operator only.
            String message =
                    String.valueOf(e.getCause() == null ? e : e.getCause().getMessage());
            throw new OperationFailure(message.lines().findFirst().orElse(instance.name() + " fails") + otherwise);
        }
    }
}

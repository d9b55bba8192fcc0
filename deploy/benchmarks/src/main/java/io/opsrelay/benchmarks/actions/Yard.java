package io.opsrelay.benchmarks.actions;

import io.opsrelay.standalone.control.Fleet;
import io.opsrelay.standalone.control.InstanceStatus;
import io.opsrelay.standalone.control.OperationRequest;
import io.opsrelay.standalone.control.ServiceStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Services to be operated that are names only; it keeps books of what was done, by the reason that was given for it. */
final class Yard implements Fleet {

    private static final int SERVICES = 60;
    private static final Duration WORK = Duration.ofMillis(40);

    private final List<String> names =
            IntStream.range(0, SERVICES).mapToObj("shop-%02d"::formatted).toList();
    private final Map<String, AtomicInteger> done = new ConcurrentHashMap<>();

    List<String> names() {
        return names;
    }

    @Override
    public List<ServiceStatus> services() {
        return names.stream()
                .map(name -> new ServiceStatus(
                        name, 1, List.of(new InstanceStatus(name, 1L, 1, InstanceStatus.State.READY, null, 0))))
                .toList();
    }

    /** Counted when it begins: what was done twice by halves is twice, too. */
    @Override
    public void perform(OperationRequest request, Consumer<String> steps) throws InterruptedException {
        done.computeIfAbsent(request.reason(), reason -> new AtomicInteger()).incrementAndGet();
        steps.accept("a successor starts");
        Thread.sleep(WORK);
        steps.accept("it serves");
    }

    /** How often something was done for that reason. */
    Map<String, Integer> done() {
        Map<String, Integer> counts = new ConcurrentHashMap<>();
        done.forEach((reason, count) -> counts.put(reason, count.get()));
        return counts;
    }
}

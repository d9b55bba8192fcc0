package io.opsrelay.standalone.launcher;

import io.opsrelay.standalone.control.InstanceStatus;
import io.opsrelay.standalone.process.ChildProcess;
import java.util.Optional;
import java.util.function.Supplier;

/** One process of a service, and its place among the others: name and port stay while the process is renewed. */
final class Instance {

    private final ServiceProcess process;
    private final Supplier<Supervised> supervision;
    private volatile Supervised supervised;
    private volatile boolean draining;

    /** @param supervision makes what keeps the process running, once for each renewal */
    Instance(ServiceProcess process, Supplier<Supervised> supervision) {
        this.process = process;
        this.supervision = supervision;
        this.supervised = supervision.get();
    }

    String name() {
        return process.name();
    }

    ServiceProcess process() {
        return process;
    }

    Supervised supervised() {
        return supervised;
    }

    /** The process as people find it again, e.g. {@code agent-service (process 4711)}. */
    String described() {
        return name()
                + supervised
                        .child()
                        .map(child -> " (process " + child.identity().pid() + ")")
                        .orElse("");
    }

    /** Whether it shall get requests. */
    boolean serves() {
        return !draining && supervised.ready();
    }

    void drain() {
        draining = true;
    }

    /** Begins anew in the same place; the former process has been ended. */
    void renew() {
        supervised = supervision.get();
        draining = false;
        supervised.begin();
    }

    InstanceStatus status() {
        Optional<ChildProcess> child = supervised.child();
        return new InstanceStatus(
                name(),
                child.map(one -> one.identity().pid()).orElse(null),
                process.port(),
                state(),
                child.map(ChildProcess::startedAt).orElse(null),
                supervised.restarts());
    }

    private InstanceStatus.State state() {
        if (draining) {
            return InstanceStatus.State.DRAINING;
        }
        if (supervised.ready()) {
            return InstanceStatus.State.READY;
        }
        return supervised.pausing() ? InstanceStatus.State.STOPPED : InstanceStatus.State.STARTING;
    }
}

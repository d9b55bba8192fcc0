package io.opsrelay.standalone.control;

import java.util.List;
import java.util.function.Consumer;

/** The services that can be operated: implemented by who starts and ends their processes. */
public interface Fleet {

    /** A service has at least one instance, and at most this many. */
    int MAX_REPLICAS = 4;

    /** All services, in an order that does not change. */
    List<ServiceStatus> services();

    /**
     * Does what is wanted and returns when it is done. At most one operation is at work on a service at a time.
     *
     * @param request its service is one of {@link #services()}, its replicas are within bounds
     * @param steps told what was done, in words for people
     * @throws OperationFailure if it could not be done
     */
    void perform(OperationRequest request, Consumer<String> steps) throws InterruptedException;
}

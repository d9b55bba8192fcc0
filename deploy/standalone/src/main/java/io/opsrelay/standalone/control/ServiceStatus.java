package io.opsrelay.standalone.control;

import java.util.List;

/**
 * A service as it stands.
 *
 * @param replicas how many instances it shall have
 * @param instances those that there are; one more than wanted while one is replaced
 */
public record ServiceStatus(String service, int replicas, List<InstanceStatus> instances) {

    public ServiceStatus {
        instances = List.copyOf(instances);
    }
}

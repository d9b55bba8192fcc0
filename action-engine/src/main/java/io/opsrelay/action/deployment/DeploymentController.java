package io.opsrelay.action.deployment;

import io.opsrelay.action.deployment.Targets.NotGrantedException;
import io.opsrelay.action.execution.ActionRequests;
import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.web.ProblemException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Actions on deployments, asked for by people. What is wrong in form is refused here and begins nothing. */
@RestController
@RequestMapping("/api/v1")
@RequiresRole({Role.SRE, Role.ADMIN})
class DeploymentController {

    private final Targets targets;
    private final ActionRequests requests;

    DeploymentController(Targets targets, ActionRequests requests) {
        this.targets = targets;
        this.requests = requests;
    }

    @PostMapping("/restart_deployment")
    ResponseEntity<Receipt> restart(
            Caller caller,
            @RequestHeader(name = ActionRequests.KEY_HEADER, required = false) @Nullable String key,
            @RequestBody Target body) {
        return begin(caller, Operation.RESTART, body.arguments(), key);
    }

    @PostMapping("/rollout_restart")
    ResponseEntity<Receipt> rollout(
            Caller caller,
            @RequestHeader(name = ActionRequests.KEY_HEADER, required = false) @Nullable String key,
            @RequestBody Target body) {
        return begin(caller, Operation.ROLLOUT, body.arguments(), key);
    }

    @PostMapping("/rollback_deployment")
    ResponseEntity<Receipt> rollback(
            Caller caller,
            @RequestHeader(name = ActionRequests.KEY_HEADER, required = false) @Nullable String key,
            @RequestBody Target body) {
        return begin(caller, Operation.ROLLBACK, body.arguments(), key);
    }

    @PostMapping("/scale_deployment")
    ResponseEntity<Receipt> scale(
            Caller caller,
            @RequestHeader(name = ActionRequests.KEY_HEADER, required = false) @Nullable String key,
            @RequestBody ScaledTarget body) {
        return begin(caller, Operation.SCALE, body.arguments(), key);
    }

    private ResponseEntity<Receipt> begin(
            Caller caller, Operation operation, Map<String, Object> sent, @Nullable String key) {
        DeploymentArguments wanted = checked(caller, operation, sent);
        UUID actionId = requests.begin(caller, operation.actionType(), wanted.resolved(), key);
        return ResponseEntity.accepted()
                .location(URI.create("/api/v1/actions/" + actionId))
                .body(new Receipt(actionId, operation.actionType()));
    }

    private DeploymentArguments checked(Caller caller, Operation operation, Map<String, Object> sent) {
        try {
            DeploymentArguments wanted = DeploymentArguments.from(operation, sent);
            DeploymentProvider provider = targets.provider(wanted.targetType())
                    .orElseThrow(() -> ProblemException.unprocessable(
                            "target_type",
                            "nothing here runs deployments of this type; served are: " + targets.served()));
            if (!provider.operations().contains(operation)) {
                throw ProblemException.unprocessable(
                        "target_type", "offers no " + operation.actionType() + ", only " + Targets.offered(provider));
            }
            targets.requireAny(caller.clientId(), wanted.targetType());
            targets.grant(provider.resolve(wanted.target(caller.clientId())));
            return wanted;
        } catch (InvalidArgumentException e) {
            throw ProblemException.unprocessable(e.field(), e.reason());
        } catch (TargetRefusedException e) {
            throw ProblemException.unprocessable(e.field(), e.reason());
        } catch (NotGrantedException e) {
            throw ProblemException.forbidden(e.reason());
        }
    }

    /** What the requester keeps: the action can be followed under its id. */
    record Receipt(UUID actionId, String actionType) {}

    /** A deployment, and why it shall be touched. */
    record Target(
            @Nullable String serviceName,
            @Nullable String targetType,
            @Nullable String clusterName,
            @Nullable String namespace,
            @Nullable String region,
            @Nullable String reason) {

        Map<String, Object> arguments() {
            Map<String, Object> arguments = new HashMap<>();
            put(arguments, "service_name", serviceName);
            put(arguments, "target_type", targetType);
            put(arguments, "cluster_name", clusterName);
            put(arguments, "namespace", namespace);
            put(arguments, "region", region);
            put(arguments, "reason", reason);
            return arguments;
        }
    }

    /** A deployment, and how many instances of it shall run. */
    record ScaledTarget(
            @Nullable String serviceName,
            @Nullable String targetType,
            @Nullable String clusterName,
            @Nullable String namespace,
            @Nullable String region,
            @Nullable Integer replicas,
            @Nullable Integer minReplicas,
            @Nullable Integer maxReplicas,
            @Nullable String reason) {

        Map<String, Object> arguments() {
            Map<String, Object> arguments =
                    new Target(serviceName, targetType, clusterName, namespace, region, reason).arguments();
            put(arguments, "replicas", replicas);
            put(arguments, "min_replicas", minReplicas);
            put(arguments, "max_replicas", maxReplicas);
            return arguments;
        }
    }

    private static void put(Map<String, Object> arguments, String name, @Nullable Object value) {
        if (value != null) {
            arguments.put(name, value);
        }
    }
}

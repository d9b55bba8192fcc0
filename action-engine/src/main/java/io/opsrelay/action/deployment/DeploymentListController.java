package io.opsrelay.action.deployment;

import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.docs.DescribedAs;
import io.opsrelay.security.web.Page;
import io.opsrelay.security.web.PageRequest;
import io.opsrelay.security.web.ProblemException;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The deployments that a client may touch, over HTTP. */
@RestController
@RequestMapping("/api/v1/deployments")
@RequiresRole({Role.VIEWER, Role.AGENT, Role.APPROVER, Role.SRE, Role.ADMIN})
class DeploymentListController {

    private final DeploymentList deployments;

    DeploymentListController(DeploymentList deployments) {
        this.deployments = deployments;
    }

    /** Those that the client was granted, by their targets' names. */
    @GetMapping
    Page<DeploymentResource> list(
            Caller caller,
            @RequestParam(name = "target_type", required = false)
                    @DescribedAs(oneOf = {"gke", "kubernetes", "cloud_run", "standalone"})
                    @Nullable
                    String targetType,
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String cursor) {
        if (targetType != null && !DeploymentArguments.TARGET_TYPES.contains(targetType)) {
            throw ProblemException.badRequest(
                    "target_type", "must be one of " + String.join(", ", DeploymentArguments.TARGET_TYPES));
        }
        return deployments.page(caller.clientId(), targetType, PageRequest.limitOf(limit), cursor);
    }
}

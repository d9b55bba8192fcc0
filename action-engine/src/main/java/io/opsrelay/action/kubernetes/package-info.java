/** Deployments in Kubernetes clusters, GKE's among them: changed as kubectl does it and watched to their end. */
@NullMarked
package io.opsrelay.action.kubernetes;

import org.jspecify.annotations.NullMarked;

/** Deployments on this very machine: OpsRelay's own services, run by the launcher that started them. */
@NullMarked
package io.opsrelay.action.standalone;

import org.jspecify.annotations.NullMarked;

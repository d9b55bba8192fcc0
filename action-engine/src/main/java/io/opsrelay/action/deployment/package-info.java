/** Restarting, scaling and rolling out deployments: what may be asked, by whom, on which targets. */
@NullMarked
package io.opsrelay.action.deployment;

import org.jspecify.annotations.NullMarked;

/** Tells whether the gateway and the services behind it are up. */
@NullMarked
package io.opsrelay.gateway.health;

import org.jspecify.annotations.NullMarked;

/** Which path goes to which service. */
@NullMarked
package io.opsrelay.gateway.route;

import org.jspecify.annotations.NullMarked;

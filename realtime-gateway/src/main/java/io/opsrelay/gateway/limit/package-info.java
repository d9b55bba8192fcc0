/** How many requests a client and a user may send. */
@NullMarked
package io.opsrelay.gateway.limit;

import org.jspecify.annotations.NullMarked;

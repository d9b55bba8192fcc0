/** HTTP to addresses that clients name: bounded in time and size, and never into the network that the service stands in. */
@NullMarked
package io.opsrelay.security.outbound;

import org.jspecify.annotations.NullMarked;

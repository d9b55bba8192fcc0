/** Keeps a browser signed in: a sealed cookie that is good once, and what the gateways know of those that were used. */
@NullMarked
package io.opsrelay.gateway.session;

import org.jspecify.annotations.NullMarked;

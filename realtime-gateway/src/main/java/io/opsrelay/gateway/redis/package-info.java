/** What the gateways share in Redis, which may be away at any moment. */
@NullMarked
package io.opsrelay.gateway.redis;

import org.jspecify.annotations.NullMarked;

/** The live connections of dashboards: realtime protocol, version 1, over WebSocket. */
@NullMarked
package io.opsrelay.gateway.stream;

import org.jspecify.annotations.NullMarked;

/** Dashboards of older systems, which speak Socket.IO: their polling and WebSockets, their events and their names. */
@NullMarked
package io.opsrelay.gateway.socketio;

import org.jspecify.annotations.NullMarked;

/** Reads the feed topic and keeps the newest frames of each client, ready to be sent. */
@NullMarked
package io.opsrelay.gateway.feed;

import org.jspecify.annotations.NullMarked;

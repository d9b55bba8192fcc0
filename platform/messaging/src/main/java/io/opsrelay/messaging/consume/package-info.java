/** Consuming: each event applied once, transient trouble waited out, poison set aside with its reason. */
@NullMarked
package io.opsrelay.messaging.consume;

import org.jspecify.annotations.NullMarked;

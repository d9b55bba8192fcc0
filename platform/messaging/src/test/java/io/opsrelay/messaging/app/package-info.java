/** A small service to try the messaging module with. */
@NullMarked
package io.opsrelay.messaging.app;

import org.jspecify.annotations.NullMarked;

/** Events between services: publish in the transaction that changes the state, apply each event once. */
@NullMarked
package io.opsrelay.messaging;

import org.jspecify.annotations.NullMarked;

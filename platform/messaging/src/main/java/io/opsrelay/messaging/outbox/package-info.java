/** The transactional outbox: rows beside the state change, and the relay that brings them to Kafka in order. */
@NullMarked
package io.opsrelay.messaging.outbox;

import org.jspecify.annotations.NullMarked;

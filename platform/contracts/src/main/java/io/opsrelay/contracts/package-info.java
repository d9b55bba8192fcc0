/** What the services tell each other: event records, topic and channel names, and the one JSON form of them all. */
@NullMarked
package io.opsrelay.contracts;

import org.jspecify.annotations.NullMarked;

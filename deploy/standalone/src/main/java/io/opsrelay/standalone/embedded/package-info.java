/** A real Kafka broker, PostgreSQL and Redis as child processes, from artifacts that Maven brings. */
@NullMarked
package io.opsrelay.standalone.embedded;

import org.jspecify.annotations.NullMarked;

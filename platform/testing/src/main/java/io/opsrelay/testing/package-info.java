/** What the tests of every module share: real Kafka, PostgreSQL and Redis, databases, tokens, records, kits. */
@NullMarked
package io.opsrelay.testing;

import org.jspecify.annotations.NullMarked;

/** Takes in the tickets that other systems write to a Kafka topic, each source in its own form. */
@NullMarked
package io.opsrelay.ingestion.upstream;

import org.jspecify.annotations.NullMarked;

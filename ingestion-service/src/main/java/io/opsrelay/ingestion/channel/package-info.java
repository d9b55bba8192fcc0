/** The ways in and out of a client: their addresses, settings and sealed secrets, and whose each of them is. */
@NullMarked
package io.opsrelay.ingestion.channel;

import org.jspecify.annotations.NullMarked;

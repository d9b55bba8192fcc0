/** Hands out the tickets of a list as a file, CSV or JSON, of any length. */
@NullMarked
package io.opsrelay.ingestion.export;

import org.jspecify.annotations.NullMarked;

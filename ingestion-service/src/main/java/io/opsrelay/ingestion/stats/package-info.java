/** Counts what happens to tickets as it happens, and answers dashboards with the numbers. */
@NullMarked
package io.opsrelay.ingestion.stats;

import org.jspecify.annotations.NullMarked;

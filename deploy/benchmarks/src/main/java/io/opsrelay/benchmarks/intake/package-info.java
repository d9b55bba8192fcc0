/** Tickets pressed through every door of a running system, and where they come out again. */
@NullMarked
package io.opsrelay.benchmarks.intake;

import org.jspecify.annotations.NullMarked;

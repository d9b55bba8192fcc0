/** Gateways alone under faults: every client of theirs sees all that was written for it, in order, or is told. */
@org.jspecify.annotations.NullMarked
package io.opsrelay.benchmarks.gateways;

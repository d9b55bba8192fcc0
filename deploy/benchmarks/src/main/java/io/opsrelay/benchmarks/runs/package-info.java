/** Tickets through an agent-service of a benchmark's own, without the other services. */
@org.jspecify.annotations.NullMarked
package io.opsrelay.benchmarks.runs;

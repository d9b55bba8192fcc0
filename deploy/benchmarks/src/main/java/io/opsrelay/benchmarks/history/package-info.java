/** What happened to a system, recorded from outside, and the rules that it must have kept. Pure. */
@NullMarked
package io.opsrelay.benchmarks.history;

import org.jspecify.annotations.NullMarked;

/** Breaks parts of a running system while work comes in, and holds what it did against what it promises. */
@NullMarked
package io.opsrelay.benchmarks.faults;

import org.jspecify.annotations.NullMarked;

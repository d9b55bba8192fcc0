/** Small programs that measure what the documentation claims, at a constant rate and without coordinated omission. */
@NullMarked
package io.opsrelay.benchmarks;

import org.jspecify.annotations.NullMarked;

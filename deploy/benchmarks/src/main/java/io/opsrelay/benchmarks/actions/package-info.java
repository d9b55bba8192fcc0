/** Approvals and actions by themselves: one approval-service and one action-engine with stores of their own, measured or killed. */
@NullMarked
package io.opsrelay.benchmarks.actions;

import org.jspecify.annotations.NullMarked;

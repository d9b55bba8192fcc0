/** Tells clients when their actions are stopped, and when they may go on. */
@NullMarked
package io.opsrelay.approval.stop;

import org.jspecify.annotations.NullMarked;

/** Does to the outside world what was approved, exactly once. */
@NullMarked
package io.opsrelay.action;

import org.jspecify.annotations.NullMarked;

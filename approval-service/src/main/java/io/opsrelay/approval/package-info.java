/** Decides what may be done: policy first, a person where policy asks for one, and a signed grant for what was approved. */
@NullMarked
package io.opsrelay.approval;

import org.jspecify.annotations.NullMarked;

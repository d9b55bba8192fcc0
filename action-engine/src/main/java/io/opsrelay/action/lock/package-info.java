/** What actions touch: each target is one action's at a time, in the order in which actions came. */
@NullMarked
package io.opsrelay.action.lock;

import org.jspecify.annotations.NullMarked;

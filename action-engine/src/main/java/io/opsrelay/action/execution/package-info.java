/** The life of an action, from its proposal to its recorded outcome. */
@NullMarked
package io.opsrelay.action.execution;

import org.jspecify.annotations.NullMarked;

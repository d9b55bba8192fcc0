/** A payment provider of our own in PostgreSQL, for where no real one is configured; plainly called sandbox. */
@NullMarked
package io.opsrelay.action.sandbox;

import org.jspecify.annotations.NullMarked;

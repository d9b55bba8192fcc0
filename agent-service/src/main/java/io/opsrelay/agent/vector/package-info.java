/** Vectors in memory and the search for those that are nearest to one. */
@NullMarked
package io.opsrelay.agent.vector;

import org.jspecify.annotations.NullMarked;

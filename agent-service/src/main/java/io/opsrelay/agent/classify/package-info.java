/** Reads a text as a whole: takes personal data out, then says what it asks for, in which language, and what it tells of the writer's business. */
@NullMarked
package io.opsrelay.agent.classify;

import org.jspecify.annotations.NullMarked;

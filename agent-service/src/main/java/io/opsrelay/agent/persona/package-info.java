/** The AI employees of each client: who handles what in which tone, whether they are at work, and what they have done. */
@NullMarked
package io.opsrelay.agent.persona;

import org.jspecify.annotations.NullMarked;

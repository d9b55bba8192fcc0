/** The AI agent: understands tickets, answers from knowledge, proposes actions, and finishes what a person decided. */
@NullMarked
package io.opsrelay.agent;

import org.jspecify.annotations.NullMarked;

/** Runs: one pass of the agent over a ticket, persisted step by step, parked while a person decides, resumed anywhere. */
@NullMarked
package io.opsrelay.agent.run;

import org.jspecify.annotations.NullMarked;

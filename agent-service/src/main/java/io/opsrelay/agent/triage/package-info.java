/** Triage finds out what a ticket's text asks for, in which language and how urgently, with a linear model trained at build time. */
@NullMarked
package io.opsrelay.agent.triage;

import org.jspecify.annotations.NullMarked;

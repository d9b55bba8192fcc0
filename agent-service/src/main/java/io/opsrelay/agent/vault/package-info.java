/** Keeps what was taken out of a ticket's text, encrypted, and gives it back to that ticket's customer or, audited, to an administrator. */
@NullMarked
package io.opsrelay.agent.vault;

import org.jspecify.annotations.NullMarked;

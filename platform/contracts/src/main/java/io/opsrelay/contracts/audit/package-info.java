/** The form of audit entries: their canonical text, the hash chain they are sealed into, and how a chain is checked. */
@NullMarked
package io.opsrelay.contracts.audit;

import org.jspecify.annotations.NullMarked;

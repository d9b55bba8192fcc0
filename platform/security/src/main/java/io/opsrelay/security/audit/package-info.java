/** The audit log: who did what, when, why, and what it changed, written with the change and sealed into a hash chain. */
@NullMarked
package io.opsrelay.security.audit;

import org.jspecify.annotations.NullMarked;

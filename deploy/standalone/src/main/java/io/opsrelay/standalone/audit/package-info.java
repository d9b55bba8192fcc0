/** The command {@code audit}: verifies the hash chains of the audit logs, and exports them. */
@NullMarked
package io.opsrelay.standalone.audit;

import org.jspecify.annotations.NullMarked;

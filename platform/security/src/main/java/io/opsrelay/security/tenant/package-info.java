/** Transactions that see and write the rows of one client only. */
@NullMarked
package io.opsrelay.security.tenant;

import org.jspecify.annotations.NullMarked;

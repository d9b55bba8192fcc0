/** What OpsRelay promises to people and machines outside, shown on the running system; and the rules across services. */
@NullMarked
package io.opsrelay.e2e;

import org.jspecify.annotations.NullMarked;

/** How fast pages are for those who look at them, as their browsers measure it. */
@NullMarked
package io.opsrelay.gateway.vitals;

import org.jspecify.annotations.NullMarked;

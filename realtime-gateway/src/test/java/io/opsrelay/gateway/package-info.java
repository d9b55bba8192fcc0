/** Tests of the whole gateway, and what they share. */
@NullMarked
package io.opsrelay.gateway;

import org.jspecify.annotations.NullMarked;

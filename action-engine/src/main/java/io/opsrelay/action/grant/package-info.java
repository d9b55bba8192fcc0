/** Believes an approval only by its signature and by what it binds. */
@NullMarked
package io.opsrelay.action.grant;

import org.jspecify.annotations.NullMarked;

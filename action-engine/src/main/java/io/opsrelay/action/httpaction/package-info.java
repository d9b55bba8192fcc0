/** Actions that clients add by configuration: an HTTP request to a system of theirs. */
@NullMarked
package io.opsrelay.action.httpaction;

import org.jspecify.annotations.NullMarked;

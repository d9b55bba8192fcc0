/** Requests in JSON to systems that clients name: their bounds, their secrets, and what an answer means for an action. */
@NullMarked
package io.opsrelay.action.remote;

import org.jspecify.annotations.NullMarked;

/** Refunds: resolved from the customer's own charge, never from what a model wrote. */
@NullMarked
package io.opsrelay.action.refund;

import org.jspecify.annotations.NullMarked;

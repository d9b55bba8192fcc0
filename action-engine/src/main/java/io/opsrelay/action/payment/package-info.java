/** The way to a payment provider: charges, refunds, and what happened to a call whose answer was lost. */
@NullMarked
package io.opsrelay.action.payment;

import org.jspecify.annotations.NullMarked;

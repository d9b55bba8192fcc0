/** Refunds through Stripe, each made once although Stripe may forget to say so. */
@NullMarked
package io.opsrelay.action.stripe;

import org.jspecify.annotations.NullMarked;

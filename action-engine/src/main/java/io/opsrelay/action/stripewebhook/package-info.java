/** Where Stripe tells of news about refunds, which are then asked for and not believed. */
@NullMarked
package io.opsrelay.action.stripewebhook;

import org.jspecify.annotations.NullMarked;

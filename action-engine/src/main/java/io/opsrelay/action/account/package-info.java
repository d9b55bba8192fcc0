/** The way to the systems that hold customers' accounts: a link by which a customer sets another password. */
@NullMarked
package io.opsrelay.action.account;

import org.jspecify.annotations.NullMarked;

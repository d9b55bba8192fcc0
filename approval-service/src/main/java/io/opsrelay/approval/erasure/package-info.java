/** Erases what this service holds of a customer when the customer is erased. */
@NullMarked
package io.opsrelay.approval.erasure;

import org.jspecify.annotations.NullMarked;

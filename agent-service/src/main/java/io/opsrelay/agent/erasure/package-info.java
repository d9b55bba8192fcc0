/** Erases what this service holds of a customer when the customer is erased. */
@NullMarked
package io.opsrelay.agent.erasure;

import org.jspecify.annotations.NullMarked;

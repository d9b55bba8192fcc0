/** Verifies access tokens as RFC 8725 asks: algorithm pinned, issuer, audience, type and expiry checked. */
@NullMarked
package io.opsrelay.security.token;

import org.jspecify.annotations.NullMarked;

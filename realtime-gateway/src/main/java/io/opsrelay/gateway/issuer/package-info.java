/** Signs people in, as the standalone token issuer or with the OIDC issuer that is, and keeps their pages signed in. */
@NullMarked
package io.opsrelay.gateway.issuer;

import org.jspecify.annotations.NullMarked;

/** The standalone token issuer: signs the configured users in, where no OIDC issuer does. */
@NullMarked
package io.opsrelay.gateway.issuer;

import org.jspecify.annotations.NullMarked;

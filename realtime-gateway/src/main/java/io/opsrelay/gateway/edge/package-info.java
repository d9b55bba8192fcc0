/** What every request passes: who asks, from which page, how much at once, and how a refusal is told. */
@NullMarked
package io.opsrelay.gateway.edge;

import org.jspecify.annotations.NullMarked;

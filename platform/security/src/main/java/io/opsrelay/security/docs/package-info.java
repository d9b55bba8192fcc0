/** Tells what a servlet service answers, as an OpenAPI document that is read from its own handlers. */
@NullMarked
package io.opsrelay.security.docs;

import org.jspecify.annotations.NullMarked;

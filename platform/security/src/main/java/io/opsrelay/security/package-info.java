/** Who is calling: the caller, the roles, and what each role may do. */
@NullMarked
package io.opsrelay.security;

import org.jspecify.annotations.NullMarked;

/** What the HTTP edge of every servlet service enforces: tokens, roles, limits, problem+json. */
@NullMarked
package io.opsrelay.security.web;

import org.jspecify.annotations.NullMarked;

/** Seals values that the database keeps and that nobody may read there. */
@NullMarked
package io.opsrelay.security.seal;

import org.jspecify.annotations.NullMarked;

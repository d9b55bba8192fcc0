/** Seals what lies in the database, or travels, where nobody may read it. */
@NullMarked
package io.opsrelay.security.seal;

import org.jspecify.annotations.NullMarked;

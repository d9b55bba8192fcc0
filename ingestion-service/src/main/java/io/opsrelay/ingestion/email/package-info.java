/** Which ticket a mail belongs to, by the Message-IDs that were written on it. */
@NullMarked
package io.opsrelay.ingestion.email;

import org.jspecify.annotations.NullMarked;

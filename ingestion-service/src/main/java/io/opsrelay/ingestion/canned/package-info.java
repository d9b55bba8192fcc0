/** What a client's people answer again and again, kept to be put into their replies. */
@NullMarked
package io.opsrelay.ingestion.canned;

import org.jspecify.annotations.NullMarked;

/** The headers of a mail: encoded words, addresses, dates, ids and parameters, also where they are broken. */
@NullMarked
package io.opsrelay.ingestion.mime.header;

import org.jspecify.annotations.NullMarked;

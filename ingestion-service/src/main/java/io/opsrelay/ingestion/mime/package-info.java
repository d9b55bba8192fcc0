/** What a mail says: a stream of bytes is read into headers, text, safe HTML, attachments and what kind of mail it is. */
@NullMarked
package io.opsrelay.ingestion.mime;

import org.jspecify.annotations.NullMarked;

/** Tells what people wrote from what machines did: bounces, receipts, out-of-office notes, lists. */
@NullMarked
package io.opsrelay.ingestion.mime.kind;

import org.jspecify.annotations.NullMarked;

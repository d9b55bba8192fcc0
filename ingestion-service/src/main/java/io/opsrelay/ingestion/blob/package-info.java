/** Keeps bytes outside the database, each under a key: in a folder, or in a store that speaks the protocol of Amazon S3. */
@NullMarked
package io.opsrelay.ingestion.blob;

import org.jspecify.annotations.NullMarked;

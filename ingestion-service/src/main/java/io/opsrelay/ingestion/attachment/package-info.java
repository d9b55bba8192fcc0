/** Files on tickets: taken in as streams, looked at before they are believed, handed out so that no browser runs them. */
@NullMarked
package io.opsrelay.ingestion.attachment;

import org.jspecify.annotations.NullMarked;

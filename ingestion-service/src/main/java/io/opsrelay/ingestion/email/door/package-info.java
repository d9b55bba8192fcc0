/** The doors through which mail providers hand mails in, each with its own way of proving who calls. */
@NullMarked
package io.opsrelay.ingestion.email.door;

import org.jspecify.annotations.NullMarked;

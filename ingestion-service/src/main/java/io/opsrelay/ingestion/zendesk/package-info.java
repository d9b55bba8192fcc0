/** Zendesk accounts as a door: tickets are pulled or told of by webhook, and what is answered is written back. */
@NullMarked
package io.opsrelay.ingestion.zendesk;

import org.jspecify.annotations.NullMarked;

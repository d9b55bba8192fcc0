/** Zendesk's HTTP API, as far as it is needed here. */
@NullMarked
package io.opsrelay.ingestion.zendesk.remote;

import org.jspecify.annotations.NullMarked;

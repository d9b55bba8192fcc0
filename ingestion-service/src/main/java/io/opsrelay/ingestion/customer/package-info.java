/** Persons who write to a client: what is known of them, under which addresses and ids, and whether they are blocked. */
@NullMarked
package io.opsrelay.ingestion.customer;

import org.jspecify.annotations.NullMarked;

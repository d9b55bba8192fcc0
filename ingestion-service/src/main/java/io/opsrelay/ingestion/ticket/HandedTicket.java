package io.opsrelay.ingestion.ticket;

import org.jspecify.annotations.Nullable;

/**
 * One of many tickets that are handed in together.
 *
 * @param key the sender's name for this one, if it gave one
 */
public record HandedTicket(NewTicket ticket, @Nullable RequestKey key) {}

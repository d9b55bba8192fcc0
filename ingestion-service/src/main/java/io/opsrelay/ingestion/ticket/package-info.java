/** Tickets from their acceptance to their end: state, conversation, timeline, and how dashboards and people see them. */
@NullMarked
package io.opsrelay.ingestion.ticket;

import org.jspecify.annotations.NullMarked;

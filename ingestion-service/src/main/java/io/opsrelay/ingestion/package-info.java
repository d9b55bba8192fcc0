/** Takes tickets in and is the system of record of tickets, customers, conversations and their timelines. */
@NullMarked
package io.opsrelay.ingestion;

import org.jspecify.annotations.NullMarked;

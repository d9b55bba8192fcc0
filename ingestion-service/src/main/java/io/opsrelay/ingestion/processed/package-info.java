/** The door for tickets that another system has worked already, with the path and the names of the older system. */
@NullMarked
package io.opsrelay.ingestion.processed;

import org.jspecify.annotations.NullMarked;

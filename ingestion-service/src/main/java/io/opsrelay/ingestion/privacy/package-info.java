/** What a customer may ask for: a file of all that is held of the customer, and that it be erased. */
@NullMarked
package io.opsrelay.ingestion.privacy;

import org.jspecify.annotations.NullMarked;

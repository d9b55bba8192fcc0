/** Records that a consumer of any service could not use: people see them, mend them, have them tried again or discard them. */
@NullMarked
package io.opsrelay.ingestion.deadletter;

import org.jspecify.annotations.NullMarked;

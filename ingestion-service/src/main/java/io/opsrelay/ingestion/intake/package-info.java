/** The REST door through which new tickets come in: checks what was sent and answers repetitions like the first. */
@NullMarked
package io.opsrelay.ingestion.intake;

import org.jspecify.annotations.NullMarked;

package io.opsrelay.ingestion.email;

import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where a mail goes. */
sealed interface Decision {

    /** Onto a ticket that is there. */
    record Continue(UUID ticketId) implements Decision {}

    /**
     * It begins a ticket.
     *
     * @param linkedTo a ticket that it speaks of, without its sender having a part in that
     */
    record Open(@Nullable UUID linkedTo) implements Decision {}

    /**
     * Nobody works on it.
     *
     * @param reason a word
     * @param detail in words
     * @param about the ticket that it is about, where that is known
     */
    record File(
            String reason,
            @Nullable String detail,
            @Nullable UUID about) implements Decision {
        public File {
            Objects.requireNonNull(reason);
        }
    }
}

package io.opsrelay.ingestion.intake;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.opsrelay.ingestion.ticket.HandedTicket;
import io.opsrelay.ingestion.ticket.Reception;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A line that was read: either a ticket, or what is wrong with it.
 *
 * @param number from 1, or from where the request goes on
 * @param size bytes that it took
 * @param handed absent if it is refused
 * @param errors empty if it is not
 */
record BulkLine(long number, int size, @Nullable HandedTicket handed, List<Wrong> errors) {

    /**
     * What is wrong.
     *
     * @param field absent if the line as a whole is
     */
    record Wrong(@Nullable String field, String reason) {}

    /**
     * What the sender reads about a line.
     *
     * @param status accepted, repeated, refused
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record Answer(long line, String status, @Nullable UUID ticketId, List<Wrong> errors) {}

    /**
     * The last line of an answer that ends too soon.
     *
     * @param line the first one that was not answered: from there on it is to be sent again
     */
    record Broken(String error, long line) {}

    Answer refused() {
        return new Answer(number, "refused", null, errors);
    }

    Answer answered(Reception reception) {
        return switch (reception) {
            case Reception.Accepted(UUID ticketId) -> new Answer(number, "accepted", ticketId, List.of());
            case Reception.Repeated(UUID ticketId, var _) -> new Answer(number, "repeated", ticketId, List.of());
            case Reception.KeyTaken _ ->
                new Answer(
                        number,
                        "refused",
                        null,
                        List.of(new Wrong(IdempotencyKey.HEADER, "was sent before with another ticket on this line")));
        };
    }
}

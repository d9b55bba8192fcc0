package io.opsrelay.action.catalogue;

import io.opsrelay.contracts.TicketEvent.Customer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What somebody would like to be done.
 *
 * @param arguments as proposed; with an edit, the prepared ones with the edit laid over them
 * @param customer whose ticket it is; what is touched must belong to this customer. Absent where a person asked for the
 *     action and no customer did
 */
public record Proposal(
        String clientId,
        Map<String, Object> arguments,
        @Nullable Customer customer) {

    public Proposal {
        arguments = Map.copyOf(arguments);
    }
}

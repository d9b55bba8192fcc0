package io.opsrelay.contracts;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;

/** What holds for a client as a whole, whichever ticket it works on. The envelope names the client. */
public sealed interface ClientEvent extends Event {

    /** One for all, so that what is told of a client keeps its order. */
    @Override
    @JsonIgnore
    default String key() {
        return "client";
    }

    /**
     * Which actions have somebody who can carry them out for the client. From action-engine, which tells it again from time
     * to time whether or not it changed: the last word holds.
     *
     * @param types the catalogue's names, e.g. {@code refund}; whatever is not among them fails
     */
    @EventType(value = "io.opsrelay.client.actions_offered.v1", topic = Topics.TICKET)
    record ActionsOffered(List<String> types) implements ClientEvent {
        public ActionsOffered {
            Require.present(types, "types");
            types = List.copyOf(types);
        }
    }
}

package io.opsrelay.ingestion.ticket;

import java.util.UUID;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** All couriers there are: decides who brings a message to the customer, in the commit that stores it. */
@Component
class Couriers {

    /** Who posted over the API reads the answer there. */
    private static final String READ_THERE = "api";

    private final ObjectProvider<Courier> couriers;

    Couriers(ObjectProvider<Courier> couriers) {
        this.couriers = couriers;
    }

    /**
     * Offers the message to each courier.
     *
     * @param channel of the ticket
     * @return how it is to be stored: it waits for whoever brings it, has arrived where it is read, or will not arrive
     */
    MessageState offer(String clientId, UUID ticketId, UUID messageId, String channel) {
        boolean taken = couriers.stream()
                .map(courier -> courier.take(clientId, ticketId, messageId, channel))
                .reduce(false, Boolean::logicalOr);
        if (taken) {
            return MessageState.PENDING;
        }
        return channel.equals(READ_THERE) ? MessageState.SENT : MessageState.FAILED;
    }
}

package io.opsrelay.agent.order;

import java.util.Optional;

/** Where orders are looked up. */
interface OrderSystem {

    /**
     * The order of that id, whoever's it is. Outside any transaction.
     *
     * @throws OrdersUnavailableException if that cannot be said now
     */
    Optional<Order> find(String clientId, String orderId);
}

package io.opsrelay.agent.order;

import io.opsrelay.contracts.TicketEvent.Customer;
import io.opsrelay.security.outbound.GuardedHttp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What a customer may learn of an order. */
@Component
public class Orders {

    /** Does not repeat what was asked for: a model may state what it is told, and it must not be told its own words. */
    private static final String NONE = "this customer has no such order";

    private final StoredOrders stored;
    private final Map<String, OrderSystem> systems = new HashMap<>();

    Orders(OrderProperties properties, StoredOrders stored, GuardedHttp http) {
        this.stored = stored;
        properties.systems().forEach((client, system) -> systems.put(client, new HttpOrders(system, http)));
    }

    /**
     * An order in words, for the one whose it is: to everybody else, and to a sender who may not be who they say, it does
     * not exist. Outside any transaction, for it may ask another system.
     */
    public String told(String clientId, String orderId, Customer customer) {
        return switch (look(clientId, orderId, customer)) {
            case Found.Theirs(Order order) -> inWords(order);
            case Found.None() -> NONE;
            case Found.Unavailable(String reason) -> "orders cannot be looked up now: " + reason;
        };
    }

    /** Like {@link #told}, as facts. Outside any transaction. */
    public Found look(String clientId, String orderId, Customer customer) {
        try {
            return find(clientId, orderId)
                    .filter(order -> customer.verified()
                            && order.customerEmail().equals(customer.email().toLowerCase(Locale.ROOT)))
                    .<Found>map(Found.Theirs::new)
                    .orElseGet(Found.None::new);
        } catch (OrdersUnavailableException e) {
            return new Found.Unavailable(String.valueOf(e.getMessage()));
        }
    }

    /** What came of looking for an order of somebody's. */
    public sealed interface Found {

        /** It is theirs. */
        record Theirs(Order order) implements Found {}

        /** They have no such order, whoever else may have. */
        record None() implements Found {}

        /** It could not be looked up. */
        record Unavailable(String reason) implements Found {}
    }

    Optional<Order> find(String clientId, String orderId) {
        return systems.getOrDefault(clientId, stored).find(clientId, orderId);
    }

    private static String inWords(Order order) {
        List<String> facts = new ArrayList<>();
        facts.add("order " + order.orderId());
        facts.add("status " + order.status());
        if (order.total() != null) {
            facts.add("total " + order.total().toPlainString()
                    + (order.currency() == null ? "" : " " + order.currency()));
        }
        add(facts, "items", order.items());
        add(facts, "tracking", order.tracking());
        add(facts, "placed at", order.placedAt());
        add(facts, "expected at", order.expectedAt());
        return String.join("; ", facts);
    }

    private static void add(List<String> facts, String name, @Nullable Object value) {
        if (value != null) {
            facts.add(name + " " + value);
        }
    }
}

package io.opsrelay.agent.order;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.stereotype.Component;

/**
 * Gives the demo's clients orders, those that the sandbox payment provider has charges of: sixty, from 1001 (acme: A-1001) or
 * 2001 (globex: G-2001) on; acme's first twenty are Mary Major's. Says so in the log.
 */
@Component
class DemoOrders implements ApplicationRunner {

    private static final Logger LOG = LoggerFactory.getLogger(DemoOrders.class);
    private static final int ORDERS = 60;
    private static final int MARYS_ORDERS = 20;
    private static final String MARY = "mary.major@example.org";
    private static final Map<String, Integer> FIRST_ORDER = Map.of("acme", 1001, "globex", 2001);
    private static final int FIRST_ORDER_OF_OTHERS = 1001;
    private static final List<String> CUSTOMERS = List.of(
            "john.stiles@example.org",
            "ana.silva@example.org",
            "paulo.santos@example.org",
            "li.juan@example.org",
            "arnav.desai@example.org",
            MARY,
            "martha.rivera@example.org",
            "nikhil.jayashankar@example.org");

    private final OrderProperties properties;
    private final StoredOrders stored;
    private final Clock clock;

    DemoOrders(OrderProperties properties, StoredOrders stored, Clock clock) {
        this.properties = properties;
        this.stored = stored;
        this.clock = clock;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        for (String client : properties.demoClients()) {
            List<Order> orders = of(client, clock.instant());
            // What somebody changed since stays changed.
            if (stored.find(client, orders.getFirst().orderId()).isEmpty()) {
                stored.put(client, orders, clock.instant());
            }
        }
        if (!properties.demoClients().isEmpty()) {
            LOG.info("Demo: {} orders each for {}", ORDERS, properties.demoClients());
        }
    }

    static List<Order> of(String client, Instant now) {
        String letter = client.substring(0, 1).toUpperCase(Locale.ROOT);
        int first = FIRST_ORDER.getOrDefault(client, FIRST_ORDER_OF_OTHERS);
        return IntStream.range(0, ORDERS)
                .mapToObj(i -> order(
                        letter + "-" + (first + i),
                        client.equals("acme") && i < MARYS_ORDERS ? MARY : CUSTOMERS.get(i % CUSTOMERS.size()),
                        i,
                        now))
                .toList();
    }

    private static Order order(String id, String customer, int i, Instant now) {
        Instant placed = now.minus(Duration.ofDays(2 + i)).truncatedTo(ChronoUnit.HOURS);
        return switch (i % 3) {
            case 0 -> new Order(id, customer, "in transit", null, null, null, "TRK-" + id, placed, soon(now, 2));
            case 1 -> new Order(id, customer, "delivered", null, null, null, "TRK-" + id, placed, null);
            default -> new Order(id, customer, "being packed", null, null, null, null, placed, soon(now, 4));
        };
    }

    private static Instant soon(Instant now, int days) {
        return now.plus(Duration.ofDays(days)).truncatedTo(ChronoUnit.HOURS);
    }
}

package io.opsrelay.standalone.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The customers of one demo client and their orders, as the sandbox payment provider's ledger has them: sixty orders,
 * which are asked about in an order drawn by lot, each once before any is asked about again.
 */
final class Clientele {

    /** An order and who may have it refunded. */
    record Order(String id, Customer customer) {}

    private static final int ORDERS = 60;
    private static final int MARYS_ORDERS = 20;
    private static final Customer MARY = new Customer("mary.major@example.org", Language.EN);

    /** In the ledger's order: the order with index i belongs to the customer i modulo eight. */
    private static final List<Customer> WITH_ORDERS = List.of(
            new Customer("john.stiles@example.org", Language.DE),
            new Customer("ana.silva@example.org", Language.ES),
            new Customer("paulo.santos@example.org", Language.FR),
            new Customer("li.juan@example.org", Language.EN),
            new Customer("arnav.desai@example.org", Language.DE),
            MARY,
            new Customer("martha.rivera@example.org", Language.ES),
            new Customer("nikhil.jayashankar@example.org", Language.FR));

    private static final List<Customer> OTHERS = List.of(
            new Customer("jana.vogt@example.net", Language.DE),
            new Customer("ruth.lindner@example.net", Language.DE),
            new Customer("tim.oswald@example.net", Language.DE),
            new Customer("carmen.prieto@example.net", Language.ES),
            new Customer("luis.navarro@example.net", Language.ES),
            new Customer("claire.moreau@example.net", Language.FR),
            new Customer("hugo.lambert@example.net", Language.FR),
            new Customer("grace.hollis@example.net", Language.EN),
            new Customer("owen.barker@example.net", Language.EN),
            new Customer("nina.petrova@example.net", Language.EN),
            new Customer("uwe.reimann@example.net", Language.DE),
            new Customer("lena.stock@example.net", Language.DE),
            new Customer("ida.berger@example.net", Language.DE),
            new Customer("marta.ibarra@example.net", Language.ES),
            new Customer("pablo.soler@example.net", Language.ES),
            new Customer("ines.quiroga@example.net", Language.ES),
            new Customer("lucie.fabre@example.net", Language.FR),
            new Customer("marc.delmas@example.net", Language.FR),
            new Customer("elise.garnier@example.net", Language.FR),
            new Customer("peter.lang@example.net", Language.EN),
            new Customer("amy.whitfield@example.net", Language.EN),
            new Customer("sean.doyle@example.net", Language.EN),
            new Customer("kofi.mensah@example.net", Language.EN),
            new Customer("rosa.lind@example.net", Language.DE));

    private final String client;
    private final List<Order> orders;
    private final List<Order> undrawn = new ArrayList<>();

    private Clientele(String client, List<Order> orders) {
        this.client = client;
        this.orders = List.copyOf(orders);
    }

    static Clientele acme() {
        return new Clientele("acme", orders("A-", 1001, MARYS_ORDERS));
    }

    static Clientele globex() {
        return new Clientele("globex", orders("G-", 2001, 0));
    }

    private static List<Order> orders(String prefix, int first, int marys) {
        List<Order> orders = new ArrayList<>();
        for (int i = 0; i < ORDERS; i++) {
            orders.add(new Order(prefix + (first + i), i < marys ? MARY : WITH_ORDERS.get(i % WITH_ORDERS.size())));
        }
        return orders;
    }

    String client() {
        return client;
    }

    List<Order> orders() {
        return orders;
    }

    Order drawOrder(RandomGenerator random) {
        if (undrawn.isEmpty()) {
            undrawn.addAll(orders);
        }
        return undrawn.remove(random.nextInt(undrawn.size()));
    }

    /** Somebody, with or without an order. */
    static Customer drawCustomer(RandomGenerator random) {
        int drawn = random.nextInt(WITH_ORDERS.size() + OTHERS.size());
        return drawn < WITH_ORDERS.size() ? WITH_ORDERS.get(drawn) : OTHERS.get(drawn - WITH_ORDERS.size());
    }
}

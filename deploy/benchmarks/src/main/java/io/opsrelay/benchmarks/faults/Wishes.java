package io.opsrelay.benchmarks.faults;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What people want of the system, by seed: questions, refunds, and now and then something that nobody can serve. */
final class Wishes {

    private static final String MARY = "mary.major@example.org";
    private static final int ORDERS = 60;
    private static final int MARYS_ORDERS = 20;
    private static final List<String> CUSTOMERS = List.of(
            "john.stiles@example.org",
            "ana.silva@example.org",
            "paulo.santos@example.org",
            "li.juan@example.org",
            "arnav.desai@example.org",
            MARY,
            "martha.rivera@example.org",
            "nikhil.jayashankar@example.org");

    private final String run;
    private final Random random;
    private int refunds;

    /** @param run a name that no other run has */
    Wishes(String run, Random random) {
        this.run = run;
        this.random = random;
    }

    /** Orders of which each refund takes a part only, so that there can be many: acme's first twenty. */
    static boolean isRefundedInParts(String order) {
        return order.matches("A-10(0[1-9]|1\\d|20)");
    }

    Wish next(int index) {
        String client = random.nextInt(3) == 0 ? "globex" : "acme";
        String key = run + "-" + index;
        return switch (random.nextInt(10)) {
            case 0 -> bad(client, key);
            case 1, 2 -> refund(client, key);
            default -> question(client, key, index);
        };
    }

    private Wish question(String client, String key, int index) {
        return good(
                client,
                key,
                CUSTOMERS.get(index % CUSTOMERS.size()),
                "How long do refunds take?",
                "How long do refunds take until the money is on my account? (" + index + ")");
    }

    private Wish refund(String client, String key) {
        int number = refunds++;
        // Two of three of orders that last; the others once through, after which nothing is left to refund.
        boolean parts = client.equals("acme") && number % 3 > 0;
        int order = parts
                ? number % MARYS_ORDERS
                : client.equals("acme") ? MARYS_ORDERS + number % (ORDERS - MARYS_ORDERS) : number % ORDERS;
        String name = client.equals("acme") ? "A-" + (1001 + order) : "G-" + (2001 + order);
        String customer =
                client.equals("acme") && order < MARYS_ORDERS ? MARY : CUSTOMERS.get(order % CUSTOMERS.size());
        return good(
                client,
                key,
                customer,
                "Broken lamp",
                "The lamp came in pieces, I want my money back. It was order " + name + ".");
    }

    private Wish good(String client, String key, String customer, String subject, String body) {
        Map<String, Object> ticket = ticket(client, key, subject, body);
        ticket.put("customer_email", customer);
        // Either name makes a repetition the same ticket.
        String header = null;
        if (random.nextBoolean()) {
            ticket.put("external_id", key);
        } else {
            header = key;
        }
        return new Wish(client, key, true, header, Caller.JSON.writeValueAsBytes(ticket), 1 + random.nextInt(8) / 7);
    }

    private Wish bad(String client, String key) {
        Map<String, Object> ticket = ticket(client, key, "Broken lamp", "It came in pieces.");
        byte[] body =
                switch (random.nextInt(3)) {
                    case 0 -> Caller.JSON.writeValueAsBytes(ticket); // whose?
                    case 1 -> {
                        ticket.put("customer_email", MARY);
                        ticket.put("client_id", "globex");
                        yield Caller.JSON.writeValueAsBytes(ticket);
                    }
                    default -> {
                        String whole = Caller.JSON.writeValueAsString(ticket);
                        yield whole.substring(0, whole.length() - 1).getBytes(StandardCharsets.UTF_8);
                    }
                };
        return new Wish(client, key, false, null, body, 1);
    }

    private static Map<String, Object> ticket(String client, String key, String subject, String body) {
        Map<String, Object> ticket = new LinkedHashMap<>();
        ticket.put("subject", subject);
        ticket.put("body", body);
        ticket.put("metadata", Map.of("wish", key, "owner", Eyes.mark(client)));
        return ticket;
    }

    /**
     * Something to be posted.
     *
     * @param header the Idempotency-Key, where that names it
     * @param times how often it is sent at once
     */
    record Wish(
            String client,
            String key,
            boolean good,
            @Nullable String header,
            byte[] body,
            int times) {}
}

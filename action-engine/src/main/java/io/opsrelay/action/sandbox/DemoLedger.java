package io.opsrelay.action.sandbox;

import io.opsrelay.action.payment.Charge;
import io.opsrelay.contracts.Money;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The demo clients' charges: the same each time. Orders are numbered from 1001 (acme: A-1001) or 2001 (globex: G-2001),
 * sixty of them. Acme's first twenty are 25.00 EUR each and belong to mary.major@example.org.
 */
final class DemoLedger {

    private static final int ORDERS = 60;
    private static final int MARYS_ORDERS = 20;
    private static final Map<String, Integer> FIRST_ORDER = Map.of("acme", 1001, "globex", 2001);
    private static final int FIRST_ORDER_OF_OTHERS = 1001;
    private static final Instant FIRST_CHARGE = Instant.parse("2026-01-05T09:00:00Z");
    private static final List<String> CUSTOMERS = List.of(
            "john.stiles@example.org",
            "ana.silva@example.org",
            "paulo.santos@example.org",
            "li.juan@example.org",
            "arnav.desai@example.org",
            "mary.major@example.org",
            "martha.rivera@example.org",
            "nikhil.jayashankar@example.org");
    private static final List<String> CURRENCIES = List.of("EUR", "USD", "GBP", "JPY", "EUR", "CHF");

    private DemoLedger() {}

    /** The charges of that client. */
    static List<Charge> of(String clientId) {
        int first = FIRST_ORDER.getOrDefault(clientId, FIRST_ORDER_OF_OTHERS);
        String letter = clientId.substring(0, 1).toUpperCase(Locale.ROOT);
        List<Charge> charges = new ArrayList<>();
        for (int i = 0; i < ORDERS; i++) {
            boolean marys = clientId.equals("acme") && i < MARYS_ORDERS;
            String order = letter + "-" + (first + i);
            String customer = marys ? "mary.major@example.org" : CUSTOMERS.get(i % CUSTOMERS.size());
            Money amount = marys ? new Money(new BigDecimal("25.00"), "EUR") : amount(i);
            charges.add(new Charge(
                    "ch_" + order,
                    order,
                    amount,
                    new Money(BigDecimal.ZERO, amount.currency()),
                    customer,
                    FIRST_CHARGE.plus(Duration.ofHours(5L * i))));
        }
        return charges;
    }

    private static Money amount(int i) {
        String currency = CURRENCIES.get(i % CURRENCIES.size());
        // Spread over 9.90 to about 300, by steps that no pattern of the index repeats soon.
        BigDecimal value = BigDecimal.valueOf(990 + (i * 3_737L) % 29_000, 2);
        return currency.equals("JPY")
                ? new Money(value.movePointRight(2).setScale(0), currency)
                : new Money(value, currency);
    }
}

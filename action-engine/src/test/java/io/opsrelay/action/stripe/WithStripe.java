package io.opsrelay.action.stripe;

import io.opsrelay.contracts.Money;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The service with Stripe, for some clients. What a pending refund waits for lies ten minutes ahead, unless it is woken. */
interface WithStripe {

    FakeStripe STRIPE = new FakeStripe();

    Path FOLDER = folder();

    /** Whose endpoint has a channel. */
    String SHOP = "shop";

    String CHANNEL = "shop-5b1e0c77";
    String SECRET = "whsec_of_the_shop";

    /** Uses a platform's key for a connected account. */
    String FRANCHISE = "franchise";

    /** Whose key is taken away. */
    String CARELESS = "careless";

    @DynamicPropertySource
    static void stripe(DynamicPropertyRegistry registry) {
        registry.add("opsrelay.stripe.api-base", STRIPE::url);
        registry.add("opsrelay.execution.settle-first", () -> "10m");
        for (String client : new String[] {SHOP, FRANCHISE, CARELESS}) {
            registry.add("opsrelay.payment.providers." + client, () -> "stripe");
            registry.add("opsrelay.stripe.accounts." + client + ".api-key-file", () -> STRIPE.keyFile(FOLDER, client));
        }
        registry.add("opsrelay.stripe.accounts.franchise.connected-account", () -> "acct_franchise");
        registry.add("opsrelay.stripe.accounts.franchise.order-metadata", () -> "shop order");
        registry.add("opsrelay.stripe.accounts.shop.webhook-channel", () -> CHANNEL);
        registry.add(
                "opsrelay.stripe.accounts.shop.webhook-secret-files",
                () -> FOLDER.resolve("not-there.secret") + "," + secretFile());
    }

    /** Takes money at the shop's account. */
    static String charge(String orderId, Money amount) {
        return STRIPE.charge(
                SHOP,
                MinorUnits.of(amount),
                amount.currency().toLowerCase(java.util.Locale.ROOT),
                "mary.major@example.org",
                Map.of("order_id", orderId));
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory("stripe");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path secretFile() {
        try {
            return Files.writeString(FOLDER.resolve("shop.secret"), SECRET + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

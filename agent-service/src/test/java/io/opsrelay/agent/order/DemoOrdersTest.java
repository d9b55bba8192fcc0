package io.opsrelay.agent.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoOrdersTest {

    private static final Instant NOW = Instant.parse("2026-11-20T12:34:56Z");

    @Test
    void acmesFirstTwentyOrdersAreMarysAndTheOthersGoRoundAsInTheSandboxsLedger() {
        List<Order> orders = DemoOrders.of("acme", NOW);

        assertThat(orders).hasSize(60);
        assertThat(orders.getFirst().orderId()).isEqualTo("A-1001");
        assertThat(orders.subList(0, 20))
                .allSatisfy(order -> assertThat(order.customerEmail()).isEqualTo("mary.major@example.org"));
        assertThat(orders.get(24).customerEmail()).isEqualTo("john.stiles@example.org");
        assertThat(DemoOrders.of("globex", NOW).getFirst())
                .extracting(Order::orderId, Order::customerEmail)
                .containsExactly("G-2001", "john.stiles@example.org");
    }

    @Test
    void whatIsStillToComeIsExpectedSoon() {
        assertThat(DemoOrders.of("acme", NOW)).allSatisfy(order -> {
            assertThat(order.placedAt()).isBefore(NOW);
            if (order.expectedAt() != null) {
                assertThat(order.expectedAt()).isAfter(NOW);
            }
        });
    }
}

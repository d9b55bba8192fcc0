package io.opsrelay.action.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.action.payment.Charge;
import io.opsrelay.contracts.Money;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoLedgerTest {

    @Test
    void marysTwentyOrdersAreAllAlike() {
        List<Charge> charges = DemoLedger.of("acme");

        assertThat(charges).hasSize(60);
        assertThat(charges.subList(0, 20)).allSatisfy(charge -> {
            assertThat(charge.customerEmail()).isEqualTo("mary.major@example.org");
            assertThat(charge.amount()).isEqualTo(new Money(new BigDecimal("25.00"), "EUR"));
        });
        assertThat(charges.getFirst().orderId()).isEqualTo("A-1001");
        assertThat(charges.getLast().orderId()).isEqualTo("A-1060");
    }

    @Test
    void theOthersVary() {
        List<Charge> charges = DemoLedger.of("globex");

        assertThat(charges.getFirst().orderId()).isEqualTo("G-2001");
        assertThat(charges.getLast().orderId()).isEqualTo("G-2060");
        assertThat(charges)
                .extracting(charge -> charge.amount().currency())
                .contains("EUR", "USD", "GBP", "JPY", "CHF");
        assertThat(charges).extracting(Charge::customerEmail).contains("john.stiles@example.org");
        assertThat(charges).extracting(Charge::amount).doesNotHaveDuplicates();
        assertThat(DemoLedger.of("globex")).isEqualTo(charges);
    }
}

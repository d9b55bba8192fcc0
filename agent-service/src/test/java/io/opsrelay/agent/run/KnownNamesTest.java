package io.opsrelay.agent.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.contracts.TicketEvent.Customer;
import io.opsrelay.contracts.TicketEvent.TicketReceived;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KnownNamesTest {

    @Test
    void theSenderMayNameTheCustomer() {
        assertThat(KnownNames.of(ticket("m@example.org", Map.of("customer_name", " Mary Major ", "shop", "berlin"))))
                .containsExactly("Mary Major");
    }

    @ParameterizedTest
    @CsvSource({"mary.major@example.org, mary major", "jean-luc_petit@example.org, jean luc petit"})
    void anAddressMaySpellTheName(String email, String name) {
        assertThat(KnownNames.of(ticket(email, Map.of()))).containsExactly(name);
    }

    @ParameterizedTest
    @CsvSource({"mary@example.org", "m.major@example.org", "info24.shop@example.org", "example", "@example.org"})
    void whatSpellsNoNameYieldsNone(String email) {
        assertThat(KnownNames.of(ticket(email, Map.of("name", " ")))).isEmpty();
    }

    private static TicketReceived ticket(String email, Map<String, String> metadata) {
        return new TicketReceived(
                UUID.randomUUID(), "api", "s", "b", new Customer(UUID.randomUUID(), email, true), null, null, metadata);
    }
}

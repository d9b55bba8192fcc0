package io.opsrelay.action.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opsrelay.contracts.TicketEvent.Customer;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResetArgumentsTest {

    private static final Customer MARY = new Customer(UUID.randomUUID(), "Mary.Major@example.org", true);

    @Test
    void onATicketTheAddressIsTheCustomersWhateverIsSaid() {
        assertThat(ResetArguments.from(
                        Map.of("email", "ceo@acme.example", "user_email", "ceo@acme.example", "reason", "urgent"),
                        MARY))
                .isEqualTo(new ResetArguments("Mary.Major@example.org", "urgent"));
    }

    @Test
    void aPersonNamesTheAddress() {
        assertThat(ResetArguments.from(Map.of("email", " a@b.example "), null))
                .isEqualTo(new ResetArguments("a@b.example", null));
        assertThat(ResetArguments.from(Map.of("user_email", "a@b.example"), null)
                        .email())
                .isEqualTo("a@b.example");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nobody", "a@b@c", "a b@c.example", "@b.example", "a@b.example\nBcc: x@y.example"})
    void whatIsNoAddressIsRefused(String email) {
        assertThatThrownBy(() -> ResetArguments.from(Map.of("email", email), null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("email must be an address");
    }

    @Test
    void badInputIsRefusedWithItsReason() {
        assertThatThrownBy(() -> ResetArguments.from(Map.of(), null)).hasMessageContaining("email is missing");
        assertThatThrownBy(() -> ResetArguments.from(Map.of("email", 7), null)).hasMessageContaining("must be a text");
        assertThatThrownBy(() -> ResetArguments.from(Map.of("email", "a@b.example", "password", "x"), null))
                .hasMessage("password is no argument of a password reset");
        assertThatThrownBy(() -> ResetArguments.from(Map.of("reason", "x".repeat(501)), MARY))
                .hasMessageContaining("at most 500");
    }
}

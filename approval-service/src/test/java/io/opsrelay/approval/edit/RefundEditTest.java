package io.opsrelay.approval.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opsrelay.security.web.ProblemException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RefundEditTest {

    private static final Map<String, Object> CURRENT =
            Map.of("order_id", "A-1", "charge_id", "ch_1", "amount", "25.00", "currency", "EUR");

    @ParameterizedTest
    @ValueSource(strings = {"0.01", "25", "25.00", "999999999999", "1.500"})
    void anAmountOfThatFormPasses(String amount) {
        assertThatCode(() -> RefundEdit.check(CURRENT, Map.of("amount", amount)))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0.00", "-5", "+5", "1e2", "1.005", "12,50", "", " ", "NaN", "1234567890123"})
    void anAmountOfAnotherFormDoesNot(String amount) {
        assertThatThrownBy(() -> RefundEdit.check(CURRENT, Map.of("amount", amount)))
                .isInstanceOf(ProblemException.class);
    }

    @Test
    void onlyWhatARefundHasCanBeEdited() {
        assertThatThrownBy(() -> RefundEdit.check(CURRENT, Map.of("charge_id", "ch_2")))
                .isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> RefundEdit.check(CURRENT, Map.of())).isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> RefundEdit.check(CURRENT, Map.of("amount", 25)))
                .isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> RefundEdit.check(CURRENT, Map.of("currency", "USD")))
                .isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> RefundEdit.check(CURRENT, Map.of("order_id", "A-2", "currency", "EURO")))
                .isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> RefundEdit.check(
                        Map.of("order_id", "A-1", "amount", "500", "currency", "JPY"), Map.of("amount", "1.5")))
                .isInstanceOf(ProblemException.class);
    }

    @Test
    void lessOfTheSameIsNarrower() {
        assertThat(RefundEdit.narrows(CURRENT, with("amount", "24.99"))).isTrue();
        assertThat(RefundEdit.narrows(CURRENT, with("amount", "25.00"))).isTrue();
        assertThat(RefundEdit.narrows(CURRENT, with("amount", "25.01"))).isFalse();
        assertThat(RefundEdit.narrows(CURRENT, with("order_id", "A-2"))).isFalse();
        assertThat(RefundEdit.narrows(CURRENT, with("currency", "USD"))).isFalse();
        assertThat(RefundEdit.narrows(CURRENT, with("amount", "all of it"))).isFalse();
    }

    private static Map<String, Object> with(String field, String value) {
        Map<String, Object> arguments = new java.util.HashMap<>(CURRENT);
        arguments.put(field, value);
        return arguments;
    }
}

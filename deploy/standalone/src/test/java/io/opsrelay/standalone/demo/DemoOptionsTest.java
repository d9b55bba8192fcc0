package io.opsrelay.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemoOptionsTest {

    @Test
    void bothWaysToGiveAValueAreUnderstood() {
        assertThat(DemoOptions.parse(
                        List.of("--seconds", "90", "--rate=2.5", "--seed", "-7", "--url=http://127.0.0.1:9/")))
                .isEqualTo(new DemoOptions(
                        Optional.of(Duration.ofSeconds(90)),
                        2.5,
                        Optional.of(-7L),
                        Optional.of(URI.create("http://127.0.0.1:9"))));
    }

    @Test
    void withoutOptionsItRunsUntilItIsEndedWithATicketASecond() {
        assertThat(DemoOptions.parse(List.of()))
                .isEqualTo(new DemoOptions(Optional.empty(), 1, Optional.empty(), Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource({
        "--speed=3, no option --speed",
        "--seed, lacks its value",
        "--seed=x, must be a whole number",
        "--rate=0, must be a number above 0",
        "--rate=NaN, must be a number above 0",
        "--rate=1000, up to 200",
        "--seconds=-1, must be a number above 0",
        "--url=localhost, must be like http"
    })
    void whatIsWrongIsSaid(String option, String reason) {
        assertThatThrownBy(() -> DemoOptions.parse(List.of(option)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }
}

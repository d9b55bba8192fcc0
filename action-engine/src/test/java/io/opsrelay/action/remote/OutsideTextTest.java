package io.opsrelay.action.remote;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutsideTextTest {

    @ParameterizedTest
    @CsvSource({
        "ping @octocat and @acme/team, ping @ octocat and @ acme/team",
        "<img src=x> <b>hi</b>, ‹img src=x› ‹b›hi‹/b›",
        "![x](https://evil.example/p.png), ! [x](https://evil.example/p.png)",
        "5 @ 3 is fine, 5 @ 3 is fine"
    })
    void nothingInItCallsOrShowsOrIsHtml(String given, String harmless) {
        assertThat(OutsideText.harmless(given)).isEqualTo(harmless);
    }

    @ParameterizedTest
    @CsvSource({
        "write to mary.major+x@example.co.uk now, write to [e-mail] now",
        "a@b is none, a@b is none",
        "müller@bücher.example, [e-mail]"
    })
    void addressesAreTakenOut(String given, String without) {
        assertThat(OutsideText.withoutAddresses(given)).isEqualTo(without);
    }

    @Test
    void whatHidesOrReordersIsTakenOutAndLinesStay() {
        assertThat(OutsideText.clean("a\u202eb\u0000c\r\nd\te")).isEqualTo("ab c\nd\te");
        assertThat(OutsideText.line(" a\n\n b ", 10)).isEqualTo("a b");
        assertThat(OutsideText.clip("x".repeat(11), 10)).hasSize(10).endsWith("...");
    }
}

package io.opsrelay.ingestion.mailout.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutgoingMailTest {

    @ParameterizedTest
    @ValueSource(strings = {"Re: a\r\nBcc: x@y.example", "Re: a\nX: b", "a\rb", "a\u2028b", "a\0b"})
    void nobodyAddsHeadersByASubjectOrAName(String injected) {
        assertThatThrownBy(() -> mail("a@b.example", injected, "")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> mail("a@b.example", "", injected)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a@b.example\r\nRCPT TO:<x@y.example>",
                "a@b.example,x@y.example",
                "<a@b.example>",
                "Name <a@b.example>",
                "a b@c.example",
                "ä@b.example",
                "a@ä.example",
                "a@b@c.example",
                "a",
                ""
            })
    void anAddressIsOneAddress(String injected) {
        assertThat(OutgoingMail.isAddress(injected)).isFalse();
        assertThatThrownBy(() -> mail(injected, "", "")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<a b@c>", "<a@c>\r\nX: y", "a@c", "<>", "<a@c><d@e>"})
    void aMessageIdIsOneMessageId(String injected) {
        assertThat(OutgoingMail.isId(injected)).isFalse();
    }

    @Test
    void whatAPersonWroteIsNotMarkedAsAutomatic() {
        assertThat(mail("a@b.example", "s", "n").headers()).doesNotContainKey("Auto-Submitted");
    }

    private static OutgoingMail mail(String to, String subject, String name) {
        return new OutgoingMail(
                UUID.randomUUID(),
                "<a@b.example>",
                "s@b.example",
                name,
                to,
                "s@b.example",
                subject,
                null,
                List.of(),
                false,
                "t",
                "h",
                Instant.EPOCH,
                List.of());
    }
}

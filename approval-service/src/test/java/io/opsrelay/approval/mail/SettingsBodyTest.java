package io.opsrelay.approval.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.opsrelay.approval.mail.MailProperties.Security;
import io.opsrelay.approval.mail.SettingsBody.RecipientBody;
import io.opsrelay.approval.notification.Notice;
import io.opsrelay.security.Role;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsBodyTest {

    private static final List<String> ALL = List.of("*");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sre@example.com",
                "first.last+oncall@sub.example.co.uk",
                "o'brien@example.museum",
                "x@xn--bcher-kva.example"
            })
    void anAddressIsTaken(String address) {
        assertThat(body(new RecipientBody(address, null, ALL)).refusals()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sre",
                "sre@",
                "@example.com",
                "sre@example",
                "sre@example.com\r\nBcc: everybody@example.com",
                "sre@example.com\n",
                "sre@example.com, other@example.com",
                "SRE <sre@example.com>",
                "\"sre\"@example.com",
                "sre@[127.0.0.1]",
                "sre@-example.com",
                "sre@@example.com",
                ".sre@example.com",
                "sre..x@example.com",
                "sre @example.com",
                "sré@example.com",
                "sre@example.com\0"
            })
    void whatIsNoAddressIsRefused(String address) {
        assertThat(body(new RecipientBody(address, null, ALL)).refusals()).containsOnlyKeys("recipients[0].address");
    }

    @Test
    void everythingThatIsWrongIsToldAtOnce() {
        assertThat(body(
                                new RecipientBody("a@example.com", "ingest", ALL),
                                new RecipientBody("b@example.com", "boss", List.of()),
                                new RecipientBody("c@example.com", null, List.of("ticket.created")),
                                null)
                        .refusals())
                .containsOnlyKeys(
                        "recipients[0].role",
                        "recipients[1].role",
                        "recipients[1].event_types",
                        "recipients[2].event_types",
                        "recipients[3]");
        assertThat(new SettingsBody(null).refusals()).containsOnlyKeys("recipients");
        assertThat(new SettingsBody(Collections.nCopies(51, null)).refusals()).containsOnlyKeys("recipients");
    }

    @Test
    void anAddressMayStandForSeveralRolesAndForEachOnce() {
        assertThat(body(
                                new RecipientBody("a@example.com", "sre", ALL),
                                new RecipientBody("a@example.com", "approver", ALL))
                        .refusals())
                .isEmpty();
        assertThat(body(new RecipientBody("a@example.com", "sre", ALL), new RecipientBody("A@example.com", "sre", ALL))
                        .refusals())
                .containsOnlyKeys("recipients[1]");
    }

    @Test
    void aRoleHearsWhatConcernsIt() {
        Notice forSre = new Notice("approval.requested", UUID.randomUUID(), null, Map.of(), Set.of(Role.SRE));
        Notice forAll = new Notice("policy.changed", UUID.randomUUID(), null, Map.of(), Set.of());

        assertThat(new Recipient("a@example.com", Role.SRE, Set.of("*")).wants(forSre))
                .isTrue();
        assertThat(new Recipient("a@example.com", Role.APPROVER, Set.of("*")).wants(forSre))
                .isFalse();
        assertThat(new Recipient("a@example.com", Role.ADMIN, Set.of("*")).wants(forSre))
                .isTrue();
        assertThat(new Recipient("a@example.com", null, Set.of("*")).wants(forSre))
                .isTrue();
        assertThat(new Recipient("a@example.com", null, Set.of("policy.*")).wants(forSre))
                .isFalse();
        assertThat(new Recipient("a@example.com", Role.APPROVER, Set.of("*")).wants(forAll))
                .isTrue();
    }

    @Test
    void aWrongConfigurationNamesItsProperty() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> properties("smtp.example.com", "", "", ""))
                .withMessageContaining("opsrelay.mail.from (OPSRELAY_MAIL_FROM)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> properties("smtp.example.com", "ops@example.com", "user", ""))
                .withMessageContaining("opsrelay.mail.password");
        assertThat(properties("", "", "", "").isOn()).isFalse();
        assertThat(properties("smtp.example.com", "ops@example.com", "", "").link("/approvals/1"))
                .isEqualTo("https://ops.example.com/approvals/1");
    }

    static MailProperties properties(String host, String from, String username, String password) {
        Duration second = Duration.ofSeconds(1);
        return new MailProperties(
                host,
                587,
                Security.STARTTLS,
                username,
                password,
                "",
                from,
                URI.create("https://ops.example.com/"),
                second,
                second,
                second,
                List.of(second),
                1,
                second);
    }

    private static SettingsBody body(RecipientBody... recipients) {
        return new SettingsBody(Arrays.asList(recipients));
    }
}

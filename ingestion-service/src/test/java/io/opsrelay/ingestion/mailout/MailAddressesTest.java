package io.opsrelay.ingestion.mailout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opsrelay.ingestion.mailout.provider.OutgoingMail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.Mockito;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class MailAddressesTest {

    private static final UUID TICKET = UUID.fromString("018f5e6c-0000-7000-8000-0000000000ff");

    @TempDir
    private Path folder;

    private MailAddresses addresses;

    @BeforeEach
    void keys() throws IOException {
        addresses = withKeys("one " + key('1') + "\n");
    }

    private MailAddresses withKeys(String lines) throws IOException {
        Path file = Files.createTempFile(folder, "address", ".keys");
        Files.writeString(file, lines);
        return of(Map.of("opsrelay.mail.address-keys", file.toString()));
    }

    private static MailAddresses of(Map<String, String> properties) {
        MailProperties bound = new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("opsrelay.mail", MailProperties.class);
        return new MailAddresses(Mockito.mock(Senders.class), bound);
    }

    private static String key(char of) {
        return Base64.getEncoder().encodeToString(String.valueOf(of).repeat(32).getBytes());
    }

    @Test
    void anAddressNamesItsTicketForItsClientOnly() {
        String address = addresses.signed("acme", TICKET, "support@acme.example");

        assertThat(address).startsWith("support+" + TICKET + ".").endsWith("@acme.example");
        assertThat(OutgoingMail.isAddress(address)).isTrue();
        assertThat(address.substring(0, address.indexOf('@'))).hasSizeLessThanOrEqualTo(64);
        assertThat(addresses.ticketIn("acme", address)).contains(TICKET);
        assertThat(addresses.ticketIn("acme", " " + address.toUpperCase(Locale.ROOT)))
                .contains(TICKET);
        assertThat(addresses.ticketIn("globex", address)).isEmpty();
    }

    @Test
    void whatIsNotSignedNamesNoTicket() {
        String address = addresses.signed("acme", TICKET, "support@acme.example");
        String other = address.replace("ff.", "fe.");
        int at = address.indexOf('@');
        char last = address.charAt(at - 1);
        String tampered = address.substring(0, at - 1) + (last == 'a' ? 'b' : 'a') + address.substring(at);

        for (String wrong : new String[] {
            other,
            tampered,
            "support+" + TICKET + "@acme.example",
            "support+" + TICKET + ".000000000000@acme.example",
            "support@acme.example",
            address + ", " + address,
            "",
            "@",
            "+".repeat(10_000)
        }) {
            assertThat(addresses.ticketIn("acme", wrong)).as(wrong).isEmpty();
        }
    }

    @Test
    void aSubjectsTagIsSignedTheSameWay() {
        String tag = addresses.subjectTag("acme", TICKET);

        assertThat(addresses.ticketInSubject("acme", "Re: AW: Lamp " + tag + " (was: other)"))
                .contains(TICKET);
        assertThat(addresses.ticketInSubject("acme", "[#00000000000000000000000000.000000000000] " + tag))
                .contains(TICKET);
        assertThat(addresses.ticketInSubject("globex", tag)).isEmpty();
        assertThat(addresses.ticketInSubject("acme", "[#" + TICKET + "]")).isEmpty();
        UUID all = new UUID(-1, -1);
        assertThat(addresses.ticketInSubject("acme", addresses.subjectTag("acme", all)))
                .contains(all);
        UUID none = new UUID(0, 0);
        assertThat(addresses.ticketInSubject("acme", addresses.subjectTag("acme", none)))
                .contains(none);
    }

    @Test
    void anOlderKeyStillVerifiesWhenANewOneSigns() throws IOException {
        String before = addresses.signed("acme", TICKET, "support@acme.example");
        MailAddresses rotated = withKeys("two " + key('2') + "\none " + key('1') + "\n");
        MailAddresses replaced = withKeys("two " + key('2') + "\n");

        assertThat(rotated.ticketIn("acme", before)).contains(TICKET);
        assertThat(rotated.signed("acme", TICKET, "support@acme.example")).isNotEqualTo(before);
        assertThat(replaced.ticketIn("acme", before)).isEmpty();
    }

    @Test
    void whereItDoesNotFitTheAddressStaysPlain() {
        assertThat(addresses.signed("acme", TICKET, "customer-care-team@acme.example"))
                .isEqualTo("customer-care-team@acme.example");
        MailAddresses keyless = of(Map.of());
        assertThat(keyless.signed("acme", TICKET, "support@acme.example")).isEqualTo("support@acme.example");
        assertThat(keyless.subjectTag("acme", TICKET)).isEmpty();
        assertThat(keyless.ticketIn("acme", addresses.signed("acme", TICKET, "support@acme.example")))
                .isEmpty();
    }

    @Test
    void wrongKeysAreToldAtTheStartWithoutTellingThem() {
        for (String wrong : new String[] {"one short=", "one c2hvcnQ=", "just-one-word", " "}) {
            assertThatThrownBy(() -> withKeys(wrong))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("opsrelay.mail.address-keys")
                    .hasMessageNotContaining("c2hvcnQ");
        }
    }
}

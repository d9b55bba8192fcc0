package io.opsrelay.agent.classify;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import io.opsrelay.agent.privacy.Kind;
import io.opsrelay.agent.privacy.Redacted;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Tells which country a text points to. In this order: the country of an international phone number, that of an IBAN, a
 * currency that one country uses, a language that is spoken mostly in one country. Where nothing does, there is none.
 */
final class Regions {

    private static final int LONGEST_SAMPLE = 4_000;

    /** Not the euro and the dollar, which many use. */
    private static final Map<String, String> CURRENCIES = Map.ofEntries(
            Map.entry("gbp", "GB"),
            Map.entry("£", "GB"),
            Map.entry("chf", "CH"),
            Map.entry("pln", "PL"),
            Map.entry("zł", "PL"),
            Map.entry("sek", "SE"),
            Map.entry("dkk", "DK"),
            Map.entry("nok", "NO"),
            Map.entry("czk", "CZ"),
            Map.entry("kč", "CZ"),
            Map.entry("huf", "HU"),
            Map.entry("ron", "RO"),
            Map.entry("try", "TR"),
            Map.entry("₺", "TR"),
            Map.entry("inr", "IN"),
            Map.entry("₹", "IN"),
            Map.entry("brl", "BR"),
            Map.entry("jpy", "JP"),
            Map.entry("krw", "KR"),
            Map.entry("₩", "KR"),
            Map.entry("uah", "UA"),
            Map.entry("₴", "UA"),
            Map.entry("usd", "US"));

    private static final Map<String, String> LANGUAGES = Map.ofEntries(
            Map.entry("it", "IT"),
            Map.entry("pl", "PL"),
            Map.entry("cs", "CZ"),
            Map.entry("sv", "SE"),
            Map.entry("da", "DK"),
            Map.entry("nb", "NO"),
            Map.entry("fi", "FI"),
            Map.entry("tr", "TR"),
            Map.entry("ro", "RO"),
            Map.entry("hu", "HU"),
            Map.entry("uk", "UA"),
            Map.entry("el", "GR"),
            Map.entry("hi", "IN"),
            Map.entry("ja", "JP"),
            Map.entry("ko", "KR"));

    private Regions() {}

    static Optional<String> of(String text, Redacted redacted, String language) {
        return values(text, redacted, Kind.PHONE).stream()
                .flatMap(phone -> ofPhone(phone).stream())
                .findFirst()
                .or(() -> values(text, redacted, Kind.IBAN).stream()
                        .map(iban -> iban.substring(0, 2).toUpperCase(Locale.ROOT))
                        .filter(country -> country.matches("[A-Z]{2}"))
                        .findFirst())
                .or(() -> ofCurrency(redacted.text()))
                .or(() -> Optional.ofNullable(LANGUAGES.get(language)));
    }

    private static List<String> values(String text, Redacted redacted, Kind kind) {
        return redacted.redactions().stream()
                .filter(redaction -> redaction.kind() == kind)
                .map(redaction -> text.substring(redaction.start(), redaction.end()))
                .limit(10)
                .toList();
    }

    private static Optional<String> ofPhone(String phone) {
        try {
            PhoneNumberUtil util = PhoneNumberUtil.getInstance();
            String dialled = phone.startsWith("00") ? "+" + phone.substring(2) : phone;
            // Without a country of its own a number is refused here, and that is right: it tells nothing.
            return Optional.ofNullable(util.getRegionCodeForNumber(util.parse(dialled, null)))
                    .filter(region -> region.matches("[A-Z]{2}"));
        } catch (NumberParseException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> ofCurrency(String text) {
        String sample =
                text.substring(0, Math.min(text.length(), LONGEST_SAMPLE)).toLowerCase(Locale.ROOT);
        return List.of(sample.split("[^\\p{L}\\p{Sc}]+")).stream()
                .flatMap(word -> Optional.ofNullable(CURRENCIES.get(word)).stream())
                .findFirst();
    }
}

package io.opsrelay.action.httpaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opsrelay.action.catalogue.Proposal;
import io.opsrelay.action.remote.Addresses;
import io.opsrelay.contracts.Money;
import io.opsrelay.contracts.TicketEvent.Customer;
import java.math.BigDecimal;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class HttpActionSettingsTest {

    private static final String PREFIX = "opsrelay.actions.http.acme.";
    private static final Customer MARY = new Customer(UUID.randomUUID(), "mary@example.org", true);

    @Test
    void anActionIsReadWithItsSchema() {
        HttpActionSettings settings = bound(Map.of()).http().get("acme").get("credit");

        assertThat(HttpArguments.schema(settings))
                .containsEntry("type", "object")
                .containsEntry("additionalProperties", false)
                .hasEntrySatisfying("required", names -> assertThat((List<?>) names)
                        .extracting(String::valueOf)
                        .containsExactlyInAnyOrder("account", "points"));
        assertThat(settings.conflict()).isEqualTo(HttpActionSettings.Conflict.REFUSED);
        assertThat(settings.risk()).isEqualTo(HttpActionSettings.Risk.HIGH);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "url|http://a.example/x|url: must begin with https://",
                "url|https://{account}.example/x|url: must name its host without {}",
                "url|https://a.example/{nobody}|url: has {nobody}, which is not known here",
                "url|https://a.example/{note}|url: has {note}, which then must be required",
                "url|https://me:pw@a.example/|url: must have neither a user nor a fragment",
                "find-url|https://a.example/found|find-url: must have {key}",
                "find-url|https://a.example/{account}|find-url: has {account}, which is not known here",
                "on-conflict|ask|on-conflict: can be ask only where there is a find-url",
                "target|nobody|target: must be one of the fields that are required",
                "target|note|target: must be one of the fields that are required",
                "headers.Idempotency-Key|x|headers.Idempotency-Key: is no header that can be set here",
                "secret-headers.Authorization|/nowhere/at/all|secret-headers.Authorization: names a file that cannot be read",
                "secret-file|/nowhere/at/all|secret-file: names a file that cannot be read",
                "timeout|2m|timeout: must be positive and at most 60 s",
                "settle|-1s|settle: must not be negative",
                "result.id|no pointer|result.id: is no JSON pointer",
                "fixed.account|client-id|fixed.account: is a field already",
                "fields.points.most|-1|fields.points: an integer needs least and most",
                "money.amount|points|money: moves money, so the action's category must be financial",
                "description|''|description: must say in 1 to 300 characters"
            })
    void whatCannotBeStopsTheStartAndNamesTheProperty(String property, String value, String reason) {
        assertThatThrownBy(() -> bound(Map.of(property, value)))
                .isInstanceOf(BindException.class)
                .rootCause()
                .message()
                .startsWith(PREFIX + "credit.")
                .contains(reason)
                .doesNotContain("pw");
    }

    @Test
    void argumentsAreThoseOfTheFieldsAndNothingElse() {
        HttpActionSettings settings =
                bound(Map.of("fixed.who", "customer-email")).http().get("acme").get("credit");

        assertThat(read(settings, Map.of("account", "A1", "points", 5, "who", "ceo@acme.example")))
                .isEqualTo(Map.of("account", "A1", "points", 5, "who", "mary@example.org"));
        assertRefused(settings, Map.of("points", 5), "account is missing: whose");
        assertRefused(settings, Map.of("account", "", "points", 5), "account must be a text of 1 to 20 characters");
        assertRefused(
                settings,
                Map.of("account", "x".repeat(21), "points", 5),
                "account must be a text of 1 to 20 characters");
        assertRefused(settings, Map.of("account", "A1", "points", 101), "points must be a whole number from 1 to 100");
        assertRefused(settings, Map.of("account", "A1", "points", "5"), "points must be a whole number from 1 to 100");
        assertRefused(settings, Map.of("account", "A1", "points", 5.5), "points must be a whole number from 1 to 100");
        assertRefused(
                settings, Map.of("account", "A1", "points", 5, "admin", true), "admin is no argument of this action");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "note|EUR||false|money.amount: must be one of the fields that are required",
                "account|EUR||false|money.amount: must be of the type amount, or an integer of least 1 or more",
                "sum|EUR||true|money.minor-units: is for integers",
                "sum|||false|money: needs currency or currency-field, and not both",
                "sum|EUR|in|false|money: needs currency or currency-field, and not both",
                "sum|Euro||false|money.currency: must be a currency such as EUR",
                "sum||account|false|money.currency-field: must be a field that is required, a choice of currencies"
            })
    void moneyThatCannotBeReadStopsTheStart(String amount, String currency, String field, String minor, String reason) {
        Map<String, String> money = new HashMap<>(payout());
        money.remove("money.currency-field");
        money.put("money.amount", amount);
        money.put("money.minor-units", minor);
        if (currency != null) {
            money.put("money.currency", currency);
        }
        if (field != null) {
            money.put("money.currency-field", field);
        }

        assertThatThrownBy(() -> bound(money)).rootCause().message().contains(reason);
    }

    @Test
    void whatMovesIsReadFromTheFieldsThatSaySo() {
        HttpActionSettings settings = bound(payout()).http().get("acme").get("credit");
        Map<String, Object> read = read(settings, Map.of("account", "A1", "points", 5, "sum", "12.50", "in", "EUR"));

        assertThat(HttpArguments.money(settings, read)).isEqualTo(new Money(new BigDecimal("12.50"), "EUR"));
        assertThatThrownBy(() -> HttpArguments.money(
                        settings, read(settings, Map.of("account", "A1", "points", 5, "sum", "12.50", "in", "JPY"))))
                .hasMessage("sum has more decimals than the 0 of JPY");
        for (String wrong : List.of("0", "-1", "0.00", "501", "1e3", "12.50001", " ")) {
            assertRefused(
                    settings,
                    Map.of("account", "A1", "points", 5, "sum", wrong, "in", "EUR"),
                    "sum must be an amount such as \"12.50\", as a text, more than zero and at most 500");
        }
    }

    @Test
    void anIntegerCountsWholeUnitsOrMinorOnes() {
        Map<String, String> points = Map.of("category", "financial", "money.amount", "points", "money.currency", "EUR");
        HttpActionSettings whole = bound(points).http().get("acme").get("credit");
        Map<String, String> cents = new HashMap<>(points);
        cents.put("money.minor-units", "true");
        HttpActionSettings minor = bound(cents).http().get("acme").get("credit");
        Map<String, Object> arguments = Map.of("account", "A1", "points", 5);

        assertThat(HttpArguments.money(whole, read(whole, arguments)))
                .isEqualTo(new Money(new BigDecimal("5.00"), "EUR"));
        assertThat(HttpArguments.money(minor, read(minor, arguments)))
                .isEqualTo(new Money(new BigDecimal("0.05"), "EUR"));
    }

    @Test
    void theRequestIsShownWithoutKeysAndAnyOtherRequestHasAnotherHash() {
        Map<String, String> given = Map.of(
                "url", "https://a.example/accounts/{account}/credits?api_key=s3cret&shop=x",
                "headers.X-Api-Token", "s3cret",
                "headers.X-Shop", "berlin");
        HttpActionSettings settings = bound(given).http().get("acme").get("credit");
        URI uri = Addresses.filled(settings.url(), Map.of("account", "A 1"));
        Map<String, Object> body = Map.of("points", 5);

        assertThat(HttpRequestShown.shown(settings, uri, body))
                .containsEntry("method", "POST")
                .containsEntry("url", "https://a.example/accounts/A%201/credits?api_key=[hidden]&shop=x")
                .containsEntry("body", body)
                .containsEntry(
                        "headers",
                        Map.of("Idempotency-Key", "the action's own", "X-Api-Token", "[hidden]", "X-Shop", "berlin"));
        String hash = HttpRequestShown.hash(settings, uri, body);
        assertThat(hash).matches("[0-9a-f]{64}").isEqualTo(HttpRequestShown.hash(settings, uri, Map.of("points", 5)));
        for (Map.Entry<String, String> change : Map.of(
                        "method",
                        "PUT",
                        "headers.X-Shop",
                        "paris",
                        "url",
                        "https://b.example/accounts/{account}/credits")
                .entrySet()) {
            Map<String, String> more = new HashMap<>(given);
            more.put(change.getKey(), change.getValue());
            HttpActionSettings changed = bound(more).http().get("acme").get("credit");
            assertThat(HttpRequestShown.hash(changed, Addresses.filled(changed.url(), Map.of("account", "A 1")), body))
                    .as(change.getKey())
                    .isNotEqualTo(hash);
        }
        assertThat(HttpRequestShown.hash(settings, uri, Map.of("points", 6))).isNotEqualTo(hash);
    }

    private static Map<String, String> payout() {
        return Map.of(
                "category", "financial",
                "fields.sum.type", "amount",
                "fields.sum.description", "how much",
                "fields.sum.most", "500",
                "fields.in.type", "choice",
                "fields.in.description", "of what",
                "fields.in.values", "EUR,JPY",
                "money.amount", "sum",
                "money.currency-field", "in");
    }

    private static Map<String, Object> read(HttpActionSettings settings, Map<String, Object> arguments) {
        return HttpArguments.read(settings, new Proposal("acme", arguments, MARY));
    }

    private static void assertRefused(HttpActionSettings settings, Map<String, Object> arguments, String reason) {
        assertThatThrownBy(() -> read(settings, arguments))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(reason);
    }

    private static HttpActionProperties bound(Map<String, String> more) {
        Map<String, String> properties = new HashMap<>(Map.of(
                PREFIX + "credit.description", "Credits points",
                PREFIX + "credit.url", "https://a.example/accounts/{account}/credits",
                PREFIX + "credit.fields.account.description", "whose",
                PREFIX + "credit.fields.account.max-length", "20",
                PREFIX + "credit.fields.points.type", "integer",
                PREFIX + "credit.fields.points.description", "how many",
                PREFIX + "credit.fields.points.least", "1",
                PREFIX + "credit.fields.points.most", "100",
                PREFIX + "credit.fields.note.description", "why",
                PREFIX + "credit.fields.note.required", "false"));
        more.forEach((name, value) -> properties.put(PREFIX + "credit." + name, value));
        return new Binder(new MapConfigurationPropertySource(properties))
                .bind("opsrelay.actions", HttpActionProperties.class)
                .get();
    }
}

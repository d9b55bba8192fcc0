package io.opsrelay.action.httpaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opsrelay.action.catalogue.Proposal;
import io.opsrelay.contracts.TicketEvent.Customer;
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

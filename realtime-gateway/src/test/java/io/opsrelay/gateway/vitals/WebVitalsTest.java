package io.opsrelay.gateway.vitals;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.gateway.GatewayTest;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestTokens;
import java.net.http.HttpResponse;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/** What pages report of themselves, and what they cannot make of the metrics. */
@TestPropertySource(properties = "opsrelay.page-vitals.reports-per-minute=20")
class WebVitalsTest extends GatewayTest {

    private static final String PATH = "/api/v1/web-vitals";
    private static final String GOOD =
            "{\"name\":\"lcp\",\"value\":812.5,\"rating\":\"good\",\"route\":\"/tickets/$id\"}";

    @Autowired
    private MeterRegistry meters;

    @Test
    void aReportIsCountedByNameAndRoute() {
        HttpResponse<String> response = report(
                "acme",
                "{\"items\":[" + GOOD
                        + ",{\"name\":\"cls\",\"value\":0.02,\"rating\":\"good\",\"route\":\"/\"}"
                        + ",{\"name\":\"interactive\",\"value\":640,\"route\":\"/\",\"navigation_type\":\"reload\"}]}");

        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(meters.get("opsrelay.page.millis")
                        .tags("name", "lcp", "route", "/tickets/$id")
                        .summary()
                        .totalAmount())
                .isEqualTo(812.5);
        assertThat(meters.get("opsrelay.page.shift")
                        .tags("route", "/")
                        .summary()
                        .max())
                .isEqualTo(0.02);
        assertThat(meters.get("opsrelay.page.rated")
                        .tags("name", "lcp", "route", "/tickets/$id", "rating", "good")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"items\":[]}|items",
                "{}|items",
                "{\"items\":[null]}|items[0]",
                "{\"items\":[{\"name\":\"made up\",\"value\":1,\"route\":\"/\"}]}|items[0].name",
                "{\"items\":[{\"name\":\"lcp\",\"value\":1,\"route\":\"/tickets/0198\"}]}|items[0].route",
                "{\"items\":[{\"name\":\"lcp\",\"value\":-1,\"route\":\"/\"}]}|items[0].value",
                "{\"items\":[{\"name\":\"lcp\",\"value\":600001,\"route\":\"/\"}]}|items[0].value",
                "{\"items\":[{\"name\":\"lcp\",\"route\":\"/\"}]}|items[0].value",
                "{\"items\":[{\"name\":\"lcp\",\"value\":1,\"route\":\"/\",\"rating\":\"fine\"}]}|items[0].rating"
            })
    void whatIsNotOfTheClosedListsIsRefusedByItsField(String body, String field) {
        HttpResponse<String> response = report("initech", body);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).at("/errors/0/field").asString()).isEqualTo(field);
    }

    @Test
    void aReportWithOneWrongMeasureCountsNone() {
        report(
                "umbrella",
                "{\"items\":[{\"name\":\"fcp\",\"value\":1,\"route\":\"/ai\"},{\"name\":\"x\",\"value\":1,\"route\":\"/\"}]}");

        assertThat(meters.find("opsrelay.page.millis")
                        .tags("name", "fcp", "route", "/ai")
                        .summary())
                .isNull();
    }

    @Test
    void moreThanFiftyMeasuresAreTooMany() {
        String body = "{\"items\":[" + String.join(",", Collections.nCopies(51, GOOD)) + "]}";

        assertThat(report("hooli", body).statusCode()).isEqualTo(400);
    }

    @Test
    void whoIsNotSignedInReportsNothing() {
        assertThat(post(PATH, "{\"items\":[" + GOOD + "]}").statusCode()).isEqualTo(401);
    }

    @Test
    void oneClientsPagesCannotReportWithoutEndAndOthersAreNotMetByThat() {
        String body = "{\"items\":[" + GOOD + "]}";
        HttpResponse<String> last = report("soylent", body);
        // The minute may change in between, and begins anew then.
        for (int n = 0; n < 41 && last.statusCode() != 429; n++) {
            last = report("soylent", body);
        }

        assertThat(last.statusCode()).isEqualTo(429);
        assertThat(last.headers().firstValueAsLong("Retry-After").orElseThrow()).isBetween(1L, 60L);
        assertThat(report("other", body).statusCode()).isEqualTo(204);
    }

    private HttpResponse<String> report(String client, String body) {
        return post(PATH, body, "Authorization", TestTokens.bearer(client, "viewer@" + client, Role.VIEWER));
    }
}

package io.opsrelay.gateway.issuer;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.gateway.GatewayTest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

@TestPropertySource(properties = "opsrelay.token.issuer-uri=http://127.0.0.1:1/realms/desk")
class OtherIssuerTest extends GatewayTest {

    @Test
    void withAnIssuerOfOnesOwnTheGatewaySignsNobodyInAndSaysWhere() {
        HttpResponse<String> response = post("/api/v1/auth/token", "{\"username\":\"a\",\"password\":\"b\"}");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(json(response).get("detail").asString())
                .isEqualTo("sign in at the issuer http://127.0.0.1:1/realms/desk");
        assertThat(get("/.well-known/jwks.json").statusCode()).isEqualTo(404);
    }

    @Test
    void whenTheIssuersKeysCannotBeHadThatIsNotTheCallersFault() {
        HttpResponse<String> response = get(
                "/api/v1/tickets", "Authorization", "Bearer eyJhbGciOiJFUzI1NiIsImtpZCI6ImEifQ.eyJzdWIiOiJhIn0.AAAA");

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
    }
}

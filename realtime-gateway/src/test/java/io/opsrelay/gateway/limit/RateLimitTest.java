package io.opsrelay.gateway.limit;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.gateway.GatewayTest;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestTokens;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/** A user may send two requests a second, a client three. */
@TestPropertySource(
        properties = {
            "opsrelay.edge.rate-limit.per-user=2",
            "opsrelay.edge.rate-limit.per-client=3",
            "opsrelay.edge.rate-limit.timeout=30s"
        })
class RateLimitTest extends GatewayTest {

    private final String client = "acme-" + UUID.randomUUID().toString().substring(0, 8);

    @BeforeEach
    void servicesAnswer() {
        SERVICES.values().forEach(server -> server.stubFor(any(anyUrl()).willReturn(ok())));
    }

    @Test
    void whoSendsTooMuchIsToldWhenToGoOnAndOthersAreServed() {
        Burst burst = send("a");

        assertThat(burst.allowed()).as("the bucket and what flowed in").isBetween(2L, 3 + burst.seconds() * 2);
        HttpResponse<String> refused = burst.refused().getFirst();
        assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(json(refused).get("detail").asString()).startsWith("you have sent more than 2 requests");
        assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
        assertThat(refused.headers().firstValue("RateLimit-Limit")).hasValue("2");
        assertThat(refused.headers().firstValue("RateLimit-Remaining")).hasValue("0");
        assertThat(refused.headers().firstValue("RateLimit-Reset")).hasValue("1");

        HttpResponse<String> another = get(
                "/api/v1/tickets",
                "Authorization",
                TestTokens.bearer("other-" + UUID.randomUUID().toString().substring(0, 8), "a", Role.VIEWER));
        assertThat(another.statusCode()).isEqualTo(200);
        assertThat(another.headers().firstValue("RateLimit-Remaining")).isPresent();
    }

    @Test
    void theUsersOfAClientShareItsLimit() {
        List<HttpResponse<String>> refused = new ArrayList<>();
        for (String user : List.of("b", "c", "d", "e", "f")) {
            refused.addAll(send(user).refused());
        }

        assertThat(refused)
                .anySatisfy(response -> assertThat(json(response).get("detail").asString())
                        .startsWith("your organisation has sent more than 3 requests"));
    }

    @Test
    void whatNeedsNoTokenIsNotCounted() {
        for (int n = 0; n < 10; n++) {
            HttpResponse<String> page = get("/", "Accept", "text/html");
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.headers().firstValue("RateLimit-Limit")).isEmpty();
        }
    }

    private record Burst(List<HttpResponse<String>> all, long seconds) {

        long allowed() {
            return all.stream().filter(response -> response.statusCode() == 200).count();
        }

        List<HttpResponse<String>> refused() {
            return all.stream().filter(response -> response.statusCode() == 429).toList();
        }
    }

    private Burst send(String user) {
        String bearer = TestTokens.bearer(client, user, Role.VIEWER);
        long began = System.nanoTime();
        List<HttpResponse<String>> answers = new ArrayList<>();
        int refused = 0;
        while (refused < 3 && answers.size() < 200) {
            HttpResponse<String> answer = get("/api/v1/tickets", "Authorization", bearer);
            refused += answer.statusCode() == 429 ? 1 : 0;
            answers.add(answer);
        }
        return new Burst(answers, (System.nanoTime() - began) / 1_000_000_000 + 1);
    }
}

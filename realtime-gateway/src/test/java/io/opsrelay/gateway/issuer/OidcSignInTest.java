package io.opsrelay.gateway.issuer;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.gateway.GatewayTest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** People sign in at an OIDC issuer; the gateway redeems the code and keeps the issuer's refresh token from scripts. */
class OidcSignInTest extends GatewayTest {

    private static final FakeIssuer ISSUER = new FakeIssuer();
    private static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    private static final String TOKEN = "/api/v1/auth/oidc/token";

    @DynamicPropertySource
    static void issuer(DynamicPropertyRegistry registry) {
        registry.add("opsrelay.token.issuer-uri", ISSUER::uri);
        registry.add("opsrelay.sign-in.oidc.client-id", () -> FakeIssuer.CLIENT);
        registry.add("opsrelay.sign-in.oidc.client-secret", () -> FakeIssuer.SECRET);
        registry.add("opsrelay.sign-in.oidc.timeout", () -> "30s");
    }

    @BeforeEach
    void reset() {
        ISSUER.reset();
    }

    @AfterAll
    static void stop() {
        ISSUER.close();
    }

    @Test
    void aPageIsToldWhereToSendPeople() {
        JsonNode config = json(get("/api/v1/auth/config"));

        assertThat(config.get("mode").asString()).isEqualTo("oidc");
        assertThat(config.get("issuer").asString()).isEqualTo(ISSUER.uri());
        assertThat(config.get("authorization_endpoint").asString()).isEqualTo(ISSUER.uri() + "/auth");
        assertThat(config.get("token_endpoint").asString()).isEqualTo(ISSUER.uri() + "/token");
        assertThat(config.get("client_id").asString()).isEqualTo(FakeIssuer.CLIENT);
        assertThat(config.get("scope").asString()).contains("openid", "offline_access");
        assertThat(config.toString()).doesNotContain(FakeIssuer.SECRET);
    }

    @Test
    void aCodeGivesTheIssuersTokenAndACookieInWhichItsRefreshTokenIsSealed() {
        HttpResponse<String> answer = signIn();

        assertThat(answer.statusCode()).isEqualTo(200);
        JsonNode token = json(answer);
        assertThat(token.propertyNames())
                .containsExactlyInAnyOrder("access_token", "expires_in", "token_type", "clients");
        assertThat(token.get("clients").get(0).asString()).isEqualTo("acme");
        assertThat(token.get("expires_in").asLong()).isBetween(200L, 300L);
        assertThat(answer.headers().firstValue("Set-Cookie").orElseThrow())
                .contains("; HttpOnly", "; SameSite=Strict", "; Path=/api/v1/auth");
        assertThat(get(
                                "/api/v1/realtime/connections",
                                "Authorization",
                                "Bearer " + token.get("access_token").asString())
                        .statusCode())
                .as("it is believed, and is an agent's")
                .isEqualTo(403);
    }

    @Test
    void theCookieGivesTheIssuersNextToken() {
        HttpResponse<String> first = signIn();
        HttpResponse<String> second = refresh(cookie(first));
        HttpResponse<String> third = refresh(cookie(second));

        assertThat(second.statusCode()).isEqualTo(200);
        assertThat(third.statusCode())
                .as("the issuer's refresh token rotates, and so does ours")
                .isEqualTo(200);
        assertThat(json(second).get("access_token")).isNotEqualTo(json(first).get("access_token"));
    }

    @Test
    void whoseSessionHasEndedAtTheIssuerSignsInAgain() {
        String cookie = cookie(signIn());
        ISSUER.forgetEverybody();

        HttpResponse<String> answer = refresh(cookie);

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(json(answer).get("detail").asString())
                .isEqualTo("sign in: the issuer has ended this sign-in (invalid_grant)");
        assertThat(answer.headers().firstValue("Set-Cookie").orElseThrow()).contains("Max-Age=0");
    }

    @Test
    void anIssuerThatIsAwayForAMomentSignsNobodyOut() {
        String cookie = cookie(signIn());
        ISSUER.answerInstead(503, "<html>busy</html>");

        HttpResponse<String> answer = refresh(cookie);

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        ISSUER.reset();
        assertThat(refresh(cookie(answer)).statusCode()).isEqualTo(200);
    }

    @Test
    void whoSignsOutIsSignedOutHereAndAtTheIssuer() {
        ISSUER.forgetEverybody();
        String cookie = cookie(signIn());
        assertThat(ISSUER.living()).isEqualTo(1);

        assertThat(page("/api/v1/auth/sign-out", cookie, "{}").statusCode()).isEqualTo(204);

        assertThat(refresh(cookie).statusCode()).isEqualTo(401);
        assertThat(ISSUER.living()).isZero();
    }

    @Test
    void aCodeIsGoodForItsOwnVerifierAndRedirectAndOnce() {
        String redirect = own("/sign-in");
        String code = ISSUER.code("ann", VERIFIER, redirect, "n");
        assertThat(redeem(code, "another-verifier", redirect, "n").statusCode()).isEqualTo(401);
        assertThat(redeem(ISSUER.code("ann", VERIFIER, redirect, "n"), VERIFIER, own("/other"), "n")
                        .statusCode())
                .isEqualTo(401);
        String once = ISSUER.code("ann", VERIFIER, redirect, "n");
        assertThat(redeem(once, VERIFIER, redirect, "n").statusCode()).isEqualTo(200);
        HttpResponse<String> twice = redeem(once, VERIFIER, redirect, "n");

        assertThat(twice.statusCode()).isEqualTo(401);
        assertThat(twice.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(twice.body()).as("none of the issuer's prose").doesNotContain("<b>");
    }

    @Test
    void anIdTokenWithAnotherNonceIsOfAnotherSignIn() {
        String redirect = own("/sign-in");

        HttpResponse<String> answer =
                redeem(ISSUER.code("ann", VERIFIER, redirect, "theirs"), VERIFIER, redirect, "mine");

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(json(answer).get("detail").asString()).contains("not begun by this page");
        assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
    }

    @Test
    void anIdTokenWithoutNonceSignsNobodyIn() {
        String redirect = own("/sign-in");

        HttpResponse<String> answer = redeem(ISSUER.code("ann", VERIFIER, redirect, null), VERIFIER, redirect, "mine");

        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(json(answer).get("detail").asString()).endsWith("its id token carries no nonce");
        assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
    }

    @Test
    void anIssuerThatGivesNoIdTokenOrAnothersSignsNobodyIn() {
        ISSUER.noIdTokens();
        HttpResponse<String> none = signIn();
        ISSUER.reset();
        ISSUER.idAudience("another-app");
        HttpResponse<String> anothers = signIn();

        assertThat(none.statusCode()).isEqualTo(502);
        assertThat(json(none).get("detail").asString()).endsWith("it gives no id token");
        assertThat(anothers.statusCode()).isEqualTo(502);
        assertThat(json(anothers).get("detail").asString()).endsWith("its id token is another's");
    }

    @Test
    void aPageThatNamesNoNonceIsToldSo() {
        String redirect = own("/sign-in");

        HttpResponse<String> answer = redeem(ISSUER.code("ann", VERIFIER, redirect, null), VERIFIER, redirect, null);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).at("/errors/0/field").asString()).isEqualTo("nonce");
    }

    @Test
    void anAccessTokenForSomebodyElsesServiceIsRefused() {
        ISSUER.audience("another-app");

        HttpResponse<String> answer = signIn();

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"400,invalid_client,502", "400,unauthorized_client,502", "500,server_error,503"})
    void whatTheIssuerSaysAgainstTheGatewayIsNotTheCallersFault(int status, String error, int answered) {
        ISSUER.answerInstead(status, "{\"error\":\"" + error + "\"}");

        HttpResponse<String> answer = signIn();

        assertThat(answer.statusCode()).isEqualTo(answered);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{\"access_token\":7}", "no json", "{\"access_token\":\"x\",\"token_type\":\"mac\"}"})
    void anAnswerThatIsNoneIsAProblem(String body) {
        ISSUER.answerInstead(200, body);

        assertThat(signIn().statusCode()).isEqualTo(502);
    }

    @Test
    void anAnswerWithoutEndIsNotRead() {
        ISSUER.answerInstead(200, "x".repeat(300_000));

        assertThat(signIn().statusCode()).isEqualTo(503);
    }

    @Test
    void anotherSitesPageCannotSignAnybodyIn() {
        String redirect = own("/sign-in");
        String body = body(ISSUER.code("ann", VERIFIER, redirect, "n"), VERIFIER, redirect, "n");

        assertThat(post(TOKEN, body).statusCode()).as("without the header").isEqualTo(403);
        assertThat(post(TOKEN, body, "X-Requested-With", "opsrelay", "Origin", "https://evil.example")
                        .statusCode())
                .isEqualTo(403);
        assertThat(post(
                                TOKEN,
                                body("c", VERIFIER, "https://evil.example/", "n"),
                                "X-Requested-With",
                                "opsrelay",
                                "Origin",
                                own(""))
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void whatIsMissingIsNamed() {
        HttpResponse<String> answer = page(TOKEN, null, "{\"code\":\"c\",\"redirect_uri\":\"" + own("/") + "\"}");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).at("/errors/0/field").asString()).isEqualTo("code_verifier");
    }

    @Test
    void passwordsAndUsersAreTheIssuersAffair() {
        assertThat(post("/api/v1/auth/token", "{\"username\":\"a\",\"password\":\"b\"}")
                        .statusCode())
                .isEqualTo(404);
        assertThat(refresh("opsrelay_refresh=x").statusCode()).isEqualTo(401);
    }

    private HttpResponse<String> signIn() {
        String redirect = own("/sign-in");
        return redeem(ISSUER.code("ann@acme.example", VERIFIER, redirect, "n"), VERIFIER, redirect, "n");
    }

    private HttpResponse<String> redeem(String code, String verifier, String redirect, @Nullable String nonce) {
        return page(TOKEN, null, body(code, verifier, redirect, nonce));
    }

    private static String body(String code, String verifier, String redirect, @Nullable String nonce) {
        Map<String, String> body =
                new TreeMap<>(Map.of("code", code, "code_verifier", verifier, "redirect_uri", redirect));
        if (nonce != null) {
            body.put("nonce", nonce);
        }
        return JSON.writeValueAsString(body);
    }

    private HttpResponse<String> refresh(String cookie) {
        return page("/api/v1/auth/refresh", cookie, "{}");
    }

    private HttpResponse<String> page(String path, @Nullable String cookie, String body) {
        var request = request(path)
                .header("X-Requested-With", "opsrelay")
                .header("Origin", own(""))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body));
        return send(cookie == null ? request : request.header("Cookie", cookie));
    }

    private String own(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    private static String cookie(HttpResponse<String> answer) {
        String set = answer.headers()
                .firstValue("Set-Cookie")
                .orElseThrow(() -> new AssertionError("no cookie: " + answer.statusCode() + " " + answer.body()));
        return set.substring(0, set.indexOf(';'));
    }
}

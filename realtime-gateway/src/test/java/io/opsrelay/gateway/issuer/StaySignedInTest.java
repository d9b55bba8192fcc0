package io.opsrelay.gateway.issuer;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.SignedJWT;
import io.opsrelay.gateway.GatewayTest;
import io.opsrelay.testing.TestServices;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** The cookie that keeps a page signed in: what it looks like, what it gives, and whom it does not help. */
class StaySignedInTest extends GatewayTest {

    private static final String ANN = "ann@acme.example";
    private static final String REFRESH = "/api/v1/auth/refresh";
    private static final String SIGN_OUT = "/api/v1/auth/sign-out";
    private static final String DESK = "https://desk.acme.example";
    private static final String ALLOWS_COOKIES = "Access-Control-Allow-Credentials";
    private static final Map<String, String> SETTINGS = settings();

    @Autowired
    private Environment environment;

    @DynamicPropertySource
    static void users(DynamicPropertyRegistry registry) {
        SETTINGS.forEach((name, value) -> registry.add(name, () -> value));
        registry.add("opsrelay.sign-in.session.redis", () -> TestServices.get().redis());
    }

    private static Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>();
        String hash = "{bcrypt}" + new BCryptPasswordEncoder(4).encode("demo");
        settings.put("opsrelay.issuer.users[0].username", ANN);
        settings.put("opsrelay.issuer.users[0].name", "Ann");
        settings.put("opsrelay.issuer.users[0].clients[0]", "acme");
        settings.put("opsrelay.issuer.users[0].clients[1]", "globex");
        settings.put("opsrelay.issuer.users[0].roles[0]", "admin");
        settings.put("opsrelay.issuer.users[0].password-hash", hash);
        settings.put("opsrelay.issuer.users[1].username", "bob@globex.example");
        settings.put("opsrelay.issuer.users[1].client", "globex");
        settings.put("opsrelay.issuer.users[1].roles[0]", "viewer");
        settings.put("opsrelay.issuer.users[1].password-hash", hash);
        // So that what is shown twice is soon too late, whatever the machine does between.
        settings.put("opsrelay.sign-in.session.leeway", "0s");
        settings.put("opsrelay.sign-in.session.timeout", "30s");
        settings.put("opsrelay.edge.allowed-origins[0]", DESK);
        return settings;
    }

    @Test
    void aPageThatSignsInGetsACookieThatNoScriptReadsAndNoOtherSiteSends() {
        HttpResponse<String> answer = signIn(port);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Set-Cookie").orElseThrow())
                .startsWith("opsrelay_refresh=issuer.")
                .contains("; Path=/api/v1/auth;", "; Max-Age=43200;", "; HttpOnly", "; SameSite=Strict")
                .doesNotContain("Secure")
                .doesNotContain(ANN);
        assertThat(json(answer).get("clients").valueStream().map(JsonNode::asString))
                .containsExactly("acme", "globex");
    }

    @Test
    void behindTlsTheCookieIsForTlsOnly() {
        String own = "https://127.0.0.1:" + port;

        assertThat(signIn(port, "Origin", own)
                        .headers()
                        .firstValue("Set-Cookie")
                        .orElseThrow())
                .contains("; Secure");
    }

    @Test
    void whatIsNoPageGetsNoCookie() {
        HttpResponse<String> answer = post("/api/v1/auth/token", credentials(null));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
    }

    @Test
    void theCookieGivesANewTokenAndTheNextCookie() throws ParseException {
        String first = cookie(signIn(port));

        HttpResponse<String> answer = refresh(port, first);
        String second = cookie(answer);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(claim(answer, "sub")).isEqualTo(ANN);
        assertThat(claim(answer, "tenant")).isEqualTo("acme");
        assertThat(second).isNotEqualTo(first);
        assertThat(refresh(port, second).statusCode()).isEqualTo(200);
    }

    @Test
    void aCookieThatIsShownAgainLaterEndsTheSignInForWhoeverHoldsIt() {
        String first = cookie(signIn(port));
        String second = cookie(refresh(port, first));

        HttpResponse<String> again =
                Awaitility.await().until(() -> refresh(port, first), answer -> answer.statusCode() != 200);

        assertThat(again.statusCode()).isEqualTo(401);
        assertThat(json(again).get("detail").asString()).contains("sign in");
        assertThat(again.headers().firstValue("Set-Cookie").orElseThrow()).contains("opsrelay_refresh=;", "Max-Age=0");
        assertThat(refresh(port, second).statusCode()).isEqualTo(401);
    }

    @Test
    void whoSignsOutIsSignedOutEverywhere() {
        String cookie = cookie(signIn(port));
        try (ConfigurableApplicationContext other = another(TestServices.get().redis())) {
            String second = cookie(refresh(portOf(other), cookie));

            HttpResponse<String> out = send(page(port, SIGN_OUT, second));

            assertThat(out.statusCode()).isEqualTo(204);
            assertThat(out.headers().firstValue("Set-Cookie").orElseThrow()).contains("Max-Age=0");
            assertThat(refresh(portOf(other), second).statusCode()).isEqualTo(401);
            assertThat(refresh(port, second).statusCode()).isEqualTo(401);
        }
    }

    @Test
    void aCookieThatOneGatewayTookIsUsedUpAtTheOther() {
        String first = cookie(signIn(port));
        refresh(port, first);
        try (ConfigurableApplicationContext other = another(TestServices.get().redis())) {
            Awaitility.await().until(() -> refresh(portOf(other), first).statusCode() == 401);
        }
    }

    @Test
    void withoutRedisNobodyIsLockedOutAndAGatewayStillKnowsWhatItSawItself() {
        try (ConfigurableApplicationContext alone = another("redis://127.0.0.1:1")) {
            String first = cookie(signIn(portOf(alone)));
            HttpResponse<String> answer = refresh(portOf(alone), first);

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(refresh(portOf(alone), cookie(answer)).statusCode()).isEqualTo(200);
            Awaitility.await().until(() -> refresh(portOf(alone), first).statusCode() == 401);
            assertThat(signIn(portOf(alone)).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aPersonOfSeveralClientsChoosesAndTheTokenAloneSaysWhich() throws ParseException {
        String cookie = cookie(signIn(port));

        HttpResponse<String> switched = refresh(port, cookie, "{\"client_id\":\"globex\"}");

        assertThat(claim(switched, "tenant")).isEqualTo("globex");
        HttpResponse<String> next = refresh(port, cookie(switched));
        assertThat(claim(next, "tenant")).as("stays so").isEqualTo("globex");
        assertThat(claim(post("/api/v1/auth/token", credentials("globex")), "tenant"))
                .isEqualTo("globex");
    }

    @Test
    void anotherClientThanOnesOwnIsRefusedAndCostsNoCookie() {
        String cookie = cookie(signIn(port));

        HttpResponse<String> foreign = refresh(port, cookie, "{\"client_id\":\"initech\"}");

        assertThat(foreign.statusCode()).isEqualTo(403);
        assertThat(foreign.headers().firstValue("Set-Cookie")).isEmpty();
        assertThat(refresh(port, cookie).statusCode()).isEqualTo(200);
        assertThat(post("/api/v1/auth/token", credentials("initech")).statusCode())
                .isEqualTo(403);
    }

    @Test
    void aFirstVisitIsNoError() {
        HttpResponse<String> answer = refresh(port, null);

        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "issuer.",
                "issuer.AAAA",
                "issuer.====",
                "other.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                ".."
            })
    void whatIsNoCookieOfOursIsRefusedAndTakenAway(String value) {
        HttpResponse<String> answer = refresh(port, "opsrelay_refresh=" + value);

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("Set-Cookie").orElseThrow()).contains("Max-Age=0");
    }

    @Test
    void aCookieThatWasChangedIsNone() {
        String cookie = cookie(signIn(port));
        char last = cookie.charAt(cookie.length() - 2);
        String changed = cookie.substring(0, cookie.length() - 2)
                + (last == 'A' ? 'B' : 'A')
                + cookie.substring(cookie.length() - 1);

        assertThat(refresh(port, changed).statusCode()).isEqualTo(401);
        assertThat(refresh(port, cookie).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {REFRESH, SIGN_OUT})
    void anotherSitesPageCanNeitherRenewNorEndASignIn(String path) {
        String cookie = cookie(signIn(port));

        HttpResponse<String> form = send(request(path).header("Cookie", cookie).POST(BodyPublishers.noBody()));
        HttpResponse<String> script = send(page(port, path, cookie, "Origin", "https://evil.example"));

        assertThat(form.statusCode()).isEqualTo(403);
        assertThat(json(form).get("detail").asString()).contains("X-Requested-With");
        assertThat(script.statusCode()).isEqualTo(403);
        assertThat(refresh(port, cookie).statusCode())
                .as("nothing has happened")
                .isEqualTo(200);
    }

    @Test
    void anotherSitesPageCannotSignAnybodyIn() {
        assertThat(signIn(port, "Origin", "https://evil.example").statusCode()).isEqualTo(403);
        assertThat(signIn(port, "Origin", "http://127.0.0.1:" + port).statusCode())
                .isEqualTo(200);
    }

    @Test
    void aListedPageOfAnotherOriginStaysSignedIn() throws ParseException {
        HttpResponse<String> signedIn = signIn(port, "Origin", DESK);
        HttpResponse<String> renewed = send(page(port, REFRESH, cookie(signedIn), "Origin", DESK));

        assertThat(signedIn.headers().allValues("Access-Control-Allow-Origin")).containsExactly(DESK);
        assertThat(signedIn.headers().allValues(ALLOWS_COOKIES)).containsExactly("true");
        assertThat(signedIn.headers().firstValue("Set-Cookie").orElseThrow())
                .contains("; HttpOnly", "; SameSite=Strict", "; Secure");
        assertThat(claim(renewed, "sub")).isEqualTo(ANN);
        assertThat(renewed.headers().allValues(ALLOWS_COOKIES)).containsExactly("true");
        HttpResponse<String> out = send(page(port, SIGN_OUT, cookie(renewed), "Origin", DESK));
        assertThat(out.statusCode()).isEqualTo(204);
        assertThat(out.headers().allValues(ALLOWS_COOKIES)).containsExactly("true");
    }

    @ParameterizedTest
    @ValueSource(strings = {REFRESH, SIGN_OUT, "/api/v1/auth/token", "/api/v1/auth/oidc/token"})
    void aBrowserSendsTheCookieForListedPagesOnly(String path) {
        HttpResponse<String> listed = preflight(path, DESK);
        assertThat(listed.statusCode()).isEqualTo(200);
        assertThat(listed.headers().allValues("Access-Control-Allow-Origin")).containsExactly(DESK);
        assertThat(listed.headers().allValues(ALLOWS_COOKIES)).containsExactly("true");

        for (String other : List.of("https://evil.example", "https://desk.acme.example.evil.example", "null")) {
            HttpResponse<String> refused = preflight(path, other);
            assertThat(refused.statusCode()).as(other).isEqualTo(403);
            assertThat(refused.headers().firstValue("Access-Control-Allow-Origin"))
                    .as(other)
                    .isEmpty();
            assertThat(refused.headers().firstValue(ALLOWS_COOKIES)).as(other).isEmpty();
        }
    }

    @Test
    void outsideTheSignInNoCookieIsLetInFromAnotherOrigin() {
        assertThat(preflight("/api/v1/tickets", DESK).headers().firstValue(ALLOWS_COOKIES))
                .isEmpty();
    }

    @Test
    void aPageOfAnotherSiteIsToldThatItCannotStaySignedIn() {
        assertThat(stays("cross-site")).isEqualTo("false");
        assertThat(stays("same-site")).isEqualTo("");
        assertThat(stays("same-origin")).isEqualTo("");
    }

    @Test
    void aPageIsToldHowPeopleSignIn() {
        JsonNode config = json(get("/api/v1/auth/config"));

        assertThat(config.propertyNames()).containsExactly("mode");
        assertThat(config.get("mode").asString()).isEqualTo("standalone");
        assertThat(send(page(port, "/api/v1/auth/oidc/token", null, "Content-Type", "application/json"))
                        .statusCode())
                .isIn(400, 404);
    }

    @Test
    void anAdminSeesWhoOfTheOwnClientMaySignInAndNothingOfOtherClients() {
        String token = json(signIn(port)).get("access_token").asString();

        HttpResponse<String> answer = get("/api/v1/users", "Authorization", "Bearer " + token);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).doesNotContain("bcrypt").doesNotContain("globex");
        JsonNode items = json(answer).get("items");
        assertThat(items).hasSize(1);
        assertThat(items.get(0).toString())
                .isEqualTo(
                        "{\"email\":\"ann@acme.example\",\"name\":\"Ann\",\"roles\":[\"admin\"],\"clients\":[\"acme\"]}");
    }

    @Test
    void theUsersAreForAdminsOnly() {
        String token = json(post("/api/v1/auth/token", "{\"username\":\"bob@globex.example\",\"password\":\"demo\"}"))
                .get("access_token")
                .asString();

        assertThat(get("/api/v1/users", "Authorization", "Bearer " + token).statusCode())
                .isEqualTo(403);
        assertThat(get("/api/v1/users").statusCode()).isEqualTo(401);
    }

    private String stays(String site) {
        JsonNode config = json(get("/api/v1/auth/config", "Origin", DESK, "Sec-Fetch-Site", site));
        return config.path("stays_signed_in").asString("");
    }

    private HttpResponse<String> preflight(String path, String origin) {
        return send(request(path)
                .method("OPTIONS", BodyPublishers.noBody())
                .headers(
                        "Origin", origin,
                        "Access-Control-Request-Method", "POST",
                        "Access-Control-Request-Headers", "content-type,x-requested-with"));
    }

    private ConfigurableApplicationContext another(String redis) {
        List<String> arguments = new ArrayList<>();
        SETTINGS.forEach((name, value) -> arguments.add("--" + name + "=" + value));
        arguments.add("--opsrelay.issuer.key=" + environment.getProperty("opsrelay.issuer.key"));
        arguments.add("--opsrelay.sign-in.session.redis=" + redis);
        return startGateway(arguments.toArray(String[]::new));
    }

    private static String credentials(@Nullable String client) {
        return "{\"username\":\"" + ANN + "\",\"password\":\"demo\""
                + (client == null ? "" : ",\"client_id\":\"" + client + "\"") + "}";
    }

    private static HttpResponse<String> signIn(int port, String... headers) {
        return send(page(
                        port,
                        "/api/v1/auth/token",
                        null,
                        Stream.concat(Stream.of("Content-Type", "application/json"), Stream.of(headers))
                                .toArray(String[]::new))
                .POST(BodyPublishers.ofString(credentials(null))));
    }

    private static HttpResponse<String> refresh(int port, @Nullable String cookie) {
        return send(page(port, REFRESH, cookie));
    }

    private static HttpResponse<String> refresh(int port, String cookie, String body) {
        return send(
                page(port, REFRESH, cookie, "Content-Type", "application/json").POST(BodyPublishers.ofString(body)));
    }

    private static HttpRequest.Builder page(int port, String path, @Nullable String cookie, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("X-Requested-With", "opsrelay")
                .POST(BodyPublishers.noBody());
        if (cookie != null) {
            request.header("Cookie", cookie);
        }
        return headers.length == 0 ? request : request.headers(headers);
    }

    private static String cookie(HttpResponse<String> answer) {
        String set = answer.headers()
                .firstValue("Set-Cookie")
                .orElseThrow(() -> new AssertionError("no cookie: " + answer.statusCode() + " " + answer.body()));
        return set.substring(0, set.indexOf(';'));
    }

    private static Object claim(HttpResponse<String> answer, String name) throws ParseException {
        return SignedJWT.parse(json(answer).get("access_token").asString())
                .getJWTClaimsSet()
                .getClaim(name);
    }
}

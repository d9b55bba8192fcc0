package io.opsrelay.gateway.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.gateway.GatewayTest;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;

class DashboardTest extends GatewayTest {

    @ParameterizedTest
    @ValueSource(strings = {"/", "/tickets", "/tickets/0198a1", "/approvals?status=pending"})
    void everyAddressOfThePagesOwnRouterGivesThePageWhichIsNeverCachedUnseen(String path) {
        HttpResponse<String> response = get(path, "Accept", "text/html,*/*;q=0.8");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).contains("the page of the tests");
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
        assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-cache");
    }

    @Test
    void whoHasThePageAlreadyIsToldSoAndNotSentItAgain() {
        HttpResponse<String> first = get("/tickets", "Accept", "text/html");
        String tag = first.headers().firstValue("ETag").orElseThrow();

        HttpResponse<String> again = get("/approvals", "Accept", "text/html", "If-None-Match", tag);
        HttpResponse<String> outdated = get("/", "Accept", "text/html", "If-None-Match", "\"of-the-last-release\"");

        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(outdated.statusCode()).isEqualTo(200);
    }

    @Test
    void thePageComesWithAStrictPolicy() {
        assertThat(get("/tickets/abc", "Accept", "text/html")
                        .headers()
                        .firstValue("Content-Security-Policy")
                        .orElseThrow())
                .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe-inline")
                .doesNotContain("unsafe-eval");
    }

    @Test
    void thePageIsToldThatItsApiIsHereAndHowOftenItReadsUnlessItIsSetOtherwise() {
        HttpResponse<String> settings = get("/config.json");

        assertThat(settings.statusCode()).isEqualTo(200);
        assertThat(settings.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/json");
        assertThat(settings.headers().firstValue("Cache-Control")).hasValue("no-cache");
        assertThat(json(settings)).isEqualTo(JSON.readTree("{\"refresh_seconds\": 30.0, \"auto_refresh\": true}"));
    }

    @Test
    void thePageIsToldWhereItsApiAndStreamAreAndMaySpeakToThem() {
        try (ConfigurableApplicationContext gateway = startGateway(
                "--opsrelay.dashboard.api-url=https://api.example",
                "--opsrelay.dashboard.stream-url=wss://stream.example:8443/api/v1/stream",
                "--opsrelay.dashboard.refresh-interval=10s",
                "--opsrelay.dashboard.auto-refresh=false")) {
            String address = "http://127.0.0.1:" + portOf(gateway);

            assertThat(json(send(HttpRequest.newBuilder(URI.create(address + "/config.json")))))
                    .isEqualTo(JSON.readTree("""
                            {"api_url": "https://api.example", "stream_url": "wss://stream.example:8443/api/v1/stream",
                             "refresh_seconds": 10.0, "auto_refresh": false}"""));
            assertThat(send(HttpRequest.newBuilder(URI.create(address + "/tickets"))
                                    .header("Accept", "text/html"))
                            .headers()
                            .firstValue("Content-Security-Policy")
                            .orElseThrow())
                    .contains("connect-src 'self' https://api.example wss://stream.example:8443;");
        }
    }

    @Test
    void theFrameForMailsMayHaveStylesAndImagesButRunsNothingAndStandsInThePageOnly() {
        var headers = get("/assets/mail-frame-v1.html").headers();

        assertThat(headers.firstValue("Content-Security-Policy").orElseThrow())
                .contains(
                        "sandbox allow-same-origin;",
                        "default-src 'none'",
                        "style-src 'unsafe-inline'",
                        "img-src 'self' data: blob: https:",
                        "form-action 'none'",
                        "frame-ancestors 'self'")
                .doesNotContain("script");
        assertThat(headers.firstValue("X-Frame-Options")).hasValue("SAMEORIGIN");
        assertThat(headers.firstValue("Referrer-Policy")).hasValue("no-referrer");
        assertThat(get("/assets/app-0a1b2c.js").headers().firstValue("X-Frame-Options"))
                .hasValue("DENY");
    }

    @Test
    void aFileOfTheBuildIsCachedForEver() {
        HttpResponse<String> response = get("/assets/app-0a1b2c.js");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).contains("the script of the tests");
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).contains("javascript");
        assertThat(response.headers().firstValue("Cache-Control").orElseThrow())
                .contains("max-age=31536000", "immutable");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            delimiter = '|',
            value = {
                "gzip, deflate, br, zstd|br",
                "gzip;q=1.0, *;q=0.5|br",
                "gzip|gzip",
                "br;q=0, gzip|gzip",
                "identity|none",
                "br;q=much|none"
            })
    void aFileIsSentInTheSmallestFormThatTheBrowserTakes(String accepted, @Nullable String encoding) {
        HttpResponse<String> response = get("/assets/app-0a1b2c.js", "Accept-Encoding", accepted);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Encoding")).isEqualTo(Optional.ofNullable(encoding));
        assertThat(response.headers().allValues("Vary")).contains("Accept-Encoding");
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).contains("javascript");
        assertThat(response.headers().firstValue("Cache-Control").orElseThrow()).contains("immutable");
    }

    @Test
    void aFileThatHasOneFormIsSentAsItIsWhateverIsAskedFor() {
        HttpResponse<String> response = get("/assets/icon-1d2e3f.svg", "Accept-Encoding", "br");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Encoding")).isEmpty();
        assertThat(response.headers().allValues("Vary")).doesNotContain("Accept-Encoding");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/assets/app-other.js",
                "/assets/",
                "/assets/..%2f..%2fapplication.yaml",
                "/application.yaml",
                "/favicon.ico",
                "/wp-login.php"
            })
    void whatIsNotThereIsNotThePage(String path) {
        HttpResponse<String> response = get(path, "Accept", "text/html,*/*;q=0.8");

        assertThat(response.statusCode()).isIn(400, 404);
        assertThat(response.body()).doesNotContain("the page of the tests").doesNotContain("spring:");
    }
}

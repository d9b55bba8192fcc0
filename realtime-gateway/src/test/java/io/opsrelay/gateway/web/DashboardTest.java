package io.opsrelay.gateway.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.gateway.GatewayTest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    void aFileOfTheBuildIsCachedForEver() {
        HttpResponse<String> response = get("/assets/app-0a1b2c.js");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).contains("the script of the tests");
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).contains("javascript");
        assertThat(response.headers().firstValue("Cache-Control").orElseThrow())
                .contains("max-age=31536000", "immutable");
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

package io.opsrelay.gateway.docs;

import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.serverError;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.WireMock;
import io.opsrelay.gateway.GatewayTest;
import java.net.http.HttpResponse;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class DocsTest extends GatewayTest {

    @Test
    void theDocumentsOfTheServicesAreOneWithTheGatewaysOwn() {
        described("ingestion-service", """
                {"openapi":"3.1.0","paths":{
                  "/api/v1/tickets":{"get":{"tags":["ticket"],"operationId":"list",
                    "responses":{"200":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Receipt"}}}}}}},
                  "/internal/reload":{"post":{"responses":{}}}},
                 "components":{"schemas":{"Receipt":{"type":"string"},"Problem":{"type":"object"}}}}
                """);
        described("action-engine", """
                {"openapi":"3.1.0","paths":{
                  "/api/v1/restart_deployment":{"post":{"tags":["deployment"],"operationId":"list",
                    "responses":{"200":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Receipt"}}}}}}}},
                 "components":{"schemas":{"Receipt":{"type":"integer"}}}}
                """);
        described("agent-service", "{\"openapi\":\"3.1.0\",\"paths\":{}}");
        SERVICES.get("approval-service")
                .stubFor(WireMock.get(urlEqualTo("/v3/api-docs")).willReturn(serverError()));

        // Who does not describe itself within some seconds is left out, and asked again.
        JsonNode document = Awaitility.await()
                .until(
                        () -> json(get("/api/openapi.json")),
                        read -> read.at("/info/description").asString().contains("do not answer: approval-service"));

        assertThat(document.get("paths").propertyNames())
                .contains(
                        "/api/v1/tickets",
                        "/api/v1/restart_deployment",
                        "/api/v1/auth/token",
                        "/api/v1/stream",
                        "/api/health")
                .doesNotContain("/internal/reload");
        assertThat(schemaOf(document, "/api/v1/tickets", "get")).isEqualTo("#/components/schemas/Receipt");
        assertThat(schemaOf(document, "/api/v1/restart_deployment", "post"))
                .isEqualTo("#/components/schemas/ActionEngineReceipt");
        assertThat(document.at("/components/schemas/ActionEngineReceipt/type").asString())
                .isEqualTo("integer");
        assertThat(document.at("/components/schemas/Problem/properties").propertyNames())
                .contains("request_id");
        assertThat(Stream.of("/api/v1/tickets", "/api/v1/restart_deployment")
                        .map(path -> document.get("paths").get(path).iterator().next())
                        .map(operation -> operation.get("operationId").asString() + " "
                                + operation.at("/tags/0").asString()))
                .containsExactly("list ingestion-service: ticket", "action-engine_list action-engine: deployment");
        assertThat(document.at("/servers/0/url").asString()).isEqualTo("/");
        assertThat(document.at("/components/securitySchemes/bearer/scheme").asString())
                .isEqualTo("bearer");
        assertThat(document.at("/info/description").asString()).contains("do not answer: approval-service");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/docs", "/api/redoc"})
    void thePagesNeedNoTokenAndNothingFromElsewhere(String path) {
        HttpResponse<String> page = get(path);

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
        assertThat(page.headers().allValues("Content-Security-Policy"))
                .singleElement()
                .asString()
                .contains("script-src 'self';", "frame-ancestors 'none'");
        assertThat(page.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(page.body())
                .doesNotContain("http://")
                .doesNotContain("https://")
                .doesNotContain("<script>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/docs/swagger-ui-bundle.js", "/api/docs/swagger-ui.css", "/api/docs/start.js"})
    void theirFilesAreServed(String path) {
        HttpResponse<String> file = get(path);

        assertThat(file.statusCode()).isEqualTo(200);
        assertThat(file.body()).isNotBlank();
        assertThat(file.headers().firstValue("Content-Type").orElseThrow()).containsAnyOf("javascript", "css");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/docs/index.html", "/api/docs/..%2fapplication.yaml", "/api/redoc/other.js"})
    void nothingElseIs(String path) {
        assertThat(get(path).statusCode()).isIn(400, 401, 404);
    }

    private static void described(String service, String document) {
        SERVICES.get(service).stubFor(WireMock.get(urlEqualTo("/v3/api-docs")).willReturn(okJson(document)));
    }

    private static String schemaOf(JsonNode document, String path, String method) {
        return document.get("paths")
                .get(path)
                .get(method)
                .at("/responses/200/content/application~1json/schema/$ref")
                .asString();
    }
}

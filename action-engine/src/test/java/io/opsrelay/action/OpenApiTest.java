package io.opsrelay.action;

import io.opsrelay.testing.ApiFile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;

@ActionEngineTest
class OpenApiTest {

    @LocalServerPort
    private int port;

    @Test
    void theCommittedDescriptionIsWhatTheServiceAnswers() throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            URI docs = URI.create("http://127.0.0.1:" + port + "/v3/api-docs");
            ApiFile.assertCommitted(
                    "action-engine",
                    http.send(HttpRequest.newBuilder(docs).build(), BodyHandlers.ofString())
                            .body());
        }
    }
}

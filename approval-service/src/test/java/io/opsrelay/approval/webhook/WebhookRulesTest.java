package io.opsrelay.approval.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsrelay.approval.Admin;
import io.opsrelay.approval.Api.Answer;
import io.opsrelay.approval.ApprovalApplication;
import io.opsrelay.security.Role;
import io.opsrelay.testing.OpsRelayTest;
import io.opsrelay.testing.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Who may do what with endpoints, and what is refused, as configured by default. */
@OpsRelayTest(service = "approval")
@SpringBootTest(classes = ApprovalApplication.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class WebhookRulesTest {

    private static final String URL = "https://hooks.example.com/opsrelay";

    @Autowired
    private TestDatabase database;

    @LocalServerPort
    private int port;

    private String client;
    private Admin admin;

    @BeforeEach
    void aClientOfItsOwn() {
        client = "c" + UUID.randomUUID().toString().substring(0, 8);
        admin = Admin.of(port, client);
    }

    @Test
    void theSecretIsShownOnceAndKeptSealed() {
        // when
        Answer created = create();

        // then
        String secret = String.valueOf(created.get("secret"));
        assertThat(secret).startsWith("whsec_");
        assertThat(created.body())
                .containsEntry("url", URL)
                .containsEntry("event_types", List.of("approval.*"))
                .containsEntry("disabled", false)
                .containsEntry("created_by", "user:admin@" + client + ".example");
        assertThat(admin.get(path(created)).body()).doesNotContainKey("secret");
        assertThat(admin.get("/api/v1/webhooks").items()).singleElement().satisfies(item -> assertThat(item)
                .doesNotContainKey("secret"));
        byte[] kept = JdbcClient.create(database.admin())
                .sql("select secret from approval.webhook_endpoint where client_id = :client")
                .param("client", client)
                .query(byte[].class)
                .single();
        byte[] key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
        assertThat(new String(kept, StandardCharsets.ISO_8859_1))
                .doesNotContain(new String(key, StandardCharsets.ISO_8859_1));
    }

    @Test
    void onlyAdminsMay() {
        // given
        Answer created = create();
        Map<String, Object> body = Map.of("url", URL, "event_types", List.of("*"));

        for (Role role : List.of(Role.VIEWER, Role.AGENT, Role.APPROVER, Role.SRE, Role.INGEST)) {
            Admin other = new Admin(port, client, role);
            assertThat(List.of(
                            other.get("/api/v1/webhooks").status(),
                            other.post("/api/v1/webhooks", body).status(),
                            other.get(path(created)).status(),
                            other.call("PUT", path(created), body).status(),
                            other.call("DELETE", path(created), null).status(),
                            other.post(path(created) + "/rotate-secret", Map.of())
                                    .status(),
                            other.post(path(created) + "/test", Map.of()).status(),
                            other.get(path(created) + "/deliveries").status(),
                            other.post(path(created) + "/replay", Map.of("since", "2026-01-01T00:00:00Z"))
                                    .status()))
                    .as(role.name())
                    .containsOnly(403);
        }
        assertThat(admin.get(path(created)).body()).isEqualTo(without(created.body(), "secret"));
    }

    @Test
    void anotherClientFindsNothing() {
        // given
        Answer created = create();
        Admin stranger = Admin.of(port, "stranger");

        // then
        assertThat(stranger.get("/api/v1/webhooks").items()).isEmpty();
        assertThat(List.of(
                        stranger.get(path(created)).status(),
                        stranger.call("PUT", path(created), Map.of("url", URL, "event_types", List.of("*")))
                                .status(),
                        stranger.call("DELETE", path(created), null).status(),
                        stranger.post(path(created) + "/rotate-secret", Map.of())
                                .status(),
                        stranger.post(path(created) + "/test", Map.of()).status(),
                        stranger.get(path(created) + "/deliveries").status(),
                        stranger.post(path(created) + "/replay", Map.of("since", "2026-01-01T00:00:00Z"))
                                .status()))
                .containsOnly(404);
        assertThat(admin.get(path(created)).body()).isEqualTo(without(created.body(), "secret"));
    }

    @Test
    void whatIsWrongIsToldByFieldAndChangesNothing() {
        Answer created = create();

        assertThat(admin.post("/api/v1/webhooks", Map.of()).list("errors").stream()
                        .map(error -> error.get("field")))
                .containsExactly("url", "event_types");
        for (Map<String, Object> body : List.<Map<String, Object>>of(
                Map.of("url", "http://hooks.example.com/", "event_types", List.of("*")),
                Map.of("url", URL, "event_types", List.of("ticket.created")),
                Map.of("url", URL, "event_types", List.of("*"), "description", "a\nb"))) {
            assertThat(admin.post("/api/v1/webhooks", body).status()).isEqualTo(422);
            assertThat(admin.call("PUT", path(created), body).status()).isEqualTo(422);
        }
        assertThat(admin.post("/api/v1/webhooks", Map.of("url", URL, "event_types", List.of("*"), "secret", "whsec_x"))
                        .status())
                .as("a field that cannot be sent")
                .isEqualTo(400);
        assertThat(admin.post(path(created) + "/replay", Map.of()).status()).isEqualTo(422);
        assertThat(admin.post(path(created) + "/replay", Map.of("since", "yesterday"))
                        .status())
                .isEqualTo(400);
        assertThat(admin.get("/api/v1/webhooks/nonsense").status()).isEqualTo(404);
        assertThat(admin.get("/api/v1/webhooks").items()).hasSize(1);
        assertThat(admin.get(path(created)).body()).isEqualTo(without(created.body(), "secret"));
    }

    @Test
    void aChangeMustBuildOnWhatIsThere() {
        // given
        Answer created = create();
        Map<String, Object> body = Map.of("url", URL, "event_types", List.of("*"), "description", "on call");
        String tag = created.etag().orElseThrow();

        // then
        Answer changed = admin.call("PUT", path(created), body, "If-Match", tag);
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.body()).containsEntry("description", "on call");
        assertThat(admin.call("PUT", path(created), body, "If-Match", tag).status())
                .isEqualTo(412);
        assertThat(admin.call("DELETE", path(created), null, "If-Match", tag).status())
                .isEqualTo(412);
        assertThat(admin.call("POST", path(created) + "/rotate-secret", null, "If-Match", tag)
                        .status())
                .isEqualTo(412);
        assertThat(admin.call(
                                "DELETE",
                                path(created),
                                null,
                                "If-Match",
                                changed.etag().orElseThrow())
                        .status())
                .isEqualTo(204);
    }

    @Test
    void thereAreNotMoreThanTwenty() {
        for (int i = 0; i < 20; i++) {
            create();
        }

        Answer refused = admin.post("/api/v1/webhooks", Map.of("url", URL, "event_types", List.of("*")));

        assertThat(refused.status()).isEqualTo(409);
        assertThat(String.valueOf(refused.get("detail"))).contains("20 webhooks");
    }

    @Test
    void nothingIsSentIntoOurOwnNetwork() throws Exception {
        try (Receiver inside = new Receiver()) {
            // given
            Answer created = admin.post(
                    "/api/v1/webhooks",
                    Map.of("url", "https://127.0.0.1:" + inside.port() + "/", "event_types", List.of("*")));

            // when
            admin.post(path(created) + "/test", Map.of());

            // then
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(String.valueOf(
                            admin.get(path(created) + "/deliveries").items()))
                    .contains("has an address that is loopback"));
            assertThat(inside.received()).isEmpty();
        }
    }

    private Answer create() {
        Answer created = admin.post("/api/v1/webhooks", Map.of("url", URL, "event_types", List.of("approval.*")));
        assertThat(created.status()).isEqualTo(201);
        return created;
    }

    private static String path(Answer created) {
        return "/api/v1/webhooks/" + created.get("webhook_id");
    }

    private static Map<String, Object> without(Map<String, Object> body, String field) {
        Map<String, Object> copy = new HashMap<>(body);
        copy.remove(field);
        return copy;
    }
}

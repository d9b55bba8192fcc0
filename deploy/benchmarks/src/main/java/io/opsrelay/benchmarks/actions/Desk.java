package io.opsrelay.benchmarks.actions;

import io.opsrelay.contracts.ContractJson;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Somebody who decides, asks for operations and reads lists, at the services themselves. */
final class Desk {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Answer NONE = new Answer(0, ContractJson.mapper().missingNode());

    private final HttpClient http;
    private final ActionsRig rig;
    private final String client;
    private final Map<String, String> tokens;

    Desk(HttpClient http, ActionsRig rig, String client) {
        this.http = http;
        this.rig = rig;
        this.client = client;
        this.tokens = Map.of(
                "approver", "Bearer " + rig.token(client, "approver@" + client + ".example", "approver"),
                "sre", "Bearer " + rig.token(client, "sre@" + client + ".example", "sre"));
    }

    String client() {
        return client;
    }

    /** Requests that wait for a person. */
    Answer pending(int limit) throws InterruptedException {
        return send(
                "approver",
                HttpRequest.newBuilder(rig.approvals().resolve("/api/v1/approvals?status=pending&limit=" + limit))
                        .GET());
    }

    Answer decide(String approvalId, String decision) throws InterruptedException {
        return post(
                "approver",
                rig.approvals().resolve("/api/v1/approvals/" + approvalId + "/decide"),
                Map.of("decision", decision, "reason", "seen to"));
    }

    /** Asks for a rollout; the reason names it in the yard's books, and the key makes it one. */
    Answer rollout(String service, String reason) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(rig.actions().resolve("/api/v1/rollout_restart"))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", reason)
                .POST(BodyPublishers.ofByteArray(ContractJson.mapper()
                        .writeValueAsBytes(
                                Map.of("service_name", service, "target_type", "standalone", "reason", reason))));
        return send("sre", request);
    }

    private Answer post(String role, URI uri, Map<String, Object> body) throws InterruptedException {
        return send(
                role,
                HttpRequest.newBuilder(uri)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray(ContractJson.mapper().writeValueAsBytes(body))));
    }

    private Answer send(String role, HttpRequest.Builder request) throws InterruptedException {
        try {
            HttpResponse<byte[]> response = http.send(
                    request.timeout(TIMEOUT)
                            .header("Authorization", tokens.getOrDefault(role, ""))
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), ContractJson.mapper().readTree(response.body()));
        } catch (IOException | JacksonException e) {
            return NONE;
        }
    }

    /** @param status 0 if none came */
    record Answer(int status, JsonNode body) {}
}

package io.opsrelay.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The engine of a client's workflow, another one for as long as this is open; then the workflow is as it was. */
final class ChosenEngine implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final String LOCAL = "local";
    private static final JsonMapper JSON = JsonMapper.shared();

    private final HttpClient client;
    private final URI base;
    private final Tokens admin;
    private final ObjectNode before;

    /**
     * Changes it.
     *
     * @param admin of the client
     * @param engine {@code local}, or the name of a configured model
     * @throws UsageException if there is no such engine
     */
    ChosenEngine(HttpClient client, URI base, Tokens admin, String engine) throws IOException, InterruptedException {
        this.client = client;
        this.base = base;
        this.admin = admin;
        this.before = settings();
        ObjectNode wanted = before.deepCopy().put("engine", engine);
        if (engine.equals(LOCAL)) {
            // Only a model can classify instead of the local engine.
            wanted.put("classification", LOCAL);
        }
        put(wanted);
    }

    /** As they can be put back: without what the service adds, and without tools where they are all. */
    private ObjectNode settings() throws IOException, InterruptedException {
        ObjectNode settings = (ObjectNode) get("/api/v1/agent/workflow");
        settings.remove(List.of("version", "changed_by", "changed_at"));
        Set<String> all = new HashSet<>();
        get("/api/v1/agent/tools")
                .path("items")
                .forEach(tool -> all.add(tool.path("name").asString("")));
        Set<String> allowed = new HashSet<>();
        settings.path("tools").forEach(tool -> allowed.add(tool.asString("")));
        if (allowed.containsAll(all)) {
            settings.remove("tools");
        }
        return settings;
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer =
                send(HttpRequest.newBuilder(URI.create(base + path)).GET());
        if (answer.statusCode() != 200) {
            throw new IOException(path + " answered " + answer.statusCode());
        }
        return JSON.readTree(answer.body());
    }

    private void put(ObjectNode settings) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = send(HttpRequest.newBuilder(URI.create(base + "/api/v1/agent/workflow"))
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(settings))));
        if (answer.statusCode() == 422) {
            throw new UsageException(
                    "--engine " + settings.path("engine").asString("") + ": " + JSON.readTree(answer.body()));
        }
        if (answer.statusCode() != 200) {
            throw new IOException("the workflow was not taken: answer " + answer.statusCode());
        }
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        admin.renewIfOld();
        return client.send(
                request.timeout(TIMEOUT)
                        .header("Authorization", "Bearer " + admin.current())
                        .build(),
                BodyHandlers.ofByteArray());
    }

    @Override
    public void close() throws IOException, InterruptedException {
        put(before);
    }
}

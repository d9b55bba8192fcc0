package io.opsrelay.ingestion.attachment;

import io.opsrelay.security.Role;
import io.opsrelay.testing.TestTokens;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Sends and fetches files as bytes. */
record Uploader(int port, String token) {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    static Uploader as(int port, String clientId, Role role) {
        return new Uploader(port, TestTokens.bearer(clientId, role.wireName() + "@" + clientId + ".example", role));
    }

    record Answer(int status, Map<String, List<String>> headers, byte[] body) {

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        JsonNode json() {
            return JsonMapper.shared().readTree(text());
        }

        String header(String name) {
            return headers.entrySet().stream()
                    .filter(header -> header.getKey().equalsIgnoreCase(name))
                    .map(header -> header.getValue().getFirst())
                    .findFirst()
                    .orElse("");
        }
    }

    /** The body is the file. */
    Answer post(String ticketId, String disposition, String type, byte[] content) {
        HttpRequest.Builder request = request(path(ticketId)).POST(BodyPublishers.ofByteArray(content));
        if (!disposition.isEmpty()) {
            request.header("Content-Disposition", disposition);
        }
        return send(type.isEmpty() ? request : request.header("Content-Type", type));
    }

    Answer post(String ticketId, String name, byte[] content) {
        return post(ticketId, "attachment; filename=\"" + name + "\"", "application/octet-stream", content);
    }

    Answer postForm(String ticketId, byte[] form) {
        return postFormTo(path(ticketId), form);
    }

    Answer postFormTo(String path, byte[] form) {
        return send(request(path)
                .header("Content-Type", "multipart/form-data; boundary=X-here-X")
                .POST(BodyPublishers.ofByteArray(form)));
    }

    Answer get(String path, String... headers) {
        HttpRequest.Builder request = request(path);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request.GET());
    }

    static String path(String ticketId) {
        return "/api/v1/tickets/" + ticketId + "/attachments";
    }

    static Form form() {
        return new Form(new ByteArrayOutputStream());
    }

    /** A body of parts; names in UTF-8 as they are, as browsers send them. */
    record Form(ByteArrayOutputStream bytes) {

        Form file(String field, String name, String type, byte[] content) {
            return part(
                    "form-data; name=\"" + field + "\"; filename=\"" + name + "\"\r\nContent-Type: " + type, content);
        }

        Form part(String disposition, byte[] content) {
            bytes.writeBytes(("--X-here-X\r\nContent-Disposition: " + disposition + "\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            bytes.writeBytes(content);
            bytes.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
            return this;
        }

        byte[] unfinished() {
            return bytes.toByteArray();
        }

        byte[] finished() {
            bytes.writeBytes("--X-here-X--\r\n".getBytes(StandardCharsets.UTF_8));
            return bytes.toByteArray();
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Authorization", token);
    }

    private static Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<byte[]> response = HTTP.send(request.build(), BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), response.headers().map(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

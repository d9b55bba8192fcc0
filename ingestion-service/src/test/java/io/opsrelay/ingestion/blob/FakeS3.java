package io.opsrelay.ingestion.blob;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A store that speaks the part of Amazon S3's protocol that is used here, bucket in the path: objects, ranges, parts,
 * error bodies. It checks every request's signature as Amazon does, and takes no part under 5 MiB but the last.
 */
final class FakeS3 implements AutoCloseable {

    private static final int SMALLEST_PART = 5 * 1024 * 1024;
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-");
    private static final Pattern PART = Pattern.compile("<PartNumber>(\\d+)</PartNumber>");

    private final String bucket;
    private final HttpServer server;
    private final AwsSignature signature;
    private final Map<String, byte[]> objects = new TreeMap<>();
    private final Map<String, Upload> uploads = new TreeMap<>();
    private final List<String> journal = new CopyOnWriteArrayList<>();
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicInteger expectations = new AtomicInteger();
    private volatile int failureStatus;
    private volatile String failureCode = "";

    private record Upload(String key, Map<Integer, byte[]> parts) {}

    FakeS3(String bucket, String accessKey, String secretKey) throws IOException {
        this.bucket = bucket;
        this.signature = new AwsSignature(accessKey, secretKey);
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    List<String> journal() {
        return List.copyOf(journal);
    }

    void forgetJournal() {
        journal.clear();
    }

    synchronized int uploadsUnderWay() {
        return uploads.size();
    }

    /** How many requests waited for the word to go on before they sent their bodies. */
    int expectations() {
        return expectations.get();
    }

    /** Answers the next so many requests with that error. */
    void failNext(int times, int status, String code) {
        failureStatus = status;
        failureCode = code;
        failures.set(times);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    /** A request whose body does not come holds up no other. */
    private void handle(HttpExchange exchange) throws IOException {
        if (exchange.getRequestHeaders().containsKey("Expect")) {
            expectations.incrementAndGet();
        }
        try (exchange) {
            handle(exchange, exchange.getRequestBody().readAllBytes());
        }
    }

    private synchronized void handle(HttpExchange exchange, byte[] body) throws IOException {
        String refusal = signature.refusal(exchange, body);
        if (refusal != null) {
            error(exchange, 403, refusal);
            return;
        }
        if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            error(exchange, failureStatus, failureCode);
            return;
        }
        String path = exchange.getRequestURI().getPath();
        Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
        if (!path.startsWith("/" + bucket)) {
            error(exchange, 404, "NoSuchBucket");
            return;
        }
        String key = path.substring(Math.min(path.length(), bucket.length() + 2));
        switch (exchange.getRequestMethod()) {
            case "PUT" -> put(exchange, key, query, body);
            case "POST" -> post(exchange, key, query, body);
            case "GET" -> get(exchange, key, query);
            case "DELETE" -> delete(exchange, key, query);
            default -> error(exchange, 405, "MethodNotAllowed");
        }
    }

    private void put(HttpExchange exchange, String key, Map<String, String> query, byte[] body) throws IOException {
        String number = query.get("partNumber");
        journal.add("PUT " + key + (number == null ? "" : "?part" + number));
        if (number == null) {
            objects.put(key, body);
        } else {
            Upload upload = uploads.get(query.get("uploadId"));
            if (upload == null || !upload.key().equals(key)) {
                error(exchange, 404, "NoSuchUpload");
                return;
            }
            upload.parts().put(Integer.valueOf(number), body);
        }
        exchange.getResponseHeaders()
                .set("ETag", "\"" + AwsSignature.sha256(body).substring(0, 32) + "\"");
        answer(exchange, 200, new byte[0]);
    }

    private void post(HttpExchange exchange, String key, Map<String, String> query, byte[] body) throws IOException {
        if (query.containsKey("uploads")) {
            journal.add("POST " + key + "?uploads");
            String id = UUID.randomUUID().toString();
            uploads.put(id, new Upload(key, new TreeMap<>()));
            xml(
                    exchange,
                    200,
                    "<InitiateMultipartUploadResult><Bucket>" + bucket + "</Bucket><Key>" + key + "</Key><UploadId>"
                            + id + "</UploadId></InitiateMultipartUploadResult>");
            return;
        }
        journal.add("POST " + key + "?complete");
        Upload upload = uploads.get(query.get("uploadId"));
        if (upload == null) {
            error(exchange, 404, "NoSuchUpload");
            return;
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        Matcher numbers = PART.matcher(new String(body, StandardCharsets.UTF_8));
        byte[] last = null;
        while (numbers.find()) {
            if (last != null && last.length < SMALLEST_PART) {
                error(exchange, 400, "EntityTooSmall");
                return;
            }
            last = upload.parts().get(Integer.valueOf(numbers.group(1)));
            if (last == null) {
                error(exchange, 400, "InvalidPart");
                return;
            }
            whole.writeBytes(last);
        }
        objects.put(key, whole.toByteArray());
        uploads.remove(query.get("uploadId"));
        xml(
                exchange,
                200,
                "<CompleteMultipartUploadResult><Key>" + key + "</Key><ETag>\"e\"</ETag>"
                        + "</CompleteMultipartUploadResult>");
    }

    private void get(HttpExchange exchange, String key, Map<String, String> query) throws IOException {
        if (query.containsKey("uploads")) {
            StringBuilder listed = new StringBuilder("<ListMultipartUploadsResult>");
            uploads.forEach((id, upload) -> {
                if (upload.key().startsWith(query.getOrDefault("prefix", ""))) {
                    listed.append("<Upload><Key>" + upload.key() + "</Key><UploadId>" + id + "</UploadId></Upload>");
                }
            });
            xml(exchange, 200, listed + "</ListMultipartUploadsResult>");
            return;
        }
        byte[] object = objects.get(key);
        if (object == null) {
            error(exchange, 404, "NoSuchKey");
            return;
        }
        String range = exchange.getRequestHeaders().getFirst("Range");
        if (range == null) {
            answer(exchange, 200, object);
            return;
        }
        Matcher from = RANGE.matcher(range);
        if (!from.matches() || Integer.parseInt(from.group(1)) >= object.length) {
            error(exchange, 416, "InvalidRange");
            return;
        }
        answer(exchange, 206, java.util.Arrays.copyOfRange(object, Integer.parseInt(from.group(1)), object.length));
    }

    private void delete(HttpExchange exchange, String key, Map<String, String> query) throws IOException {
        if (query.containsKey("uploadId")) {
            uploads.remove(query.get("uploadId"));
        } else {
            objects.remove(key);
        }
        answer(exchange, 204, new byte[0]);
    }

    private static void error(HttpExchange exchange, int status, String code) throws IOException {
        xml(
                exchange,
                status,
                "<Error><Code>" + code + "</Code><Message>" + code + "</Message>"
                        + "<RequestId>4442587FB7D0A2F9</RequestId></Error>");
    }

    private static void xml(HttpExchange exchange, int status, String xml) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/xml");
        answer(exchange, status, ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + xml).getBytes(StandardCharsets.UTF_8));
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    private static Map<String, String> query(String raw) {
        Map<String, String> query = new HashMap<>();
        for (String pair : raw == null ? new String[0] : raw.split("&")) {
            String[] sides = pair.split("=", 2);
            query.put(sides[0], sides.length == 2 ? java.net.URLDecoder.decode(sides[1], StandardCharsets.UTF_8) : "");
        }
        return query;
    }
}

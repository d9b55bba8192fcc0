package io.opsrelay.ingestion.intake;

import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;

/** Bodies that no ticket can come of, each with the answer it must get. */
enum BadBodies {
    NOTHING("", 400, "the body is missing or is not valid JSON in UTF-8"),
    NULL("null", 400, "the body is missing or is not valid JSON in UTF-8"),
    NO_JSON("subject=lamp", 400, "the body is missing or is not valid JSON in UTF-8"),
    HALF_JSON("{\"subject\":\"lamp\"", 400, "the body is missing or is not valid JSON in UTF-8"),
    TWO_VALUES(good("lamp") + "{}", 400, "the body is missing or is not valid JSON in UTF-8"),
    AN_ARRAY("[]", 400, "the body is missing or is not valid JSON in UTF-8"),
    BROKEN_UTF8(
            join("{\"subject\":\"", new byte[] {(byte) 0xc3, 0x28, (byte) 0xff}, "\"}"),
            400,
            "the body is missing or is not valid JSON in UTF-8"),
    UNKNOWN_FIELD(
            "{\"subject\":\"lamp\",\"client_id\":\"globex\"}", 400, "client_id", "is not a field of this request"),
    NUMBER_FOR_TEXT("{\"subject\":5}", 400, "subject", "does not have the form it must have"),
    HUGE_NUMBER(
            "{\"priority\":" + "9".repeat(2000) + "}",
            400,
            "the JSON is nested too deeply or a value in it is too long"),
    OBJECT_FOR_TEXT("{\"body\":{\"a\":1}}", 400, "body", "does not have the form it must have"),
    NUMBER_IN_METADATA("{\"metadata\":{\"shop\":7}}", 400, "metadata.shop", "does not have the form it must have"),
    DEEP("{\"subject\":" + "[".repeat(100_000), 400, "subject", "does not have the form it must have"),
    DEEP_METADATA(
            "{\"metadata\":{\"a\":" + "{\"a\":".repeat(10_000),
            400,
            "metadata.a",
            "does not have the form it must have"),
    NUL(good("la\\u0000mp"), 422, "body", "must not contain NUL characters or halves of surrogate pairs"),
    HALF_A_CHARACTER(good("\\ud83d"), 422, "body", "must not contain NUL characters or halves of surrogate pairs"),
    LONG_SUBJECT(good("b").replace("lamp", "l".repeat(501)), 422, "subject", "must have at most 500 characters"),
    LONG_BODY(good("b".repeat(100_001)), 422, "body", "must have at most 100000 characters"),
    UNKNOWN_CHANNEL(
            "{\"channel\":\"API\"," + good("b").substring(1),
            422,
            "channel",
            "must be one of api, email, chat, upstream, zendesk, alert"),
    UNKNOWN_PRIORITY(
            "{\"priority\":\"asap\"," + good("b").substring(1),
            422,
            "priority",
            "must be one of low, normal, high, urgent"),
    TOO_LARGE(good("b".repeat(1024 * 1024)), 413, "the body is larger than the 1048576 bytes allowed here"),
    TOO_LARGE_WITHOUT_LENGTH(
            good("b".repeat(1024 * 1024)), 413, "the body is larger than the 1048576 bytes allowed here") {
        @Override
        BodyPublisher body() {
            return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes));
        }
    },
    OTHER_TYPE(good("b"), 415, "Content-Type 'text/plain' is not supported.") {
        @Override
        String contentType() {
            return "text/plain";
        }
    };

    final byte[] bytes;
    private final int status;
    private final String problem;

    BadBodies(String body, int status, String detail) {
        this(body.getBytes(StandardCharsets.UTF_8), status, detail);
    }

    BadBodies(byte[] body, int status, String detail) {
        this.bytes = body;
        this.status = status;
        this.problem = "{\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\"}".formatted(title(status), status, detail);
    }

    BadBodies(String body, int status, String field, String reason) {
        this.bytes = body.getBytes(StandardCharsets.UTF_8);
        this.status = status;
        this.problem = """
                {"title":"%s","status":%d,"detail":"%s %s","errors":[{"field":"%s","reason":"%s"}]}""".formatted(title(status), status, field, reason, field, reason);
    }

    BodyPublisher body() {
        return BodyPublishers.ofByteArray(bytes);
    }

    String contentType() {
        return "application/json";
    }

    int status() {
        return status;
    }

    String problem() {
        return problem;
    }

    private static String good(String body) {
        return "{\"subject\":\"lamp\",\"customer_email\":\"a@b.co\",\"body\":\"" + body + "\"}";
    }

    private static String title(int status) {
        return switch (status) {
            case 400 -> "Bad Request";
            case 413 -> "Content Too Large";
            case 415 -> "Unsupported Media Type";
            case 422 -> "Unprocessable Content";
            default -> throw new IllegalArgumentException("" + status);
        };
    }

    private static byte[] join(String before, byte[] middle, String after) {
        byte[] start = before.getBytes(StandardCharsets.UTF_8);
        byte[] end = after.getBytes(StandardCharsets.UTF_8);
        byte[] all = new byte[start.length + middle.length + end.length];
        System.arraycopy(start, 0, all, 0, start.length);
        System.arraycopy(middle, 0, all, start.length, middle.length);
        System.arraycopy(end, 0, all, start.length + middle.length, end.length);
        return all;
    }
}

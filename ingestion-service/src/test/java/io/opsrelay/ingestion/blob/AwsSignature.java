package io.opsrelay.ingestion.blob;

import com.sun.net.httpserver.HttpExchange;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Checks requests' signatures as Amazon's documentation of Signature Version 4 says. */
record AwsSignature(String accessKey, String secretKey) {

    private static final Pattern HEADER = Pattern.compile("AWS4-HMAC-SHA256 Credential=([^/]+)/(\\d{8})/([^/]+)/s3/"
            + "aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})");

    /** The error's code; null if all is right. */
    String refusal(HttpExchange exchange, byte[] body) {
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        if (authorization == null) {
            return "AccessDenied";
        }
        Matcher parts = HEADER.matcher(authorization);
        if (!parts.matches()) {
            return "AuthorizationHeaderMalformed";
        }
        if (!parts.group(1).equals(accessKey)) {
            return "InvalidAccessKeyId";
        }
        String payload = exchange.getRequestHeaders().getFirst("x-amz-content-sha256");
        boolean unsigned = "UNSIGNED-PAYLOAD".equals(payload) && body.length == 0;
        if (!unsigned && !sha256(body).equals(payload)) {
            return "XAmzContentSHA256Mismatch";
        }
        String scope = parts.group(2) + "/" + parts.group(3) + "/s3/aws4_request";
        String toSign = String.join(
                "\n",
                "AWS4-HMAC-SHA256",
                exchange.getRequestHeaders().getFirst("x-amz-date"),
                scope,
                sha256(canonical(exchange, parts.group(4), payload).getBytes(StandardCharsets.UTF_8)));
        byte[] key = ("AWS4" + secretKey).getBytes(StandardCharsets.UTF_8);
        for (String step : scope.split("/")) {
            key = hmac(key, step);
        }
        return HexFormat.of().formatHex(hmac(key, toSign)).equals(parts.group(5)) ? null : "SignatureDoesNotMatch";
    }

    private static String canonical(HttpExchange exchange, String signed, String payload) {
        String query = exchange.getRequestURI().getRawQuery();
        String sorted = query == null
                ? ""
                : Arrays.stream(query.split("&"))
                        .map(pair -> pair.contains("=") ? pair : pair + "=")
                        .sorted()
                        .collect(Collectors.joining("&"));
        String headers = Arrays.stream(signed.split(";"))
                .map(name -> name + ":"
                        + String.join(",", exchange.getRequestHeaders().get(name))
                                .strip() + "\n")
                .collect(Collectors.joining());
        return String.join(
                "\n",
                exchange.getRequestMethod(),
                exchange.getRequestURI().getRawPath(),
                sorted,
                headers,
                signed,
                payload);
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}

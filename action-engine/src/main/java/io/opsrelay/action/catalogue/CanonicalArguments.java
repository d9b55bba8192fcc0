package io.opsrelay.action.catalogue;

import io.opsrelay.contracts.ContractJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import org.erdtman.jcs.JsonCanonicalizer;
import tools.jackson.core.type.TypeReference;

/**
 * Arguments in the one form in which they are hashed and executed: canonical JSON (RFC 8785).
 *
 * @param json the canonical JSON
 */
public record CanonicalArguments(String json) {

    private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

    /** The canonical form of {@code arguments}. */
    public static CanonicalArguments of(Map<String, Object> arguments) {
        try {
            return new CanonicalArguments(
                    new JsonCanonicalizer(ContractJson.mapper().writeValueAsString(arguments)).getEncodedString());
        } catch (IOException e) {
            throw new IllegalArgumentException("arguments that are no JSON object", e);
        }
    }

    /** SHA-256 of the UTF-8 bytes, in hex. */
    public String hash() {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(json.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** The arguments that the canonical form holds. */
    public Map<String, Object> arguments() {
        return ContractJson.mapper().readValue(json, MAP);
    }
}

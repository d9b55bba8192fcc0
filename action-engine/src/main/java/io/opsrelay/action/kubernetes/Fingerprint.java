package io.opsrelay.action.kubernetes;

import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.erdtman.jcs.JsonCanonicalizer;

/** Tells pod templates apart: 16 hex digits of SHA-256 over the canonical JSON. */
final class Fingerprint {

    private static final KubernetesSerialization JSON = new KubernetesSerialization();
    private static final int BYTES = 8;

    private Fingerprint() {}

    static String of(PodTemplateSpec template) {
        try {
            String canonical = new JsonCanonicalizer(JSON.asJson(template)).getEncodedString();
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(canonical.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, BYTES);
        } catch (IOException e) {
            throw new IllegalStateException("a pod template is no JSON", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}

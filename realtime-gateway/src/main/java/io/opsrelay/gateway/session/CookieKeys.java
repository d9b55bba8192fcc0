package io.opsrelay.gateway.session;

import com.nimbusds.jose.jwk.ECKey;
import io.opsrelay.security.seal.Keyring;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.text.ParseException;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The keys that seal cookies; the same at all gateways, so that any of them opens what another one sealed. */
final class CookieKeys {

    private static final Logger LOG = LoggerFactory.getLogger(CookieKeys.class);

    private static final String PROPERTY = "opsrelay.sign-in.session.cookie-keys";
    private static final String PURPOSE = "opsrelay refresh cookie, version 1";

    private CookieKeys() {}

    /**
     * Of the file, or derived from the issuer's private key, which only gateways have.
     *
     * @param issuerKey a JWK; absent where an OIDC issuer signs people in
     */
    static Keyring of(@Nullable Path file, @Nullable Path issuerKey) {
        if (file != null) {
            return Keyring.read(file, PROPERTY);
        }
        if (issuerKey != null) {
            return Keyring.of(List.of("issuer " + derived(issuerKey)), PROPERTY);
        }
        LOG.warn("{} is not set: who signs in stays signed in at this gateway only, until it is restarted", PROPERTY);
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        return Keyring.of(List.of("process " + Base64.getEncoder().encodeToString(key)), PROPERTY);
    }

    /** One block of HKDF's expansion (RFC 5869) of a key that is random as a whole. */
    private static String derived(Path issuerKey) {
        try {
            byte[] secret = ECKey.parse(Files.readString(issuerKey)).getD().decode();
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            mac.update(PURPOSE.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(mac.doFinal(new byte[] {1}));
        } catch (IOException | ParseException | GeneralSecurityException e) {
            throw new IllegalArgumentException("opsrelay.issuer.key: cannot read a private JWK from " + issuerKey, e);
        }
    }
}

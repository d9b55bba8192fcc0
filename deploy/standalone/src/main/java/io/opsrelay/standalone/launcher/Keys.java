package io.opsrelay.standalone.launcher;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;

/**
 * One ES256 key pair in two files: the private JWK, readable by its owner only, and the public JWK set.
 *
 * @param privateKey for the one process that signs
 * @param publicKeys for everybody who verifies
 */
record Keys(Path privateKey, Path publicKeys) {

    /** The pair of this name; made if it does not exist yet. */
    static Keys ensure(Path folder, String name) {
        Keys keys = new Keys(folder.resolve(name + ".jwk.json"), folder.resolve(name + ".jwks.json"));
        try {
            if (!Files.exists(keys.privateKey())) {
                ECKey pair = new ECKeyGenerator(Curve.P_256)
                        .keyUse(KeyUse.SIGNATURE)
                        .algorithm(JWSAlgorithm.ES256)
                        .keyIDFromThumbprint(true)
                        .generate();
                PrivateFile.write(keys.privateKey(), pair.toJSONString());
            }
            // Derived anew each time: the public half can never be another pair's.
            ECKey pair = ECKey.parse(Files.readString(keys.privateKey()));
            PrivateFile.write(keys.publicKeys(), new JWKSet(pair.toPublicJWK()).toString());
            return keys;
        } catch (JOSEException | ParseException e) {
            throw new IllegalStateException("cannot make or read the key pair " + keys.privateKey(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.opsrelay.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.File;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

@SpringJUnitConfig(OpsRelayTestTest.Nothing.class)
@OpsRelayTest(service = "sample")
@TestPropertySource(properties = "OPSRELAY_REDIS=redis://of.the.test:1")
class OpsRelayTestTest {

    private enum SomeRole {
        ADMIN,
        SRE
    }

    @Configuration
    static class Nothing {}

    @Autowired
    private Environment environment;

    @Autowired
    private TestDatabase database;

    @Autowired
    private TestKafka kafka;

    @Value("${OPSRELAY_POSTGRES}")
    private String url;

    @Test
    void theContextKnowsItsOwnDatabaseAndTopics() throws Exception {
        assertThat(url).isEqualTo(database.url());
        assertThat(environment.getProperty("opsrelay.topic-prefix")).isEqualTo(kafka.prefix());
        assertThat(environment.getProperty("OPSRELAY_KAFKA"))
                .isEqualTo(TestServices.get().kafka());
        assertThat(environment.getProperty("OPSRELAY_DB_APP_PASSWORD"))
                .isEqualTo(database.passwords().app());
        try (Connection connection = database.app().getConnection()) {
            assertThat(connection.getSchema()).isEqualTo("sample");
        }
    }

    @Test
    void whatATestStatesItselfWins() {
        assertThat(environment.getProperty("OPSRELAY_REDIS")).isEqualTo("redis://of.the.test:1");
    }

    @Test
    void tokensAreSignedByTheKeyThatTheContextIsTold() throws Exception {
        // given
        String file = environment.getRequiredProperty("OPSRELAY_ISSUER_JWKS");
        JWKSet keys = JWKSet.load(new File(file));

        // when
        SignedJWT token = SignedJWT.parse(TestTokens.token("acme", "admin@acme.example", SomeRole.ADMIN, SomeRole.SRE));

        // then
        ECKey key = keys.getKeyByKeyId(token.getHeader().getKeyID()).toECKey();
        assertThat(key.isPrivate()).isFalse();
        assertThat(token.verify(new ECDSAVerifier(key))).isTrue();
        assertThat(token.getHeader().getAlgorithm()).isEqualTo(JWSAlgorithm.ES256);
        assertThat(token.getHeader().getType()).isEqualTo(TestTokens.TYPE);
        assertThat(token.getJWTClaimsSet().getStringClaim("tenant")).isEqualTo("acme");
        assertThat(token.getJWTClaimsSet().getStringListClaim("roles")).isEqualTo(List.of("admin", "sre"));
        assertThat(TestTokens.bearer(null, "operator@opsrelay.example")).startsWith("Bearer ");
    }
}

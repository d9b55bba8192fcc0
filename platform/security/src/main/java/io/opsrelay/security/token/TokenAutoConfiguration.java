package io.opsrelay.security.token;

import java.time.Clock;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** The clock and the token verifier, for servlet services and the gateway alike. */
@AutoConfiguration
@EnableConfigurationProperties(TokenProperties.class)
class TokenAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    TokenVerifier tokenVerifier(TokenProperties properties, Clock clock) {
        return new TokenVerifier(properties, clock);
    }
}

package io.opsrelay.security.outbound;

import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** The guarded client, for services that have an HTTP client at all. */
@AutoConfiguration
@ConditionalOnClass(CloseableHttpClient.class)
class OutboundAutoConfiguration {

    @Bean
    GuardedHttp guardedHttp() {
        return new GuardedHttp();
    }
}

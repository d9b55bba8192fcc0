package io.opsrelay.action.stripewebhook;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;

/** The one path that is open without a token: what arrives there is signed. */
@Configuration(proxyBeanMethods = false)
class WebhookConfiguration {

    private static final String PATH = "/webhooks/stripe/{channel}";

    @Bean
    RouterFunction<ServerResponse> stripeWebhookRoute(StripeWebhooks webhooks) {
        return RouterFunctions.route().POST(PATH, webhooks::take).build();
    }

    /** Before the chain that asks for tokens. */
    @Bean
    @Order(1)
    SecurityFilterChain stripeWebhooksBySignature(HttpSecurity http) {
        return http.securityMatcher("/webhooks/stripe/*")
                .csrf(AbstractHttpConfigurer::disable) // no cookies are read here, so there is nothing to forge with
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                .build();
    }
}

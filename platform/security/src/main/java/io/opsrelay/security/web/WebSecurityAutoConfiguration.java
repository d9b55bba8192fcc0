package io.opsrelay.security.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opsrelay.security.token.InvalidTokenException;
import io.opsrelay.security.token.IssuerUnreachableException;
import io.opsrelay.security.token.TokenVerifier;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.AuthenticationCredentialsNotFoundException;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.InsufficientAuthenticationException;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.context.NullSecurityContextRepository;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/** The HTTP edge of a servlet service. */
@AutoConfiguration(
        beforeName = {
            "org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration",
            "org.springframework.boot.security.oauth2.server.resource.autoconfigure.web.OAuth2ResourceServerWebSecurityAutoConfiguration",
            "org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration"
        })
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@EnableConfigurationProperties(WebProperties.class)
@Import(ErrorAnswers.class)
class WebSecurityAutoConfiguration implements WebMvcConfigurer {

    /** Where senders without a token come in; only handlers that say how they check them answer there. */
    static final String WEBHOOKS = "/webhooks/";

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(new RoleInterceptor());
    }

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new Arguments());
    }

    @Bean
    FilterRegistrationBean<BodyLimitFilter> bodyLimitFilter(WebProperties properties, JsonMapper json) {
        FilterRegistrationBean<BodyLimitFilter> registration = new FilterRegistrationBean<>(
                new BodyLimitFilter(properties.maxBody(), properties.largerBodies(), json));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 10);
        return registration;
    }

    @Bean
    FilterRegistrationBean<AdmissionFilter> admissionFilter(
            WebProperties properties, ObjectProvider<MeterRegistry> meters, JsonMapper json) {
        Counter refused = Counter.builder("opsrelay.web.busy")
                .baseUnit("requests")
                .description("Requests that were answered 503 since too many others were under way")
                .register(meters.getIfAvailable(SimpleMeterRegistry::new));
        FilterRegistrationBean<AdmissionFilter> registration = new FilterRegistrationBean<>(new AdmissionFilter(
                properties.atOnce(),
                properties.longPaths(),
                properties.longAtOnce(),
                properties.patience(),
                refused,
                json));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 5);
        return registration;
    }

    @Bean
    SecurityFilterChain callersOnly(HttpSecurity http, TokenVerifier verifier, JsonMapper json) {
        AuthenticationEntryPoint entryPoint = (request, response, e) -> {
            if (e instanceof KeysUnreachable) {
                Problems.write(
                        response, json, HttpStatus.SERVICE_UNAVAILABLE, "tokens cannot be checked now; try again");
                return;
            }
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
            Problems.write(response, json, HttpStatus.UNAUTHORIZED, reasonOf(e));
        };
        AuthenticationManager manager = authentication -> {
            try {
                return new CallerAuthentication(
                        verifier.verify(((BearerTokenAuthenticationToken) authentication).getToken()));
            } catch (InvalidTokenException e) {
                throw new InvalidBearerTokenException(String.valueOf(e.getMessage()), e);
            } catch (IssuerUnreachableException e) {
                throw new KeysUnreachable(e);
            }
        };
        return http.csrf(AbstractHttpConfigurer::disable) // no cookies are read here, so there is nothing to forge with
                // No filter that has nothing to do here: each costs every request its time.
                .sessionManagement(AbstractHttpConfigurer::disable)
                .securityContext(context -> context.securityContextRepository(new NullSecurityContextRepository()))
                .servletApi(AbstractHttpConfigurer::disable)
                .anonymous(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .authorizeHttpRequests(requests -> requests.requestMatchers(
                                "/actuator/health/**", "/actuator/prometheus", "/v3/api-docs", WEBHOOKS + "**")
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                .oauth2ResourceServer(server ->
                        server.authenticationManagerResolver(request -> manager).authenticationEntryPoint(entryPoint))
                .exceptionHandling(handling -> handling.authenticationEntryPoint(entryPoint)
                        .accessDeniedHandler((request, response, e) ->
                                Problems.write(response, json, HttpStatus.FORBIDDEN, "this is not for you")))
                .build();
    }

    /** A span round every filter told nobody anything, and cost more than the filters. */
    @Bean
    SecurityObservationSettings filtersUnobserved() {
        return SecurityObservationSettings.noObservations();
    }

    private static String reasonOf(AuthenticationException e) {
        return e instanceof InsufficientAuthenticationException
                        || e instanceof AuthenticationCredentialsNotFoundException
                ? "send an access token: Authorization: Bearer <token> (POST /api/v1/auth/token gives one)"
                : "the access token was refused: " + e.getMessage();
    }

    /** Public JSON: snake_case, lower-case enums, unknown fields refused, depth bounded. */
    @Bean
    JsonMapperBuilderCustomizer publicJson() {
        return builder -> builder.propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
                .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                // A number or a boolean where a text belongs is a mistake of the sender's, not a text.
                .withCoercionConfig(
                        LogicalType.Textual, texts -> texts.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
                .changeDefaultPropertyInclusion(
                        inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL));
    }

    private static final class KeysUnreachable extends AuthenticationException {
        KeysUnreachable(Throwable cause) {
            super("keys unreachable", cause);
        }
    }
}

package io.opsrelay.security.docs;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.json.JsonMapper;

/** {@code GET /v3/api-docs}: made when somebody asks, so that it costs no time at the start. */
@AutoConfiguration
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
class DocsAutoConfiguration {

    @Bean
    RouterFunction<ServerResponse> apiDocs(
            @Qualifier("requestMappingHandlerMapping") ObjectProvider<RequestMappingHandlerMapping> handlers,
            JsonMapper json,
            @Value("${spring.application.name:service}") String service) {
        return RouterFunctions.route()
                .GET("/v3/api-docs", request -> ServerResponse.ok()
                        .contentType(MediaType.APPLICATION_JSON)
                        .body(new ApiDescription(service, json)
                                .of(handlers.getObject().getHandlerMethods())))
                .build();
    }
}

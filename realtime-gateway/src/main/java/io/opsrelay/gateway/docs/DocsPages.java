package io.opsrelay.gateway.docs;

import io.opsrelay.gateway.edge.Refusal;
import io.opsrelay.gateway.route.Services;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.MediaTypeFactory;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /api/openapi.json}, and the two pages that show it: Swagger UI at {@code /api/docs}, Redoc at {@code
 * /api/redoc}. All of their files come from here. Anybody may read them: they tell what can be asked, and no data.
 */
@Configuration(proxyBeanMethods = false)
class DocsPages {

    /** Both pages style themselves from their scripts, and Redoc searches in a worker that it makes itself. */
    private static final String CONTENT_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
                    + " font-src 'self' data:; connect-src 'self'; worker-src blob:; base-uri 'none';"
                    + " form-action 'none'; frame-ancestors 'none'";

    private static final List<String> SWAGGER_FILES =
            List.of("swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png");

    @Bean
    RouterFunction<ServerResponse> apiDocumentation(ServiceDocs services, Services routes) {
        ObjectNode own = ownDocument();
        return RouterFunctions.route()
                .GET("/api/openapi.json", request -> services.all().flatMap(known -> ServerResponse.ok()
                        .contentType(MediaType.APPLICATION_JSON)
                        .cacheControl(CacheControl.noCache())
                        .bodyValue(JsonMapper.shared().writeValueAsBytes(OpenApi.united(own, known, routes)))))
                .GET("/api/docs", request -> page("docs/swagger.html"))
                .GET("/api/docs/start.js", request -> file(new ClassPathResource("docs/swagger.js"), request))
                .GET("/api/docs/{file}", DocsPages::swaggerFile)
                .GET("/api/redoc", request -> page("docs/redoc.html"))
                .GET(
                        "/api/redoc/redoc.standalone.js",
                        request -> file(new ClassPathResource("docs/redoc.standalone.js"), request))
                .build();
    }

    private static Mono<ServerResponse> page(String name) {
        return ServerResponse.ok()
                .contentType(MediaType.TEXT_HTML)
                .cacheControl(CacheControl.noCache())
                // The one that every answer gets otherwise is not set where there is one.
                .header("Content-Security-Policy", CONTENT_POLICY)
                .bodyValue(new ClassPathResource(name));
    }

    private static Mono<ServerResponse> swaggerFile(ServerRequest request) {
        String name = request.pathVariable("file");
        return SWAGGER_FILES.contains(name)
                ? file(
                        new ClassPathResource("META-INF/resources/webjars/swagger-ui/" + swaggerVersion() + "/" + name),
                        request)
                : nothing(request);
    }

    private static Mono<ServerResponse> file(Resource file, ServerRequest request) {
        return file.exists()
                ? ServerResponse.ok()
                        .contentType(MediaTypeFactory.getMediaType(file).orElse(MediaType.APPLICATION_OCTET_STREAM))
                        .cacheControl(CacheControl.maxAge(Duration.ofHours(1)).cachePublic())
                        .bodyValue(file)
                : nothing(request);
    }

    private static Mono<ServerResponse> nothing(ServerRequest request) {
        return Mono.error(Refusal.of(HttpStatus.NOT_FOUND, "there is nothing at " + request.path()));
    }

    /** Which its folder is named by. */
    private static String swaggerVersion() {
        try (InputStream in =
                new ClassPathResource("META-INF/maven/org.webjars/swagger-ui/pom.properties").getInputStream()) {
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version", "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ObjectNode ownDocument() {
        try (InputStream in = new ClassPathResource("docs/gateway.json").getInputStream()) {
            return (ObjectNode) JsonMapper.shared().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

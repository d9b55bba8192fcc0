package io.opsrelay.gateway.web;

import io.opsrelay.gateway.edge.DashboardProperties;
import io.opsrelay.gateway.edge.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.MediaTypeFactory;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * The page itself for every address that the page's own router knows, which is any that is not somebody else's; the
 * build's files, whose names hold a hash of their content, for ever.
 */
@Configuration(proxyBeanMethods = false)
class Dashboard {

    private static final String FILES = "static";

    /** Read by the page before all else. */
    private static final String SETTINGS = "/config.json";

    /** Never the page: a wrong address there must say so. */
    private static final List<String> NOT_PAGES = List.of(
            "/api/", "/assets/", "/actuator/", "/webhooks/", "/.well-known/", "/socket.io/", "/ws/", "/health/");

    @Bean
    RouterFunction<ServerResponse> dashboardFiles(DashboardProperties properties) {
        Settings settings = Settings.of(properties);
        return RouterFunctions.route()
                .route(Dashboard::isSettings, request -> answer(settings))
                .route(Dashboard::isAsset, Dashboard::asset)
                .route(Dashboard::isPage, request -> page())
                .build();
    }

    private static boolean isSettings(ServerRequest request) {
        return isRead(request) && request.path().equals(SETTINGS);
    }

    private static Mono<ServerResponse> answer(Settings settings) {
        return ServerResponse.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .cacheControl(CacheControl.noCache())
                .bodyValue(settings);
    }

    private static boolean isAsset(ServerRequest request) {
        return isRead(request) && request.path().startsWith("/assets/");
    }

    private static Mono<ServerResponse> asset(ServerRequest request) {
        String path = request.path();
        Resource file = new ClassPathResource(FILES + path);
        if (path.contains("..") || path.contains("%") || path.endsWith("/") || !file.exists()) {
            return Mono.error(Refusal.of(HttpStatus.NOT_FOUND, "there is nothing at " + path));
        }
        MediaType type = MediaTypeFactory.getMediaType(path).orElse(MediaType.APPLICATION_OCTET_STREAM);
        ServerResponse.BodyBuilder answer = ServerResponse.ok()
                .contentType(type)
                .cacheControl(
                        CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable());
        Precompressed smaller = Precompressed.of(file, request);
        if (smaller == null) {
            return answer.bodyValue(file);
        }
        answer.varyBy(HttpHeaders.ACCEPT_ENCODING);
        return smaller.encoding() == null
                ? answer.bodyValue(file)
                : answer.header(HttpHeaders.CONTENT_ENCODING, smaller.encoding())
                        .bodyValue(smaller.file());
    }

    private static boolean isPage(ServerRequest request) {
        String path = request.path();
        String lastSegment = path.substring(path.lastIndexOf('/') + 1);
        return isRead(request)
                && !lastSegment.contains(".")
                && NOT_PAGES.stream().noneMatch((path + "/")::startsWith)
                && acceptsHtml(request);
    }

    private static boolean acceptsHtml(ServerRequest request) {
        List<MediaType> accepted = request.headers().accept();
        return accepted.isEmpty() || accepted.stream().anyMatch(type -> type.includes(MediaType.TEXT_HTML));
    }

    private static Mono<ServerResponse> page() {
        Resource page = new ClassPathResource(FILES + "/index.html");
        if (!page.exists()) {
            return Mono.error(Refusal.of(HttpStatus.NOT_FOUND, "this gateway was built without the dashboard"));
        }
        return ServerResponse.ok()
                .contentType(MediaType.TEXT_HTML)
                .cacheControl(CacheControl.noCache())
                .eTag(tagOf(page)) // who has it already is answered 304
                .bodyValue(page);
    }

    private static String tagOf(Resource file) {
        try {
            byte[] content = file.getContentAsByteArray();
            return '"'
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(content), 0, 16)
                    + '"';
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static boolean isRead(ServerRequest request) {
        return HttpMethod.GET.equals(request.method()) || HttpMethod.HEAD.equals(request.method());
    }

    /**
     * What the page is told.
     *
     * @param apiUrl absent: where the page came from
     * @param streamUrl absent: {@code /api/v1/stream} where the page came from
     */
    record Settings(@Nullable String apiUrl, @Nullable String streamUrl, double refreshSeconds, boolean autoRefresh) {

        static Settings of(DashboardProperties properties) {
            return new Settings(
                    properties.apiUrl().isEmpty() ? null : properties.apiUrl(),
                    properties.streamUrl().isEmpty() ? null : properties.streamUrl(),
                    properties.refreshInterval().toMillis() / 1000.0,
                    properties.autoRefresh());
        }
    }
}

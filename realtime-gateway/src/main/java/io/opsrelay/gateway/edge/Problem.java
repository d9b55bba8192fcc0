package io.opsrelay.gateway.edge;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/**
 * One answer of RFC 9457.
 *
 * @param title the status in words
 * @param detail what was wrong and what to do; holds nothing of our insides
 * @param field the field at fault
 * @param service the service that could not answer
 * @param retryAfter sent as {@code Retry-After}, in whole seconds
 */
record Problem(
        HttpStatusCode status,
        String title,
        String detail,
        @Nullable String field,
        @Nullable String service,
        @Nullable Duration retryAfter) {

    static Problem of(org.springframework.http.HttpStatus status, String detail) {
        return new Problem(status, status.getReasonPhrase(), detail, null, null, null);
    }

    Mono<Void> write(ServerWebExchange exchange, JsonMapper json) {
        ServerHttpResponse response = exchange.getResponse();
        if (!response.setStatusCode(status)) {
            return Mono.empty(); // already on its way
        }
        HttpHeaders headers = response.getHeaders();
        headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        headers.remove(HttpHeaders.CONTENT_LENGTH);
        headers.setCacheControl("no-store");
        if (retryAfter != null) {
            headers.set(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, retryAfter.toSeconds())));
        }
        DataBuffer body = response.bufferFactory().wrap(json.writeValueAsBytes(members(exchange)));
        return response.writeWith(Mono.just(body));
    }

    private Map<String, Object> members(ServerWebExchange exchange) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("title", title);
        members.put("status", status.value());
        members.put("detail", field == null ? detail : field + " " + detail);
        if (field != null) {
            members.put("errors", List.of(Map.of("field", field, "reason", detail)));
        }
        if (service != null) {
            members.put("service", service);
        }
        String requestId = InboundHeaders.requestId(exchange);
        if (requestId != null) {
            members.put("request_id", requestId);
        }
        return members;
    }
}

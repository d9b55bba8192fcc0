package io.opsrelay.agent.order;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One client's order system over HTTP, whose answers are bounded in time and size. */
final class HttpOrders implements OrderSystem {

    private static final long MAX_ANSWER = 1 << 20;
    private static final int NOT_FOUND = 404;
    private static final JsonMapper JSON = JsonMapper.shared();

    private final OrderProperties.Server system;
    private final HttpClient http;

    HttpOrders(OrderProperties.Server system, HttpClient http) {
        this.system = system;
        this.http = http;
    }

    @Override
    public Optional<Order> find(String clientId, String orderId) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(system.url()
                        .replace(
                                "{order_id}",
                                URLEncoder.encode(orderId, StandardCharsets.UTF_8)
                                        .replace("+", "%20"))))
                .header("Accept", "application/json");
        if (system.authorization() != null) {
            request.header("Authorization", system.authorization());
        }
        HttpResponse<byte[]> answer = send(request.build());
        if (answer.statusCode() == NOT_FOUND) {
            return Optional.empty();
        }
        if (answer.statusCode() != 200) {
            throw new OrdersUnavailableException("the order system answered " + answer.statusCode());
        }
        try {
            return Optional.of(read(JSON.readTree(answer.body())));
        } catch (JacksonException | IllegalArgumentException | DateTimeException e) {
            throw new OrdersUnavailableException(
                    "the order system's answer is not as it was configured: " + e.getMessage(), e);
        }
    }

    private HttpResponse<byte[]> send(HttpRequest request) {
        CompletableFuture<HttpResponse<byte[]>> exchange =
                http.sendAsync(request, BodyHandlers.limiting(info -> BodySubscribers.ofByteArray(), MAX_ANSWER));
        try {
            return exchange.get(system.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            exchange.cancel(true);
            throw new OrdersUnavailableException(
                    "the order system did not answer within " + system.timeout().toMillis() + " ms", e);
        } catch (InterruptedException e) {
            exchange.cancel(true);
            Thread.currentThread().interrupt();
            throw new OrdersUnavailableException("interrupted", e);
        } catch (ExecutionException e) {
            throw new OrdersUnavailableException(
                    e.getCause() instanceof IOException lost
                            ? "the order system cannot be reached: " + lost
                            : String.valueOf(e.getCause()),
                    e);
        }
    }

    private Order read(JsonNode body) {
        String total = text(body, "total");
        return new Order(
                String.valueOf(text(body, "order_id")),
                String.valueOf(text(body, "customer_email")),
                String.valueOf(text(body, "status")),
                total == null ? null : new BigDecimal(total),
                text(body, "currency"),
                text(body, "items"),
                text(body, "tracking"),
                time(body, "placed_at"),
                time(body, "expected_at"));
    }

    private @Nullable String text(JsonNode body, String field) {
        JsonNode value = body.at(system.pointer(field));
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        return value.isValueNode() ? value.asString() : value.toString();
    }

    private @Nullable Instant time(JsonNode body, String field) {
        String value = text(body, field);
        return value == null ? null : OffsetDateTime.parse(value).toInstant();
    }
}

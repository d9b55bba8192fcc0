package io.opsrelay.agent.order;

import io.opsrelay.security.outbound.Exchange;
import io.opsrelay.security.outbound.GuardedHttp;
import io.opsrelay.security.outbound.OutboundException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One client's order system over HTTP, whose answers are bounded in time and size. */
final class HttpOrders implements OrderSystem {

    private static final int MAX_ANSWER = 1 << 20;
    private static final int NOT_FOUND = 404;
    private static final JsonMapper JSON = JsonMapper.shared();

    private static final int LONGEST_ID = 64;

    /** It becomes part of an address, and a model may have chosen it: no segment of it may lead elsewhere. */
    private static final Pattern ID =
            Pattern.compile("#?[\\p{L}\\p{N}_][\\p{L}\\p{N} _#-]*(?:[./][\\p{L}\\p{N}_#-][\\p{L}\\p{N} _#-]*)*");

    private final OrderProperties.Server system;
    private final GuardedHttp http;

    HttpOrders(OrderProperties.Server system, GuardedHttp http) {
        this.system = system;
        this.http = http;
    }

    @Override
    public Optional<Order> find(String clientId, String orderId) {
        if (orderId.length() > LONGEST_ID || !ID.matcher(orderId).matches()) {
            return Optional.empty();
        }
        URI uri = URI.create(system.url()
                .replace(
                        "{order_id}",
                        URLEncoder.encode(orderId, StandardCharsets.UTF_8).replace("+", "%20")));
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Accept", "application/json");
        if (system.authorization() != null) {
            headers.put("Authorization", system.authorization());
        }
        try {
            return http.send(
                    new Exchange("GET", uri, headers, new byte[0], system.timeout(), MAX_ANSWER, system.allowPrivate()),
                    this::answer);
        } catch (OutboundException e) {
            throw new OrdersUnavailableException("the order system " + e.reason(), e);
        }
    }

    private Optional<Order> answer(Exchange.Head head, InputStream body) throws IOException {
        if (head.status() == NOT_FOUND) {
            return Optional.empty();
        }
        if (head.status() != 200) {
            throw new OrdersUnavailableException("the order system answered " + head.status());
        }
        byte[] bytes = body.readAllBytes();
        try {
            return Optional.of(read(JSON.readTree(bytes)));
        } catch (JacksonException | IllegalArgumentException | DateTimeException e) {
            throw new OrdersUnavailableException(
                    "the order system's answer is not as it was configured: " + e.getMessage(), e);
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

package io.opsrelay.agent.order;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import tools.jackson.core.JsonPointer;

/**
 * Clients whose orders are asked of a system of their own; those of others are the ones that they load.
 *
 * @param systems by client
 */
@ConfigurationProperties("opsrelay.orders")
record OrderProperties(@DefaultValue Map<String, Server> systems) {

    OrderProperties {
        systems = Map.copyOf(systems);
    }

    /**
     * An order system that answers JSON over HTTP.
     *
     * @param url of one order; {@code {order_id}} stands for its id. 404 means that there is none
     * @param authorization value of the Authorization header, if it wants one
     * @param timeout for the whole answer
     * @param mapping JSON pointer of each field of ours in its answer, e.g. {@code status: /order/state}
     */
    record Server(
            String url,
            @Nullable String authorization,
            @DefaultValue("3s") Duration timeout,
            @DefaultValue Map<String, String> mapping) {

        Server {
            if (url == null || !url.contains("{order_id}")) {
                throw new IllegalArgumentException("opsrelay.orders.systems.<client>.url must contain {order_id}");
            }
            mapping = Map.copyOf(mapping);
            mapping.values().forEach(JsonPointer::compile);
        }

        JsonPointer pointer(String field) {
            return JsonPointer.compile(mapping.getOrDefault(field, "/" + field));
        }

        /** A key does not belong into a log. */
        @Override
        public String toString() {
            return url;
        }
    }
}

package io.opsrelay.agent.order;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import tools.jackson.core.JsonPointer;

/**
 * Clients whose orders are asked of a system of their own; those of others are the ones that they load.
 *
 * @param systems by client
 * @param demoClients clients that get the demo's orders at start, if they have none of them; none unless set
 */
@ConfigurationProperties("opsrelay.orders")
record OrderProperties(
        @DefaultValue Map<String, Server> systems,
        @DefaultValue List<String> demoClients) {

    OrderProperties {
        systems = Map.copyOf(systems);
        demoClients = List.copyOf(demoClients);
    }

    /**
     * An order system that answers JSON over HTTP.
     *
     * @param url of one order; {@code {order_id}} stands for its id. 404 means that there is none
     * @param authorization value of the Authorization header, if it wants one
     * @param timeout for the whole answer
     * @param allowPrivate whether it may lie in our own network
     * @param allowHttp whether it may be asked without TLS
     * @param mapping JSON pointer of each field of ours in its answer, e.g. {@code status: /order/state}
     */
    record Server(
            String url,
            @Nullable String authorization,
            @DefaultValue("3s") Duration timeout,
            @DefaultValue("false") boolean allowPrivate,
            @DefaultValue("false") boolean allowHttp,
            @DefaultValue Map<String, String> mapping) {

        private static final String PROPERTY = "opsrelay.orders.systems.<client>.";
        private static final String PLACEHOLDER = "{order_id}";

        Server {
            if (url == null || !url.contains(PLACEHOLDER)) {
                throw new IllegalArgumentException(PROPERTY + "url must contain " + PLACEHOLDER);
            }
            URI plain = URI.create(url.replace(PLACEHOLDER, "x"));
            boolean http = "http".equals(plain.getScheme());
            int path = url.indexOf('/', url.indexOf("://") + 3);
            if ((!http && !"https".equals(plain.getScheme()))
                    || plain.getHost() == null
                    || path < 0
                    || url.indexOf(PLACEHOLDER) < path) {
                throw new IllegalArgumentException(
                        PROPERTY + "url must be an address of https, with " + PLACEHOLDER + " behind its host");
            }
            if (http && !allowHttp) {
                throw new IllegalArgumentException(
                        PROPERTY + "url is not https; allow-http allows that, for systems in a network of your own");
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

package io.opsrelay.gateway.edge;

import java.net.URI;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;

/** Which pages may talk to the gateway from a browser. */
@Component
public final class Origins {

    private final Set<String> allowed;

    Origins(EdgeProperties properties) {
        this.allowed = Set.copyOf(properties.allowedOrigins());
    }

    /** Whether the request comes from no browser page, from a page of this gateway, or from one on the allow-list. */
    public boolean allow(HttpHeaders headers) {
        String origin = headers.getOrigin();
        return origin == null || allowed.contains(origin) || isOwn(origin, headers);
    }

    /** Whether a browser needs CORS answers for this request: it names an origin that is not the gateway's own. */
    boolean isForeign(HttpHeaders headers) {
        String origin = headers.getOrigin();
        return origin != null && !isOwn(origin, headers);
    }

    Set<String> allowed() {
        return allowed;
    }

    /** Scheme aside, which a TLS terminator in front changes: a browser cannot forge Host or Origin. */
    private static boolean isOwn(String origin, HttpHeaders headers) {
        String host = headers.getFirst(HttpHeaders.HOST);
        try {
            return host != null && host.equalsIgnoreCase(URI.create(origin).getAuthority());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}

package io.opsrelay.ingestion.mailout.provider;

import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * An SMTP server and how it is spoken to.
 *
 * @param username empty if it wants no authentication
 * @param trust whose certificates are believed; null for public authorities. Only with {@code allowPrivate}: by TLS from
 *     the first byte such a connection is not judged by its address
 * @param timeout to connect, and for each answer
 * @param allowPrivate whether it may stand in our own network
 */
public record SmtpServer(
        String host,
        int port,
        Security security,
        String username,
        String password,
        @Nullable SSLContext trust,
        Duration timeout,
        boolean allowPrivate) {

    public SmtpServer {
        if (trust != null && !allowPrivate) {
            throw new IllegalArgumentException("a server with certificates of our own is one of ours");
        }
    }

    /** How the connection is protected. */
    public enum Security {
        /** It begins in the clear and must go on by TLS. */
        STARTTLS,
        /** TLS from the first byte. */
        TLS,
        /** Not at all. */
        NONE
    }

    /** The password belongs into no log. */
    @Override
    public String toString() {
        return "SmtpServer[" + host + ":" + port + ", " + security + "]";
    }
}

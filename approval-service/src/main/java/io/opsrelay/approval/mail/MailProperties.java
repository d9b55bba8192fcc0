package io.opsrelay.approval.mail;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How e-mail is sent.
 *
 * @param host an SMTP server; empty if there is no e-mail
 * @param username empty if the server wants no authentication
 * @param sslBundle name of an SSL bundle that knows the server's certificate; empty for public authorities
 * @param from whose mails they are
 * @param dashboard where people find the dashboard
 * @param timeout to connect, and for each answer of the server
 * @param gather how long notices are gathered before the first mail
 * @param interval how far apart a recipient's mails are
 * @param pauses before the second attempt, the third, and so on; after the last of them a mail is given up
 * @param concurrency most mails that this instance has under way
 * @param retention how long is kept what was sent
 */
@ConfigurationProperties("opsrelay.mail")
record MailProperties(
        @DefaultValue("") String host,
        @DefaultValue("587") int port,
        @DefaultValue("starttls") Security security,
        @DefaultValue("") String username,
        @DefaultValue("") String password,
        @DefaultValue("") String sslBundle,
        @DefaultValue("") String from,
        @DefaultValue("http://127.0.0.1:8080") URI dashboard,
        @DefaultValue("10s") Duration timeout,
        @DefaultValue("2s") Duration gather,
        @DefaultValue("1m") Duration interval,

        @DefaultValue({"5s", "1m", "5m", "15m", "15m", "15m", "15m", "15m", "15m", "15m", "15m", "15m"})
        List<Duration> pauses,

        @DefaultValue("8") int concurrency,
        @DefaultValue("30d") Duration retention) {

    static final Duration PRUNE_EVERY = Duration.ofHours(6);

    private static final String PREFIX = "opsrelay.mail.";
    private static final int MAX_PORT = 0xffff;

    /** How the connection is protected. */
    enum Security {
        /** It begins in the clear and must go on by TLS. */
        STARTTLS,
        /** TLS from the first byte. */
        TLS,
        /** Not at all. */
        NONE
    }

    MailProperties {
        pauses = List.copyOf(pauses);
        require(port >= 1 && port <= MAX_PORT, "port", "must be from 1 to " + MAX_PORT);
        require(username.isEmpty() == password.isEmpty(), "password", "must be set with username, and only then");
        require(
                host.isBlank() || Recipient.isAddress(from),
                "from",
                "(OPSRELAY_MAIL_FROM) must be an e-mail address where host is set");
        String scheme = String.valueOf(dashboard.getScheme());
        require(
                (scheme.equals("https") || scheme.equals("http")) && dashboard.getHost() != null,
                "dashboard",
                "(OPSRELAY_DASHBOARD_URL) must be an address that begins with https:// or http://");
        require(timeout.isPositive(), "timeout", "must be positive");
        require(!gather.isNegative(), "gather", "must not be negative");
        require(!interval.isNegative(), "interval", "must not be negative");
        require(pauses.stream().allMatch(Duration::isPositive), "pauses", "must be positive");
        require(concurrency >= 1, "concurrency", "must be at least 1");
        require(retention.isPositive(), "retention", "must be positive");
    }

    /** The password belongs into no log. */
    @Override
    public String toString() {
        return "MailProperties[" + host + ":" + port + ", " + security + "]";
    }

    /** Whether there is e-mail at all. */
    boolean isOn() {
        return !host.isBlank();
    }

    /** An address in the dashboard. */
    String link(String path) {
        String base = dashboard.toString();
        return (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path;
    }

    private static void require(boolean right, String name, String reason) {
        if (!right) {
            throw new IllegalArgumentException(PREFIX + name + " " + reason);
        }
    }
}

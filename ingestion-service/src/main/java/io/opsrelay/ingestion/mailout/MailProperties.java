package io.opsrelay.ingestion.mailout;

import io.opsrelay.ingestion.mailout.provider.OutgoingMail;
import io.opsrelay.ingestion.mailout.provider.SmtpServer.Security;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How mails to customers are sent. A client with a channel of its own (kind {@code smtp}) uses that; what stands here is
 * for all others.
 *
 * @param provider smtp, sendgrid, mailgun or postmark
 * @param host an SMTP server; empty if there is none
 * @param username empty if the server wants no authentication
 * @param sslBundle name of an SSL bundle that knows the server's certificate; empty for public authorities
 * @param apiKey of the provider; empty if there is none
 * @param domain the sending domain at Mailgun
 * @param region {@code eu} for the providers' European servers, else empty
 * @param stream the message stream at Postmark
 * @param from whose mails they are; where customers' answers come in
 * @param fromName the name beside it
 * @param replyByEmail channels of tickets, beside {@code email}, whose customers are answered by e-mail
 * @param addressKeys file of keys that sign the addresses answers come to, a line each as {@code id base64}: the first one
 *     signs, all verify; without it such addresses are not used
 * @param allowPrivate whether servers that clients name may stand in our own network
 * @param endpoints the providers' addresses by name, where they are not the public ones
 * @param timeout to connect to a server, and for each of its answers
 * @param pauses before the second attempt, the third, and so on; after the last of them a mail is given up
 * @param jitter by what share a pause may be longer
 * @param concurrency most mails that this instance has under way
 */
@ConfigurationProperties("opsrelay.mail")
record MailProperties(
        @DefaultValue("smtp") String provider,
        @DefaultValue("") String host,
        @DefaultValue("587") int port,
        @DefaultValue("starttls") Security security,
        @DefaultValue("") String username,
        @DefaultValue("") String password,
        @DefaultValue("") String sslBundle,
        @DefaultValue("") String apiKey,
        @DefaultValue("") String domain,
        @DefaultValue("") String region,
        @DefaultValue("outbound") String stream,
        @DefaultValue("") String from,
        @DefaultValue("") String fromName,
        @DefaultValue List<String> replyByEmail,
        @Nullable Path addressKeys,
        @DefaultValue("false") boolean allowPrivate,
        @DefaultValue Map<String, URI> endpoints,
        @DefaultValue("60s") Duration timeout,

        @DefaultValue({"5s", "30s", "2m", "10m", "30m", "1h", "2h", "4h", "8h", "8h"})
        List<Duration> pauses,

        @DefaultValue("0.2") double jitter,
        @DefaultValue("32") int concurrency) {

    private static final String PREFIX = "opsrelay.mail.";
    private static final int MAX_PORT = 0xffff;

    MailProperties {
        replyByEmail = List.copyOf(replyByEmail);
        endpoints = Map.copyOf(endpoints);
        pauses = List.copyOf(pauses);
        require(Senders.PROVIDERS.contains(provider), "provider", "must be one of " + Senders.PROVIDERS);
        require(port >= 1 && port <= MAX_PORT, "port", "must be from 1 to " + MAX_PORT);
        require(username.isEmpty() == password.isEmpty(), "password", "must be set with username, and only then");
        require(
                (host.isBlank() && apiKey.isBlank()) || OutgoingMail.isAddress(from),
                "from",
                "(OPSRELAY_MAIL_FROM) must be an e-mail address where mails are sent");
        require(timeout.isPositive(), "timeout", "must be positive");
        require(pauses.stream().allMatch(Duration::isPositive), "pauses", "must be positive");
        require(jitter >= 0 && jitter <= 1, "jitter", "must be from 0 to 1");
        require(concurrency >= 1, "concurrency", "must be at least 1");
    }

    /** Password and key belong into no log. */
    @Override
    public String toString() {
        return "MailProperties[" + provider + ", " + host + ":" + port + ", " + from + "]";
    }

    private static void require(boolean right, String name, String reason) {
        if (!right) {
            throw new IllegalArgumentException(PREFIX + name + " " + reason);
        }
    }
}

package io.opsrelay.ingestion.mailout;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.opsrelay.ingestion.channel.Channel;
import io.opsrelay.ingestion.channel.Channels;
import io.opsrelay.ingestion.mailout.provider.MailSender;
import io.opsrelay.ingestion.mailout.provider.MailgunSender;
import io.opsrelay.ingestion.mailout.provider.OutgoingMail;
import io.opsrelay.ingestion.mailout.provider.Post;
import io.opsrelay.ingestion.mailout.provider.PostmarkSender;
import io.opsrelay.ingestion.mailout.provider.SendGridSender;
import io.opsrelay.ingestion.mailout.provider.SmtpSender;
import io.opsrelay.ingestion.mailout.provider.SmtpServer;
import io.opsrelay.ingestion.mailout.provider.SmtpServer.Security;
import io.opsrelay.security.outbound.GuardedHttp;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.stereotype.Component;

/** Chooses by whom a client's mails leave: its own channel, else what is configured for all. */
@Component
class Senders {

    static final List<String> PROVIDERS = List.of("smtp", "sendgrid", "mailgun", "postmark");

    /** Of channels, that of what sends mails. */
    static final String KIND = "smtp";

    private static final Map<String, URI> PUBLIC = Map.of(
            "sendgrid", URI.create("https://api.sendgrid.com"),
            "sendgrid-eu", URI.create("https://api.eu.sendgrid.com"),
            "mailgun", URI.create("https://api.mailgun.net"),
            "mailgun-eu", URI.create("https://api.eu.mailgun.net"),
            "postmark", URI.create("https://api.postmarkapp.com"));

    private static final int SUBMISSION = 587;
    private static final int MAX_PORT = 0xffff;
    private static final Duration REMEMBERED = Duration.ofSeconds(10);
    private static final int MOST_REMEMBERED = 10_000;

    private final Channels channels;
    private final MailProperties properties;
    /** To servers that clients choose among; they are public, or configured with the service. */
    private final Post post;

    private final Optional<Outlet> common;
    /** Asked for each reply on tickets of other channels too, most of which are not mailed. */
    private final Cache<String, Set<String>> mailedChannels = Caffeine.newBuilder()
            .maximumSize(MOST_REMEMBERED)
            .expireAfterWrite(REMEMBERED)
            .build();

    Senders(Channels channels, MailProperties properties, GuardedHttp http, SslBundles bundles, Clock clock) {
        this.channels = channels;
        this.properties = properties;
        this.post = new Post(http, properties.timeout(), properties.allowPrivate(), clock);
        this.common = common(properties, bundles);
    }

    /**
     * By whom that client's mails leave now; joins a running transaction of the client.
     *
     * @throws UnusableChannelException if the client's channel cannot be used as it is set
     */
    Optional<Outlet> of(String clientId) {
        Optional<Channel> own = ownOf(clientId);
        return own.isPresent() ? own.map(this::outlet) : common;
    }

    /** Whether messages on tickets of that channel are mailed to the customer. */
    boolean mails(String clientId, String channel) {
        return channel.equals("email")
                || mailedChannels.get(clientId, this::mailedChannels).contains(channel);
    }

    private Set<String> mailedChannels(String clientId) {
        return ownOf(clientId)
                .map(channel -> Arrays.stream(
                                channel.setting("reply_by_email", "").split(",", -1))
                        .map(String::strip)
                        .filter(name -> !name.isEmpty()))
                .orElseGet(() -> common.isPresent() ? properties.replyByEmail().stream() : Stream.empty())
                .collect(Collectors.toUnmodifiableSet());
    }

    private Optional<Channel> ownOf(String clientId) {
        return channels.ofClient(clientId, KIND).stream().findFirst();
    }

    private Outlet outlet(Channel channel) {
        String provider = channel.setting("provider", "smtp");
        String from =
                channel.setting("from", channel.addresses().stream().findFirst().orElse(""));
        if (!OutgoingMail.isAddress(from)) {
            throw new UnusableChannelException(channel.name(), "from must be an e-mail address");
        }
        String replyTo = channel.setting("reply_to", from);
        if (!OutgoingMail.isAddress(replyTo)) {
            throw new UnusableChannelException(channel.name(), "reply_to must be an e-mail address");
        }
        MailSender sender =
                switch (provider) {
                    case "smtp" -> smtp(channel);
                    case "sendgrid", "mailgun", "postmark" ->
                        byHttp(
                                provider,
                                channel.setting("region", ""),
                                secret(channel, "api_key"),
                                channel.setting("domain", domainOf(from)),
                                channel.setting("stream", properties.stream()));
                    default ->
                        throw new UnusableChannelException(
                                channel.name(), "provider must be one of " + String.join(", ", PROVIDERS));
                };
        return new Outlet(
                provider,
                sender,
                from,
                oneLine(channel.setting("from_name", "")),
                replyTo,
                channel.setting("subject_tag", "false").equals("true"));
    }

    private MailSender smtp(Channel channel) {
        String host = channel.setting("host", "");
        String username = channel.setting("username", "");
        if (host.isBlank()) {
            throw new UnusableChannelException(channel.name(), "host is not set");
        }
        return new SmtpSender(new SmtpServer(
                host,
                port(channel),
                security(channel),
                username,
                username.isEmpty() ? "" : secret(channel, "password"),
                null,
                properties.timeout(),
                properties.allowPrivate()));
    }

    private static int port(Channel channel) {
        String port = channel.setting("port", Integer.toString(SUBMISSION));
        if (port.matches("[0-9]{1,5}") && Integer.parseInt(port) >= 1 && Integer.parseInt(port) <= MAX_PORT) {
            return Integer.parseInt(port);
        }
        throw new UnusableChannelException(channel.name(), "port must be from 1 to " + MAX_PORT);
    }

    private static Security security(Channel channel) {
        return switch (channel.setting("security", "starttls").toLowerCase(Locale.ROOT)) {
            case "starttls" -> Security.STARTTLS;
            case "tls" -> Security.TLS;
            case "none" -> Security.NONE;
            default -> throw new UnusableChannelException(channel.name(), "security must be starttls, tls or none");
        };
    }

    private MailSender byHttp(String provider, String region, String key, String domain, String stream) {
        String name = region.equals("eu") && !provider.equals("postmark") ? provider + "-eu" : provider;
        URI base = Optional.ofNullable(properties.endpoints().get(name))
                .or(() -> Optional.ofNullable(PUBLIC.get(name)))
                .orElseThrow();
        return switch (provider) {
            case "sendgrid" -> new SendGridSender(post, base, key);
            case "mailgun" -> new MailgunSender(post, base, domain, key);
            default -> new PostmarkSender(post, base, key, stream);
        };
    }

    private String secret(Channel channel, String name) {
        return channels.secret(channel, name)
                .orElseThrow(() -> new UnusableChannelException(channel.name(), "secret " + name + " is not set"));
    }

    private Optional<Outlet> common(MailProperties own, SslBundles bundles) {
        boolean smtp = own.provider().equals("smtp");
        if (smtp ? own.host().isBlank() : own.apiKey().isBlank()) {
            return Optional.empty();
        }
        MailSender sender = smtp
                ? new SmtpSender(new SmtpServer(
                        own.host(),
                        own.port(),
                        own.security(),
                        own.username(),
                        own.password(),
                        own.sslBundle().isBlank()
                                ? null
                                : bundles.getBundle(own.sslBundle()).createSslContext(),
                        own.timeout(),
                        // Who configures the service knows where its servers stand.
                        true))
                : byHttp(
                        own.provider(),
                        own.region(),
                        own.apiKey(),
                        own.domain().isBlank() ? domainOf(own.from()) : own.domain(),
                        own.stream());
        return Optional.of(new Outlet(own.provider(), sender, own.from(), oneLine(own.fromName()), own.from(), false));
    }

    private static String domainOf(String address) {
        return address.substring(address.indexOf('@') + 1);
    }

    private static String oneLine(String text) {
        return text.replaceAll("[\\p{Cc}\\u2028\\u2029]+", " ").strip();
    }

    /** A client's channel cannot be used as it is set; the message may be shown to its people. */
    static final class UnusableChannelException extends RuntimeException {

        UnusableChannelException(String channel, String reason) {
            super("channel " + channel + " cannot send: " + reason);
        }
    }
}

package io.opsrelay.ingestion.email.mailbox;

import io.opsrelay.ingestion.channel.Channel;
import io.opsrelay.security.outbound.GuardedSockets;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Store;
import java.time.Duration;
import java.util.Properties;

/** Connections to the server of a channel of kind {@code imap}. */
final class ImapServer {

    private static final String IMAPS_PORT = "993";
    private static final String IMAP_PORT = "143";

    private ImapServer() {}

    /**
     * Connects and signs in; the caller closes it.
     *
     * @param timeout to connect, and for each answer
     * @param allowPrivate whether the server may stand in our own network
     */
    static Store connect(Channel channel, String password, Duration timeout, boolean allowPrivate)
            throws MessagingException {
        String security = channel.setting("security", "tls");
        Session session = Session.getInstance(settings(security, timeout, allowPrivate));
        Store store = session.getStore("imap");
        store.connect(
                channel.setting("host", ""),
                Integer.parseInt(channel.setting("port", security.equals("tls") ? IMAPS_PORT : IMAP_PORT)),
                channel.setting("username", ""),
                password);
        return store;
    }

    private static Properties settings(String security, Duration timeout, boolean allowPrivate) {
        String millis = Long.toString(timeout.toMillis());
        Properties settings = new Properties();
        settings.put("mail.imap.connectiontimeout", millis);
        settings.put("mail.imap.timeout", millis);
        settings.put("mail.imap.writetimeout", millis);
        settings.put("mail.imap.socketFactory", new GuardedSockets(allowPrivate));
        // Else the library would connect anew without the guard where the guard refuses.
        settings.put("mail.imap.socketFactory.fallback", "false");
        settings.put("mail.imap.ssl.checkserveridentity", "true");
        settings.put("mail.imap.ssl.enable", Boolean.toString(security.equals("tls")));
        settings.put("mail.imap.starttls.enable", Boolean.toString(security.equals("starttls")));
        settings.put("mail.imap.starttls.required", Boolean.toString(security.equals("starttls")));
        return settings;
    }
}

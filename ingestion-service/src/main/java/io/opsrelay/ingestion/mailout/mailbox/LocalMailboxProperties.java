package io.opsrelay.ingestion.mailout.mailbox;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The mailbox that a local mail server puts all mails to customers into.
 *
 * @param host of its IMAP server; empty where mails go out into the world
 */
@ConfigurationProperties("opsrelay.local-mailbox")
record LocalMailboxProperties(
        @DefaultValue("") String host,
        @DefaultValue("13143") int port,
        @DefaultValue("customers") String username,
        @DefaultValue("") String password) {

    /** Whether there is one. */
    boolean isThere() {
        return !host.isBlank();
    }

    /** The password belongs into no log. */
    @Override
    public String toString() {
        return "LocalMailboxProperties[" + host + ":" + port + "]";
    }
}

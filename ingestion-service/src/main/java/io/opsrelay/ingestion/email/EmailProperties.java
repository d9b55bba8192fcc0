package io.opsrelay.ingestion.email;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Mails that come in.
 *
 * @param newTicketsPerHour most tickets that one correspondent begins in an hour by mail; more are filed
 * @param repliesPerHour most mails of one correspondent in an hour that go onto tickets; more are filed
 * @param sameTextWithin a reply that says the same as the correspondent's last one on that ticket, within that time, is
 *     taken for a machine's and filed
 * @param tolerance how old the timestamp of a signed request may be, and how far ahead
 * @param filedKept how long filed mails are kept
 * @param mailboxLease how long an instance that vanished keeps a mailbox from the others
 * @param mailboxTimeout to connect to a mailbox's server, and for each of its answers
 * @param allowPrivate whether mailboxes may stand in our own network
 * @param unprovenBytes of posted requests, all together, whose senders are not proven yet; more are answered 503
 */
@ConfigurationProperties("opsrelay.email")
public record EmailProperties(
        @DefaultValue("20") int newTicketsPerHour,
        @DefaultValue("30") int repliesPerHour,
        @DefaultValue("1h") Duration sameTextWithin,
        @DefaultValue("5m") Duration tolerance,
        @DefaultValue("90d") Duration filedKept,
        @DefaultValue("60s") Duration mailboxLease,
        @DefaultValue("30s") Duration mailboxTimeout,
        @DefaultValue("false") boolean allowPrivate,
        @DefaultValue("128MB") DataSize unprovenBytes) {

    private static final String PREFIX = "opsrelay.email.";

    public EmailProperties {
        positive("new-tickets-per-hour", newTicketsPerHour);
        positive("replies-per-hour", repliesPerHour);
        if (unprovenBytes.toBytes() < 1) {
            throw new IllegalArgumentException(PREFIX + "unproven-bytes must be positive");
        }
        positive("tolerance", tolerance);
        positive("filed-kept", filedKept);
        positive("mailbox-lease", mailboxLease);
        positive("mailbox-timeout", mailboxTimeout);
        if (sameTextWithin.isNegative()) {
            throw new IllegalArgumentException(PREFIX + "same-text-within must not be negative");
        }
    }

    private static void positive(String name, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(PREFIX + name + " must be positive, not " + value);
        }
    }

    private static void positive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(PREFIX + name + " must be at least 1, not " + value);
        }
    }
}

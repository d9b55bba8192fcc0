package io.opsrelay.approval.notification;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Tells a client, on every way it chose, what happened. */
@Component
public class Notifications {

    private final List<NoticeChannel> channels;
    private final MeterRegistry meters;

    Notifications(List<NoticeChannel> channels, MeterRegistry meters) {
        this.channels = List.copyOf(channels);
        this.meters = meters;
    }

    /**
     * Tells it if the running transaction of the client commits, and then at least once.
     *
     * @throws IllegalStateException outside a transaction, in which no subscription would be seen
     */
    public void tell(String clientId, Notice notice) {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("a notice belongs into the transaction of what it tells");
        }
        channels.forEach(channel -> channel.take(clientId, notice));
        NotificationMetric.NOTICES.count(meters, "type", notice.type());
    }
}

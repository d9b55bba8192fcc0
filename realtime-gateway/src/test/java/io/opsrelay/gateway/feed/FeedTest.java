package io.opsrelay.gateway.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class FeedTest {

    private static final Instant TEN = Instant.parse("2026-11-20T10:00:00Z");

    private final Feed feed = new Feed();

    @Test
    void isNotCurrentBeforeItWasRead() {
        assertThat(feed.current(TEN)).isFalse();
        assertThat(feed.readAt()).isEmpty();

        feed.readAt(TEN);

        assertThat(feed.current(TEN)).as("it is still warming up").isFalse();
    }

    @Test
    void standsStillOnceKafkaHasSaidNothingForTenSecondsAndRemembersSinceWhen() {
        warm();
        feed.readAt(TEN);

        assertThat(feed.current(TEN.plusSeconds(9))).isTrue();
        assertThat(feed.current(TEN.plusSeconds(10))).isFalse();
        assertThat(feed.readAt()).hasValue(TEN);
    }

    @Test
    void isCurrentAgainAsSoonAsKafkaAnswers() {
        warm();
        feed.readAt(TEN);
        feed.readAt(TEN.plusSeconds(60));

        assertThat(feed.current(TEN.plusSeconds(61))).isTrue();
    }

    private void warm() {
        FeedIdentity identity = new FeedIdentity("c", "feed", "id", 1);
        feed.replaceBy(new Rings(identity, List.of(new FeedPartition(identity.epochOf(0), 0, 1)), 1024));
    }
}

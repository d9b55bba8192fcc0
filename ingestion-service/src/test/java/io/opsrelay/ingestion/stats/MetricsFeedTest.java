package io.opsrelay.ingestion.stats;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.contracts.Event;
import io.opsrelay.contracts.FeedRecord;
import io.opsrelay.ingestion.IngestionServiceTest;
import io.opsrelay.messaging.Outbox;
import io.opsrelay.security.tenant.ClientTransactions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** When dashboards are told numbers. The times lie far ahead, so that nobody but the test thinks that one has come. */
@IngestionServiceTest
class MetricsFeedTest {

    private static final Duration MOMENT = Duration.ofMillis(200);

    @Autowired
    ClientTransactions transactions;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    FigureStore figures;

    @Autowired
    StepStore steps;

    @Autowired
    StatsProperties properties;

    private final String client = "feed-" + UUID.randomUUID().toString().substring(0, 8);
    private final List<FeedRecord> told = new ArrayList<>();
    private final Instant noon = Instant.now()
            .truncatedTo(ChronoUnit.DAYS)
            .plus(400, ChronoUnit.DAYS)
            .plus(12, ChronoUnit.HOURS);
    private MetricsFeed feed;

    @BeforeEach
    void feed() {
        feed = new MetricsFeed(
                jdbc,
                figures,
                new Outbox() {
                    @Override
                    public void publish(String clientId, Event event) {
                        throw new AssertionError("numbers are no event");
                    }

                    @Override
                    public void feed(String clientId, FeedRecord feedRecord) {
                        assertThat(clientId).isEqualTo(client);
                        told.add(feedRecord);
                    }
                },
                properties);
    }

    @Test
    void aChangeIsToldAtOnceAndWhatFollowsCloselyIsToldTogether() {
        tell(true, noon);
        tell(true, noon.plus(MOMENT));
        tell(true, noon.plus(MOMENT.multipliedBy(2)));
        assertThat(versions()).containsExactly(1L);
        assertThat(isDue(noon.plus(MOMENT.multipliedBy(3)))).isFalse();

        Instant soon = noon.plus(properties.tellAtMost());
        assertThat(isDue(soon)).isTrue();
        tell(false, soon);
        assertThat(versions()).containsExactly(1L, 2L);
        tell(false, soon.plus(MOMENT));
        assertThat(versions()).containsExactly(1L, 2L);
    }

    @Test
    void whatDoesNotChangeIsToldAgainUnderTheSameVersionAndSeldomOnceItIsQuiet() {
        tell(true, noon);

        Instant again = noon.plus(properties.tellAgain());
        assertThat(isDue(again.minus(MOMENT))).isFalse();
        tell(false, again.minus(MOMENT));
        assertThat(versions()).containsExactly(1L);
        assertThat(isDue(again)).isTrue();
        tell(false, again);
        assertThat(versions()).containsExactly(1L, 1L);

        Instant quiet = noon.plus(MetricsFeed.ACTIVE);
        tell(false, quiet);
        assertThat(versions()).containsExactly(1L, 1L, 1L);
        assertThat(isDue(quiet.plus(properties.tellAgain()))).isFalse();
        assertThat(isDue(quiet.plus(properties.tellQuiet()))).isTrue();
    }

    @Test
    void theNextDayIsNewsAlthoughNothingHappened() {
        tell(true, noon);
        tell(false, noon.plus(Duration.ofDays(1)));

        assertThat(versions()).containsExactly(1L, 2L);
    }

    @Test
    void ofAClientWithoutNumbersNothingIsToldAndNothingIsLookedFor() {
        tell(false, noon);

        assertThat(told).isEmpty();
        assertThat(isDue(noon.plus(Duration.ofDays(1000)))).isFalse();
    }

    private void tell(boolean changed, Instant now) {
        transactions.run(client, () -> feed.tell(client, changed, now));
    }

    private boolean isDue(Instant now) {
        return steps.clientsWithWork(now, Integer.MAX_VALUE).contains(client);
    }

    private List<Long> versions() {
        return told.stream().map(FeedRecord::version).toList();
    }
}

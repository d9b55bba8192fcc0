package io.opsrelay.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.contracts.Topics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Ids sort by the time they were made, and those of many say so. */
class IdsTest {

    private final Clock early = Clock.fixed(Instant.parse("2026-11-27T12:00:00Z"), ZoneOffset.UTC);
    private final Clock late = Clock.offset(early, Duration.ofMillis(1));

    @Test
    void anIdOfManySaysSoAndSortsAmongTheOthersByItsTime() {
        UUID before = Ids.uuidV7(early).next();
        UUID ofMany = Ids.uuidV7(late).nextOfMany();
        UUID after = Ids.uuidV7(Clock.offset(late, Duration.ofMillis(1))).next();

        assertThat(ofMany.version()).isEqualTo(Topics.BULK_ID_VERSION);
        assertThat(ofMany.variant()).isEqualTo(2);
        assertThat(before.toString()).isLessThan(ofMany.toString());
        assertThat(ofMany.toString()).isLessThan(after.toString());
    }

    @Test
    void onlyTheEventsOfATicketWithSuchAnIdTakeTheTopicOfImports() {
        Ids ids = Ids.uuidV7(early);

        assertThat(Topics.ofKey(Topics.TICKET, ids.nextOfMany().toString())).isEqualTo(Topics.TICKET_BULK);
        assertThat(Topics.ofKey(Topics.TICKET, ids.next().toString())).isEqualTo(Topics.TICKET);
        assertThat(Topics.ofKey(Topics.TICKET, UUID.randomUUID().toString())).isEqualTo(Topics.TICKET);
        assertThat(Topics.ofKey(Topics.TICKET, "acme")).isEqualTo(Topics.TICKET);
        assertThat(Topics.ofKey(Topics.FEED, ids.nextOfMany().toString())).isEqualTo(Topics.FEED);
    }
}

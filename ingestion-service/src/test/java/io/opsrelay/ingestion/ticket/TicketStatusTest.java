package io.opsrelay.ingestion.ticket;

import static io.opsrelay.ingestion.ticket.TicketStatus.*;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class TicketStatusTest {

    @Test
    void theOlderNamesMeanWhatTheyMeant() {
        assertThat(meantBy("pending")).containsExactly(RECEIVED);
        assertThat(meantBy("processing")).containsExactly(ANALYZING, AWAITING_APPROVAL, ACTING);
        assertThat(meantBy("completed")).containsExactly(RESOLVED, CLOSED);
        assertThat(meantBy("failed")).containsExactly(FAILED);
    }

    @Test
    void everyStatusIsCountedUnderExactlyOneOlderNameBesideEscalated() {
        EnumSet<TicketStatus> counted = EnumSet.of(ESCALATED);
        List.of("pending", "processing", "completed", "failed").forEach(name -> meantBy(name)
                .forEach(status -> assertThat(counted.add(status)).isTrue()));

        assertThat(counted).containsExactly(values());
    }

    @Test
    void aStatusMeansItself() {
        assertThat(Arrays.stream(values()))
                .allSatisfy(status -> assertThat(meantBy(status.wireName())).containsExactly(status));
    }

    @Test
    void anythingElseMeansNothing() {
        assertThat(meantBy("RECEIVED")).isEmpty();
        assertThat(meantBy("")).isEmpty();
        assertThat(meantBy("done")).isEmpty();
    }
}

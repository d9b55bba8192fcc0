package io.opsrelay.ingestion.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opsrelay.contracts.ContractJson;
import io.opsrelay.contracts.Headers;
import io.opsrelay.ingestion.ticket.TicketStatus;
import io.opsrelay.messaging.RawRecord;
import io.opsrelay.messaging.RawRecord.RawHeader;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatusToldTest {

    private static final Instant WRITTEN = Instant.parse("2026-05-03T12:00:00Z");
    private static final Map<String, String> NAMES = Map.of("Solved", "resolved", "open", "none");

    private final Mapping mapping =
            Mapping.of(Map.of("status", "s", "status-at", "at"), null, Map.of(), Statuses.of(NAMES, "refuse"));

    @ParameterizedTest
    @CsvSource({"solved,RESOLVED", "' SOLVED ',RESOLVED", "closed,CLOSED", "escalated,ESCALATED", "open,"})
    void aStatusIsOursOrMappedInWhateverCase(String theirs, @Nullable TicketStatus ours) {
        assertThat(told("{\"s\":\"" + theirs + "\"}", null).wanted()).isEqualTo(ours);
    }

    @Test
    void whereNoneIsMappedOrNoneStandsThereNoneIsTold() {
        Mapping without = Mapping.of(Map.of(), null, Map.of(), Statuses.of(NAMES, "refuse"));

        assertThat(StatusTold.of(without, content("{\"status\":\"solved\"}", null), written()))
                .isNull();
        assertThat(StatusTold.of(mapping, content("{\"s\":\" \"}", null), written()))
                .isNull();
        assertThat(StatusTold.of(mapping, content("{\"s\":null}", null), written()))
                .isNull();
    }

    @Test
    void anUnknownOneIsRefusedOrIgnoredAsConfigured() {
        Mapping ignoring = Mapping.of(Map.of("status", "s"), null, Map.of(), Statuses.of(NAMES, "ignore"));

        assertThatThrownBy(() -> told("{\"s\":\"pondering\"}", null))
                .isInstanceOf(UnusableException.class)
                .hasMessage("status (at /s) is not mapped: pondering");
        assertThat(StatusTold.of(ignoring, content("{\"s\":\"pondering\"}", null), written()))
                .isEqualTo(new StatusTold(null, WRITTEN));
    }

    @Test
    void whatMeansNothingHereIsRefusedAtTheStart() {
        assertThatThrownBy(() -> Statuses.of(Map.of("solved", "received"), "refuse"))
                .hasMessageContaining("statuses.solved must be one of");
        assertThatThrownBy(() -> Statuses.of(Map.of(), "drop")).hasMessageContaining("unknown-statuses");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-05-03T10:00:00Z,2026-05-03T10:00:00Z",
        "2026-05-03T10:00:00.123456789+02:00,2026-05-03T08:00:00.123456Z",
        "1777795200,2026-05-03T08:00:00Z",
        "1777795200123,2026-05-03T08:00:00.123Z"
    })
    void timesAreDatesOrSecondsOrMilliseconds(String stated, Instant expected) {
        assertThat(told("{\"s\":\"solved\",\"at\":\"" + stated + "\"}", "2026-05-01T00:00:00Z")
                        .at())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"yesterday", "-1", "99999999999999", "2026-05-05T10:00:00Z", "3.5", "1969-01-01T00:00:00Z"})
    void whatIsNoTimeOrCannotBeIsRefused(String stated) {
        assertThatThrownBy(() -> told("{\"s\":\"solved\",\"at\":\"" + stated + "\"}", null))
                .isInstanceOf(UnusableException.class)
                .hasMessageContaining("status-at");
    }

    @Test
    void theEventsTimeServesWhereNoneIsStatedAndThenTheRecords() {
        assertThat(told("{\"s\":\"solved\"}", "2026-05-03T09:00:00Z").at())
                .isEqualTo(Instant.parse("2026-05-03T09:00:00Z"));
        assertThat(told("{\"s\":\"solved\"}", null).at()).isEqualTo(WRITTEN);
    }

    @Test
    void aReplayedRecordWithoutATimeOfItsOwnGivesWayToAllOthers() {
        RawRecord replayed = new RawRecord(
                "opsrelay.upstream.tickets",
                0,
                9,
                null,
                null,
                List.of(RawHeader.of(Headers.REPLAY_OF, "0199")),
                WRITTEN);

        StatusTold told = StatusTold.of(mapping, content("{\"s\":\"solved\"}", null), replayed);

        assertThat(told).isEqualTo(new StatusTold(TicketStatus.RESOLVED, Instant.EPOCH));
    }

    private StatusTold told(String data, @Nullable String time) {
        StatusTold told = StatusTold.of(mapping, content(data, time), written());
        assertThat(told).isNotNull();
        return told;
    }

    private static Content content(String data, @Nullable String time) {
        return new Content("crm", null, null, time, ContractJson.mapper().readTree(data));
    }

    private static RawRecord written() {
        return new RawRecord("opsrelay.upstream.tickets", 0, 7, null, null, List.of(), WRITTEN);
    }
}

package io.opsrelay.gateway.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class BoardTest {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final Board board = new Board();

    @Test
    void anEmptyBoardIsAnEmptyObject() {
        assertThat(initial()).isEqualTo("{}");
    }

    @Test
    void employeesHaveTheirFiguresUnderTheirNameAndTheClientHasItsOwnBeside() {
        put("luna", "calls", "3", true);
        put("luna", "performance", "94.5", true);
        put(null, "csat", "4.6", true);

        assertThat(initial()).isEqualTo("{\"csat\":4.6,\"luna\":{\"calls\":3,\"performance\":94.5}}");
    }

    @Test
    void anUpdatePutInThePlaceOfItsEntryGivesTheBoard() {
        put("luna", "calls", "3", true);
        assertThat(put("luna", "bookings", "1", true)).isEqualTo("luna");

        assertThat(JSON.writeValueAsString(board.update("luna")))
                .isEqualTo("{\"metric\":\"luna\",\"value\":{\"bookings\":1,\"calls\":3},\"timestamp\":\"t\"}");
    }

    @Test
    void whatIsReadBackwardsDoesNotReplaceWhatIsNewer() {
        put(null, "csat", "5", true);
        put(null, "csat", "1", false);

        assertThat(initial()).isEqualTo("{\"csat\":5}");
    }

    @Test
    void aMetricCalledLikeAnEmployeeDoesNotHideTheEmployee() {
        put("luna", "calls", "3", true);
        put(null, "luna", "7", true);

        assertThat(initial()).isEqualTo("{\"luna\":{\"calls\":3}}");
        assertThat(JSON.writeValueAsString(board.update("luna"))).contains("\"value\":{\"calls\":3}");
    }

    @Test
    void aBoardHasSoManyFigures() {
        for (int n = 0; n < Board.MOST_FIGURES; n++) {
            assertThat(put(null, "m" + n, "1", true)).isNotNull();
        }
        assertThat(put(null, "another", "1", true)).isNull();
        assertThat(put(null, "m0", "2", true)).isEqualTo("m0");
        assertThat(board.names()).hasSize(Board.MOST_FIGURES).doesNotContain("another");
    }

    private @Nullable String put(@Nullable String employee, String metric, String value, boolean newest) {
        return board.put(new DashboardUpdate.Metric(employee, metric, JSON.readTree(value), "t"), newest);
    }

    private String initial() {
        return JSON.writeValueAsString(board.initial());
    }
}

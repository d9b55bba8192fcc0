package io.opsrelay.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AiActivityTest {

    private static final String ITEM = """
            {"activity_id": "0193aaaa-0000-7000-8000-000000000006", "ai_employee": "luna", "type": "email",
             "description": "Resolved: refund request", "ticket_id": "0193aaaa-0000-7000-8000-000000000001",
             "customer": "0193aaaa-0000-7000-8000-000000000005", "outcome": "resolved",
             "timestamp": "2026-11-20T10:00:00.123Z"}""";

    private final JsonMapper json = ContractJson.mapper();

    @Test
    void aFrameHoldsTheItemAsItIsListedAndWhatOlderDashboardsLookForBesideIt() {
        FeedRecord frame = Samples.activity().toFeed();

        assertThat(frame.channel()).isEqualTo("ai");
        assertThat(frame.type()).isEqualTo("ai_activity");
        assertThat(frame.key()).isEqualTo(Samples.activity().activityId().toString());
        assertThat(frame.version()).isEqualTo(1);
        JsonNode data = json.readTree(json.writeValueAsString(frame.data()));
        assertThat(data.get("activity"))
                .isEqualTo(json.readTree(ITEM))
                .isEqualTo(json.readTree(json.writeValueAsString(Samples.activity())));
        assertThat(data.get("ai_employee")).isEqualTo(data.at("/activity/ai_employee"));
        assertThat(data.get("timestamp")).isEqualTo(data.at("/activity/timestamp"));
        assertThat(data.size()).isEqualTo(3);
        assertThat(json.readValue(ITEM, AiActivity.class)).isEqualTo(Samples.activity());
    }

    @Test
    void anActivityOfNobodyIsRefused() {
        assertThatThrownBy(() -> json.readValue(ITEM.replace("luna", " "), AiActivity.class))
                .hasMessageContaining("ai_employee is missing");
    }
}

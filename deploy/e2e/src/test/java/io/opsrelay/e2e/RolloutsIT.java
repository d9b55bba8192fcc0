package io.opsrelay.e2e;

import static io.opsrelay.e2e.Steps.awaitAction;
import static io.opsrelay.e2e.Steps.awaitStatus;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsrelay.e2e.system.OpsRelay;
import io.opsrelay.e2e.system.Person;
import io.opsrelay.e2e.system.Posters;
import io.opsrelay.e2e.system.RunningSystem;
import io.opsrelay.e2e.system.Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** What every request passes through is replaced while many post: nobody is refused, and nothing is lost. */
@RunningSystem
@Order(121)
class RolloutsIT {

    /** So many before and after, so that the rollout lies within. */
    private static final int SOME = 80;

    private final OpsRelay opsRelay;
    private final Person sre;
    private final Person agent;

    RolloutsIT(OpsRelay opsRelay) {
        this.opsRelay = opsRelay;
        this.sre = opsRelay.as("sre@acme.example");
        this.agent = opsRelay.as("agent@acme.example");
    }

    @Test
    void ingestionServiceIsReplacedAndNoneOfItsPostersNotices() {
        long former = opsRelay.pidOf("ingestion-service");
        Posters posters = posters();
        try (posters) {
            posters.awaitAnswers(SOME);

            awaitAction(sre, rollOut("ingestion-service"), "succeeded");

            posters.awaitAnswers(SOME);
        }

        assertThat(opsRelay.pidOf("ingestion-service")).isNotEqualTo(former);
        assertThat(posters.failures()).isEmpty();
        // Its callers are the gateway's, whose listener stayed.
        assertThat(posters.resetInTheQueue()).isZero();
        expectResolved(posters);
    }

    @Test
    void theGatewayIsReplacedAndItsDashboardsGoOnElsewhereWithoutAGap() {
        long former = opsRelay.pidOf("realtime-gateway");
        Posters posters = posters();
        try (posters;
                Stream before = sre.stream("tickets")) {
            posters.awaitAnswers(SOME);

            String action = rollOut("realtime-gateway");
            before.awaitMessage("reconnect");
            await("the end of the stream").atMost(Steps.PATIENCE).untilAsserted(() -> assertThat(before.end())
                    .startsWith("1012"));

            try (Stream after = sre.resume(before)) {
                assertThat(after.awaitMessage("subscribed")
                                .path("data")
                                .path("recovered")
                                .asBoolean())
                        .isTrue();
                awaitAction(sre, action, "succeeded");
                posters.awaitAnswers(SOME);
                posters.close();
                await("each ticket's first frame")
                        .atMost(Steps.PATIENCE)
                        .untilAsserted(() -> assertThat(received(before, after)).containsAll(posters.tickets()));
                assertThat(received(before, after)).doesNotHaveDuplicates();
            }
        }

        assertThat(opsRelay.pidOf("realtime-gateway")).isNotEqualTo(former);
        assertThat(posters.failures()).isEmpty();
        // The listener closes once, so it can hit each caller once, between its handshake and its acceptance.
        assertThat(posters.resetInTheQueue()).isLessThanOrEqualTo(Posters.CALLERS);
        expectResolved(posters);
    }

    private Posters posters() {
        return new Posters(opsRelay, agent, Steps.ticket("A question", "How long do refunds take?"));
    }

    private String rollOut(String service) {
        return sre.post(
                        "/api/v1/rollout_restart",
                        Map.of(
                                "service_name", service,
                                "target_type", "standalone",
                                "reason", "it runs since yesterday"))
                .expect(202)
                .text("action_id");
    }

    private void expectResolved(Posters posters) {
        System.out.printf(
                "%d posts were answered, %d reset before; %d tickets%n",
                posters.answered(), posters.resetInTheQueue(), posters.tickets().size());
        assertThat(posters.tickets()).hasSizeGreaterThanOrEqualTo(Posters.CALLERS);
        posters.tickets().forEach(ticket -> awaitStatus(agent, ticket, "resolved"));
    }

    /** The tickets whose first frame came, on whichever of the streams. */
    private static List<String> received(Stream... streams) {
        List<String> received = new ArrayList<>();
        for (Stream stream : streams) {
            received.addAll(stream.snapshot().stream()
                    .filter(frame -> frame.path("type").asString("").equals("ticket_received"))
                    .map(frame -> frame.path("key").asString())
                    .collect(Collectors.toList()));
        }
        return received;
    }
}

package io.opsrelay.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.benchmarks.faults.FaultRun;
import io.opsrelay.benchmarks.faults.Verdict;
import io.opsrelay.e2e.system.OpsRelay;
import io.opsrelay.e2e.system.Person;
import io.opsrelay.e2e.system.RunningSystem;
import io.opsrelay.testing.FakeModelServer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** {@code ./opsrelay bench faults --only agent-service} with a model: it dies while models are asked, again and again. */
@RunningSystem
@Order(115)
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class ModelFaultsIT {

    private static final int KILLS = 3;
    private static final double RATE = 4;
    private static final Duration DRAIN = Duration.ofMinutes(2);

    private final OpsRelay opsRelay;
    private final Person admin;
    private final FakeModelServer model = new FakeModelServer();

    ModelFaultsIT(OpsRelay opsRelay) {
        this.opsRelay = opsRelay;
        this.admin = opsRelay.as("admin@acme.example");
    }

    /** Starting takes its time on a slow machine, and is no part of what is tried. */
    @BeforeEach
    void acmeWantsAModel() {
        model.thinks(new SupportModel());
        opsRelay.restartWith(Map.of(
                "OPSRELAY_LLM_MODELS_X_PROVIDER", "openai",
                "OPSRELAY_LLM_MODELS_X_BASEURL", model.url() + "/v1",
                "OPSRELAY_LLM_MODELS_X_MODEL", "x"));
        workflow(Map.of("mode", "react", "engine", "x"));
    }

    @AfterEach
    void acmeWantsNoneAnyMore() {
        workflow(Map.of("mode", "pipeline", "engine", "local"));
        model.close();
    }

    @Test
    void theAgentIsKilledWhileModelsAreAskedAndNoPromiseIsBroken() throws InterruptedException {
        Verdict verdict = new FaultRun(opsRelay.base(), opsRelay.home(), 13, RATE, DRAIN, System.out)
                .killing("agent-service", KILLS);

        verdict.figures().forEach(System.out::println);
        assertThat(verdict.violations()).isEmpty();
        // A question that is asked again word for word was under way when its asker died.
        Map<JsonNode, Long> asked =
                model.requests().stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        System.out.printf(
                "%d questions to the model, %d of them asked again%n",
                model.requests().size(), model.requests().size() - asked.size());
        assertThat(asked).hasSizeLessThan(model.requests().size());
    }

    private void workflow(Map<String, Object> settings) {
        admin.put("/api/v1/agent/workflow", settings).expect(200);
    }
}

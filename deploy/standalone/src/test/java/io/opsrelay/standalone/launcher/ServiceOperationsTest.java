package io.opsrelay.standalone.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opsrelay.standalone.control.OperationFailure;
import io.opsrelay.standalone.control.OperationRequest;
import io.opsrelay.standalone.control.OperationRequest.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServiceOperationsTest {

    private Checkout checkout;
    private Instances instances;
    private Replicas replicas;

    @BeforeEach
    void startOne() throws Exception {
        checkout = new Checkout();
        checkout.home().create();
        Settings settings = checkout.settings();
        instances = new Instances(settings, new Infrastructure(settings), new Console(System.out));
        replicas = new Replicas(checkout.home().replicas());
        Instance first = instances.add(Service.APPROVAL);
        instances.begin(first);
        first.supervised().firstReady().get(120, TimeUnit.SECONDS);
    }

    @AfterEach
    void end() throws Exception {
        instances.end();
        checkout.close();
    }

    @Test
    void anInstanceThatNeverServesFailsTheOperationInTime() throws Exception {
        // given
        Instance first = instances.of(Service.APPROVAL).getFirst();
        checkout.build(Service.APPROVAL, HangingService.class.getName());
        ServiceOperations operations = new ServiceOperations(instances, replicas, Duration.ofSeconds(1));

        // when, then
        assertThatThrownBy(() -> operations.perform(request(Kind.ROLLOUT, null), _ -> {}))
                .isInstanceOf(OperationFailure.class)
                .hasMessage("approval-service-2 was not ready within 1 s; what served before serves on");
        assertThat(instances.of(Service.APPROVAL)).containsExactly(first);
        assertThat(first.serves()).isTrue();

        // scaled, it stays wanted
        assertThatThrownBy(() -> operations.perform(request(Kind.SCALE, 2), _ -> {}))
                .isInstanceOf(OperationFailure.class)
                .hasMessageContaining("approval-service-2 was not ready within 1 s");
        assertThat(instances.of(Service.APPROVAL)).hasSize(2);
        assertThat(new Replicas(checkout.home().replicas()).of(Service.APPROVAL))
                .isEqualTo(2);
    }

    @Test
    void theEndOfTheLauncherEndsTheOperation() throws Exception {
        // given: it waits for an instance that never serves
        checkout.build(Service.APPROVAL, HangingService.class.getName());
        ServiceOperations operations = new ServiceOperations(instances, replicas, ServiceOperations.READY_LIMIT);
        CompletableFuture<Void> ended = new CompletableFuture<>();
        CompletableFuture<String> endedProcess = new CompletableFuture<>();
        Parallel.start(() -> {
            try {
                operations.perform(request(Kind.RESTART, null), step -> {
                    if (step.endsWith("has ended")) {
                        endedProcess.complete(step);
                    }
                });
                ended.complete(null);
            } catch (OperationFailure | InterruptedException e) {
                ended.completeExceptionally(e);
            }
        });
        endedProcess.get(120, TimeUnit.SECONDS);

        // when
        instances.end();

        // then
        assertThatThrownBy(() -> ended.get(120, TimeUnit.SECONDS)).hasMessageContaining("the launcher ended meanwhile");
    }

    @Test
    void severalInstancesAreRenewedOneAfterTheOther() throws Exception {
        // given
        ServiceOperations operations = new ServiceOperations(instances, replicas, ServiceOperations.READY_LIMIT);
        operations.perform(request(Kind.SCALE, 2), _ -> {});
        List<String> steps = new ArrayList<>();

        // when
        operations.perform(request(Kind.ROLLOUT, null), steps::add);

        // then: names and the known port are used again
        assertThat(instances.of(Service.APPROVAL))
                .extracting(Instance::name)
                .containsExactly("approval-service-3", "approval-service");
        assertThat(instances.of(Service.APPROVAL).getLast().process().port())
                .isEqualTo(checkout.settings().port(Service.APPROVAL));
        assertThat(steps).hasSize(6);
    }

    private static OperationRequest request(Kind kind, Integer replicas) {
        return new OperationRequest(kind, "approval-service", replicas, "");
    }
}

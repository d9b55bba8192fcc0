package io.opsrelay.standalone.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsrelay.standalone.process.EndSignal;
import io.opsrelay.standalone.process.Ports;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** One launcher for all tests; each test operates services of its own. */
class ControlTest {

    private static Checkout checkout;
    private static ControlClient control;

    @BeforeAll
    static void up() throws Exception {
        checkout = new Checkout();
        Checkout.Result up = checkout.run("up", "--detach");
        assertThat(up.exit()).as(up.output()).isZero();
        control = new ControlClient(checkout);
    }

    @AfterAll
    static void down() throws Exception {
        checkout.close();
    }

    @Test
    void aRestartReplacesTheProcessInItsPlace() throws Exception {
        // given
        List<Long> before = control.pids("approval-service");
        List<String> listed = control.listed("approval-service");

        // when
        ControlClient.Answer answer = control.put("restart", "restart", "approval-service", null);

        // then
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.body().path("status").asString()).isEqualTo("running");
        assertThat(answer.body().has("replicas")).isFalse();
        assertThat(control.awaitEnd("restart", "succeeded").path("steps")).hasSize(3);
        assertThat(control.pids("approval-service")).hasSize(1).doesNotContainAnyElementsOf(before);
        assertThat(control.listed("approval-service")).isEqualTo(listed);
        JsonNode service = control.service("approval-service");
        assertThat(service.path("operation").isNull()).isTrue();
        assertThat(service.path("max_replicas").asInt()).isEqualTo(4);
        assertThat(service.at("/instances/0/state").asString()).isEqualTo("ready");
        assertThat(service.at("/instances/0/restarts").asInt()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingestion-service", "action-engine"})
    void aRolloutNeverLeavesRequestsWithoutAnInstance(String service) throws Exception {
        // given
        List<Long> before = control.pids(service);
        Set<String> seen = new HashSet<>(control.listed(service));

        // when
        control.put("rollout-" + service, "rollout", service, null);

        // then: whoever reads the file at any moment can reach what it names
        await().pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofSeconds(60))
                .until(() -> {
                    List<String> listed = control.listed(service);
                    List<String> silent = new ArrayList<>(listed);
                    silent.removeIf(address ->
                            Ports.answers("127.0.0.1", URI.create(address).getPort()));
                    // What was taken out meanwhile may have ended, if this test halted for as long.
                    silent.retainAll(control.listed(service));
                    assertThat(silent).isEmpty();
                    assertThat(listed).isNotEmpty();
                    seen.addAll(listed);
                    return !control.operation("rollout-" + service)
                            .path("status")
                            .asString()
                            .equals("running");
                });
        control.awaitEnd("rollout-" + service, "succeeded");
        seen.addAll(control.listed(service));
        assertThat(seen).hasSize(2);
        assertThat(control.pids(service)).hasSize(1).doesNotContainAnyElementsOf(before);
        assertThat(checkout.processes())
                .filteredOn(file -> file.name().startsWith(service))
                .hasSize(1);
    }

    @Test
    void gatewaysTakeTurnsOnTheirOnePort() throws Exception {
        // given
        List<Long> before = control.pids("realtime-gateway");

        // when
        control.put("rollout-gateway", "rollout", "realtime-gateway", null);

        // then
        await().pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofSeconds(60))
                .until(() -> {
                    assertThat(Ports.answers("127.0.0.1", checkout.settings().port()))
                            .isTrue();
                    return !control.operation("rollout-gateway")
                            .path("status")
                            .asString()
                            .equals("running");
                });
        control.awaitEnd("rollout-gateway", "succeeded");
        assertThat(control.pids("realtime-gateway")).hasSize(1).doesNotContainAnyElementsOf(before);
        assertThat(control.service("realtime-gateway").at("/instances/0/port").asInt())
                .isEqualTo(checkout.settings().port());
    }

    @Test
    void instancesComeAndGoAndAServiceThatDoesNotStartIsToldAndTriedOn() throws Exception {
        // more instances
        control.put("scale-up", "scale", "agent-service", 3);
        control.awaitEnd("scale-up", "succeeded");
        assertThat(control.listed("agent-service"))
                .hasSize(3)
                .allMatch(address ->
                        Ports.answers("127.0.0.1", URI.create(address).getPort()));
        assertThat(checkout.run("status").output()).contains("agent-service-2", "agent-service-3");
        assertThat(checkout.run("logs", "agent-service").output()).contains("agent-service ", "agent-service-3 ");

        // the same request again is the same operation, another one with its key is none
        assertThat(control.put("scale-up", "scale", "agent-service", 3)).satisfies(again -> {
            assertThat(again.status()).isEqualTo(200);
            assertThat(again.body().path("status").asString()).isEqualTo("succeeded");
        });
        assertThat(control.put("scale-up", "scale", "agent-service", 2)).satisfies(other -> {
            assertThat(other.status()).isEqualTo(409);
            assertThat(other.code()).isEqualTo("key_taken");
            assertThat(other.contentType()).isEqualTo("application/problem+json");
        });

        // one at a time: the first waits for what does not come
        checkout.build(Service.AGENT, HangingService.class.getName());
        assertThat(control.put("held", "scale", "agent-service", 4).status()).isEqualTo(202);
        assertThat(control.put("too-soon", "restart", "agent-service", null)).satisfies(busy -> {
            assertThat(busy.status()).isEqualTo(409);
            assertThat(busy.code()).isEqualTo("busy");
        });
        assertThat(control.service("agent-service").path("operation").asString())
                .isEqualTo("held");
        await().atMost(Duration.ofSeconds(60)).until(() -> checkout.processes().stream()
                .anyMatch(file -> file.name().equals("agent-service-4")));
        checkout.build(Service.AGENT, StubService.class.getName());
        checkout.process("agent-service-4").identity().signal(EndSignal.KILL);
        control.awaitEnd("held", "succeeded");

        // fewer
        assertThat(control.put("scale-down", "scale", "agent-service", 1).status())
                .isEqualTo(202);
        control.awaitEnd("scale-down", "succeeded");
        List<Long> one = control.pids("agent-service");
        assertThat(one).hasSize(1);
        assertThat(control.listed("agent-service")).hasSize(1);

        // a new version that does not start: the old one serves on
        checkout.breakService(Service.AGENT);
        control.put("bad-rollout", "rollout", "agent-service", null);
        assertThat(control.awaitEnd("bad-rollout", "failed").path("failure").asString())
                .contains("agent-service-2 ended with exit code 1", "what served before serves on");
        assertThat(control.pids("agent-service")).isEqualTo(one);
        assertThat(control.listed("agent-service")).hasSize(1);

        // restarted into it, the operation fails; the service comes back once it can
        control.put("bad-restart", "restart", "agent-service", null);
        control.awaitEnd("bad-restart", "failed");
        assertThat(control.listed("agent-service")).isEmpty();
        checkout.build(Service.AGENT, StubService.class.getName());
        await().atMost(Duration.ofSeconds(60))
                .until(() -> control.listed("agent-service").size() == 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{\"kind\":\"restart\"",
                "{\"service\":\"approval-service\"}",
                "{\"kind\":\"stop\",\"service\":\"approval-service\"}",
                "{\"kind\":\"restart\",\"service\":\"\"}",
                "{\"kind\":\"restart\",\"service\":\"approval-service\",\"replicas\":2}",
                "{\"kind\":\"scale\",\"service\":\"approval-service\"}",
                "{\"kind\":\"scale\",\"service\":\"approval-service\",\"replicas\":\"2\"}",
                "{\"kind\":\"scale\",\"service\":\"approval-service\",\"replicas\":1.5}",
                "{\"kind\":\"restart\",\"service\":\"approval-service\",\"force\":true}",
                "{\"kind\":\"restart\",\"kind\":\"scale\",\"service\":\"approval-service\"}"
            })
    void aBodyThatMakesNoSenseIsRefused(String body) throws Exception {
        ControlClient.Answer answer = control.send("PUT", "/v1/operations/bad", body, control.token());
        assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("bad_request");
        assertThat(answer.body().path("detail").asString()).isNotEmpty();
        assertThat(control.operation("bad").path("status").asInt()).isEqualTo(404);
    }

    @Test
    void aHugeBodyAndAStrangeKeyAreRefused() throws Exception {
        String huge = "{\"kind\":\"restart\",\"service\":\"approval-service\",\"reason\":\"%s\"}";
        assertThat(control.send("PUT", "/v1/operations/huge", huge.formatted("x".repeat(20_000)), control.token())
                        .status())
                .isEqualTo(400);
        assertThat(control.send("PUT", "/v1/operations/a%2Fb", huge.formatted("x"), control.token())
                        .status())
                .isEqualTo(400);
    }

    @Test
    void whatDoesNotExistIsNotFound() throws Exception {
        assertThat(control.put("unknown", "restart", "kafka", null)).satisfies(answer -> {
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.code()).isEqualTo("unknown_service");
        });
        assertThat(control.operation("unknown").path("code").asString()).isEqualTo("unknown_operation");
        assertThat(control.service("kafka").path("code").asString()).isEqualTo("unknown_service");
        assertThat(control.send("GET", "/v1/elsewhere", "", control.token()).status())
                .isEqualTo(404);
        assertThat(control.send("DELETE", "/v1/services", "", control.token()).status())
                .isEqualTo(405);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 5})
    void replicasHaveBounds(int replicas) throws Exception {
        assertThat(control.put("bounds", "scale", "approval-service", replicas)).satisfies(answer -> {
            assertThat(answer.status()).isEqualTo(422);
            assertThat(answer.code()).isEqualTo("replicas_out_of_range");
        });
    }

    @Test
    void withoutTheTokenNothingIsAnswered() throws Exception {
        assertThat(control.send("GET", "/v1/services", "", null).status()).isEqualTo(401);
        assertThat(control.send("GET", "/v1/services", "", control.token() + "x")
                        .status())
                .isEqualTo(401);
        assertThat(control.send("PUT", "/v1/operations/x", "{}", "wrong").code())
                .isEqualTo("unauthorized");
        assertThat(control.send("GET", "/v1/services", "", control.token())
                        .body()
                        .path("items"))
                .hasSize(5);
        assertThat(Files.getPosixFilePermissions(checkout.home().secrets().resolve("launcher.token")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void onlyThisMachineReachesIt() throws Exception {
        List<InetAddress> others = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress())
                .toList();
        int port = checkout.settings().launcherPort();
        assertThat(Ports.answers("127.0.0.1", port)).isTrue();
        assertThat(others).noneMatch(address -> Ports.answers(address.getHostAddress(), port));
    }
}

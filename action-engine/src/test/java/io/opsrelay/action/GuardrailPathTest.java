package io.opsrelay.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsrelay.action.catalogue.Answer;
import io.opsrelay.contracts.ActionEvent.ActionFailed;
import io.opsrelay.contracts.ActionEvent.ActionPrepared;
import io.opsrelay.contracts.ClientEvent.BreakerOpened;
import io.opsrelay.contracts.ClientEvent.KillSwitchTurned;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestDatabase;
import io.opsrelay.testing.TestKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Guardrails from the door to the intent. A client of its own, so that its rules bar nobody else's tests. */
@ActionEngineTest
class GuardrailPathTest {

    private static final String CLIENT = "umbrella";

    @Autowired
    private TestKafka kafka;

    @Autowired
    private TestDatabase database;

    @LocalServerPort
    private int port;

    private TestEvents events;
    private ActionRig rig;
    private Api operator;
    private String target;

    @BeforeEach
    void aTargetOfItsOwn() {
        events = new TestEvents(kafka);
        rig = new ActionRig(CLIENT, events, port);
        operator = new Api(port, null, "operator@opsrelay.example", Role.OPERATOR);
        target = "probe/" + UUID.randomUUID();
    }

    @AfterEach
    void nothingIsBarredAnyMore() {
        put();
        turn(rig.admin(), false);
        turn(operator, false);
    }

    @Test
    void parallelExecutionsNeverExceedACapBetweenThem() {
        // given: prepared while nothing is counted yet, on targets of their own
        put(Map.of("name", "at-most-three", "kind", "daily_cap", "targets", List.of(target + "/*"), "count", 3));
        List<ActionPrepared> prepared = new ArrayList<>();
        for (int at = 0; at < 12; at++) {
            prepared.add(rig.prepared(rig.request(ActionRig.probe(target + "/" + at))));
        }

        // when
        prepared.forEach(rig::grant);

        // then
        await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertThat(prepared)
                .allSatisfy(one ->
                        assertThat(rig.action(one.actionId()).get("status")).isIn("succeeded", "failed")));
        assertThat(prepared)
                .filteredOn(one -> rig.action(one.actionId()).get("status").equals("succeeded"))
                .hasSize(3);
        assertThat(prepared)
                .filteredOn(one -> !ProbeAction.journal(target(one)).isEmpty())
                .hasSize(3);
        assertThat(events.all(ActionFailed.class, e -> prepared.stream()
                        .anyMatch(one -> one.actionId().equals(e.actionId()))))
                .hasSize(9)
                .allSatisfy(failed -> {
                    assertThat(failed.code()).isEqualTo("guardrail_refused");
                    assertThat(failed.reason()).startsWith("at-most-three: ");
                });
    }

    @Test
    void moneyIsCountedAndWhatFailedGivesItsShareBack() {
        // given
        put(Map.of(
                "name",
                "money",
                "kind",
                "daily_cap",
                "targets",
                List.of(target + "*"),
                "sums",
                Map.of("EUR", "100.00")));
        ProbeAction.answers(target, new Answer.Refused("declined", "no"));
        UUID failed = rig.granted(ActionRig.probe(target, "80.00"));
        rig.awaitStatus(failed, "failed");

        // when
        UUID within = rig.granted(ActionRig.probe(target + "/2", "80.00"));
        rig.awaitStatus(within, "succeeded");
        UUID beyond = rig.request(ActionRig.probe(target + "/3", "20.01"));

        // then: refused as early as it is known, by name
        assertThat(rig.awaitStatus(beyond, "failed").object("failure"))
                .containsEntry("code", "guardrail_refused")
                .extractingByKey("reason")
                .asString()
                .startsWith("money: ");
        assertThat(rig.steps(beyond)).containsExactly("requested", "failed");
        UUID exactly = rig.granted(ActionRig.probe(target + "/4", "20.00"));
        rig.awaitStatus(exactly, "succeeded");
    }

    @Test
    void aCoolDownIsSeenInADryRunAndBarsUntilAnAdminBreaksTheGlass() {
        // given
        put(Map.of("name", "calm", "kind", "cool_down", "targets", List.of(target), "pause", "PT1H"));
        rig.awaitStatus(rig.granted(ActionRig.probe(target)), "succeeded");

        // when
        Api.Answer dry = rig.sre().post("/api/v1/actions/dry_run", ActionRig.probe(target));
        UUID barred = rig.request(ActionRig.probe(target));

        // then
        assertThat(dry.get("possible")).isEqualTo(false);
        assertThat(dry.list("guardrails")).singleElement().satisfies(finding -> assertThat(finding)
                .containsEntry("rule", "calm")
                .containsEntry("kind", "cool_down"));
        rig.awaitStatus(barred, "failed");

        // when
        Map<String, Object> body = ActionRig.probe(target);
        body.put("break_glass", "production is down");
        UUID broken = ActionRig.accepted(rig.admin().post("/api/v1/actions", body));
        ActionPrepared prepared = rig.prepared(broken);
        rig.grant(prepared);

        // then
        assertThat(prepared.facts().breakGlass()).isEqualTo("production is down");
        assertThat(rig.awaitStatus(broken, "succeeded").get("break_glass")).isEqualTo("production is down");
        assertThat(rig.steps(broken))
                .containsExactly(
                        "requested",
                        "break_glass",
                        "prepared",
                        "approved",
                        "guardrails_set_aside",
                        "executing",
                        "succeeded");
    }

    @Test
    void whatIsNotOnTheAllowListIsNotTouchedEvenWithBrokenGlass() {
        // given
        put(Map.of("name", "only-these", "kind", "allow_list", "targets", List.of(target)));
        Map<String, Object> body = ActionRig.probe(target + "/other");
        body.put("break_glass", "production is down");

        // when
        UUID action = ActionRig.accepted(rig.admin().post("/api/v1/actions", body));

        // then
        assertThat(String.valueOf(
                        rig.awaitStatus(action, "failed").object("failure").get("reason")))
                .startsWith("only-these: ");
        rig.awaitStatus(rig.granted(ActionRig.probe(target)), "succeeded");
    }

    @Test
    void theKillSwitchStopsWhatHasNotBegunAndLetsRunWhatHas() {
        // given
        CountDownLatch latch = ProbeAction.hold(target);
        UUID running = rig.granted(ActionRig.probe(target));
        await().until(() -> ProbeAction.journal(target).contains("begin opsrelay-" + running));
        UUID approved = rig.granted(ActionRig.probe(target));
        await().until(() -> rig.steps(approved).contains("waits"));
        ActionPrepared pending = rig.prepared(rig.request(ActionRig.probe(target + "/2")));

        // when
        assertThat(turn(rig.admin(), true).status()).isEqualTo(200);
        assertThat(events.await(
                        KillSwitchTurned.class, e -> e.by().equals("user:admin@" + CLIENT + ".example") && e.on()))
                .satisfies(turned -> {
                    assertThat(turned.reason()).isEqualTo("a test");
                    assertThat(turned.ofAll()).isFalse();
                });
        UUID late = rig.request(ActionRig.probe(target + "/3"));
        rig.grant(pending);
        latch.countDown();

        // then
        rig.awaitStatus(running, "succeeded");
        for (UUID stopped : List.of(approved, pending.actionId(), late)) {
            assertThat(String.valueOf(
                            rig.awaitStatus(stopped, "failed").object("failure").get("reason")))
                    .startsWith("kill_switch: ");
        }
        assertThat(ProbeAction.journal(target)).containsExactly("begin opsrelay-" + running, "end opsrelay-" + running);
        // Another client's actions go on.
        ActionRig acme = new ActionRig("acme", events, port);
        acme.awaitStatus(acme.granted(ActionRig.probe(target + "/4")), "succeeded");

        // when
        turn(rig.admin(), false);

        // then
        rig.awaitStatus(rig.granted(ActionRig.probe(target)), "succeeded");
    }

    @Test
    void theOperatorsSwitchStopsAllAndNoGlassBreaksIt() {
        // given
        ActionRig globex = new ActionRig("globex", events, port);
        assertThat(turn(operator, true).status()).isEqualTo(200);
        Map<String, Object> body = ActionRig.probe(target);
        body.put("break_glass", "production is down");

        try {
            // when
            UUID ours = ActionRig.accepted(rig.admin().post("/api/v1/actions", body));
            UUID theirs = globex.request(ActionRig.probe(target));

            // then
            assertThat(String.valueOf(
                            rig.awaitStatus(ours, "failed").object("failure").get("reason")))
                    .startsWith("kill_switch_of_all: ");
            globex.awaitStatus(theirs, "failed");
            assertThat(rig.sre().get("/api/v1/kill_switch").object("of_all")).containsEntry("on", true);
        } finally {
            turn(operator, false);
        }
        rig.awaitStatus(rig.granted(ActionRig.probe(target)), "succeeded");
    }

    @Test
    void aTargetOnWhichOneActionAfterTheOtherFailsIsLeftAlone() {
        // given
        put(Map.of(
                "name",
                "fuse",
                "kind",
                "breaker",
                "targets",
                List.of(target),
                "failures",
                2,
                "within",
                "PT10M",
                "open_for",
                "PT10M"));
        ProbeAction.answers(target, new Answer.Refused("broken", "no"));
        rig.awaitStatus(rig.granted(ActionRig.probe(target)), "failed");
        rig.awaitStatus(rig.granted(ActionRig.probe(target)), "failed");

        // when
        UUID third = rig.request(ActionRig.probe(target));

        // then
        assertThat(String.valueOf(
                        rig.awaitStatus(third, "failed").object("failure").get("reason")))
                .startsWith("fuse: ");
        assertThat(rig.sre().get("/api/v1/guardrails/breakers").items())
                .filteredOn(breaker -> breaker.get("target").equals(target))
                .singleElement()
                .satisfies(breaker ->
                        assertThat(breaker).containsEntry("failures", 2).containsKey("open_until"));

        assertThat(events.await(BreakerOpened.class, e -> e.target().equals(target)))
                .satisfies(opened -> {
                    assertThat(opened.rule()).isEqualTo("fuse");
                    assertThat(opened.failures()).isEqualTo(2);
                });
        Object version = rig.sre().get("/api/v1/guardrails").get("version");
        assertThat(rig.admin().get("/api/v1/actions/audit?subject=" + third).items())
                .extracting(item -> (Map<?, ?>) item.get("entry"))
                .filteredOn(entry -> entry.get("action").equals("action.failed"))
                .singleElement()
                .satisfies(entry -> {
                    assertThat(String.valueOf(entry.get("reason"))).startsWith("guardrail_refused: fuse: ");
                    assertThat(String.valueOf(entry.get("after")))
                            .contains("guardrail=fuse", "guardrails_version=" + version);
                });

        // when
        assertThat(rig.sre()
                        .post("/api/v1/guardrails/breakers/reset", Map.of("target", target))
                        .status())
                .isEqualTo(403);
        reset(204);
        reset(404);
        ProbeAction.answers(target, new Answer.Done(Map.of()));

        // then
        rig.awaitStatus(rig.granted(ActionRig.probe(target)), "succeeded");
    }

    private void reset(int status) {
        Api.Answer answer = rig.admin().post("/api/v1/guardrails/breakers/reset", Map.of("target", target));
        assertThat(answer.status()).isEqualTo(status);
    }

    @Test
    void rulesHaveVersionsAndWhoIsLateIsTold() {
        // given
        Api.Answer before = rig.admin().get("/api/v1/guardrails");
        Map<String, Object> body = Map.of(
                "rules",
                List.of(Map.of("name", "calm", "kind", "cool_down", "pause", "PT1M", "targets", List.of("x"))),
                "reason",
                "it was hectic");

        // when
        Api.Answer after = rig.admin()
                .put("/api/v1/guardrails", body, "If-Match", before.etag().orElseThrow());
        Api.Answer late = rig.admin()
                .put("/api/v1/guardrails", body, "If-Match", before.etag().orElseThrow());

        // then
        assertThat(after.status()).isEqualTo(200);
        assertThat(after.body())
                .containsEntry("changed_by", "user:admin@umbrella.example")
                .containsEntry("reason", "it was hectic");
        assertThat(late.status()).isEqualTo(412);
        Object version = after.get("version");
        assertThat(rig.admin().get("/api/v1/guardrails/versions/" + version).body())
                .isEqualTo(after.body());
        assertThat(rig.admin().get("/api/v1/guardrails/versions").items().getFirst())
                .containsEntry("version", version);
        assertThat(rig.admin().get("/api/v1/guardrails/versions/999999").status())
                .isEqualTo(404);
        assertThat(rig.sre().get("/api/v1/guardrails").body()).isEqualTo(after.body());
    }

    @Test
    void whatIsWrongIsRefusedByFieldAndChangesNothing() {
        Api.Answer before = rig.admin().get("/api/v1/guardrails");

        for (Object body : List.of(
                Map.of(),
                Map.of("rules", List.of(Map.of("name", "a", "kind", "moat"))),
                Map.of("rules", List.of(Map.of("name", "a", "kind", "rate", "per", "client", "per_hour", -3))))) {
            assertThat(rig.admin().put("/api/v1/guardrails", body).status())
                    .as("%s", body)
                    .isEqualTo(422);
        }
        assertThat(rig.admin()
                        .put("/api/v1/guardrails", Map.of("rules", List.of(), "bogus", 1))
                        .status())
                .isEqualTo(400);
        assertThat(rig.admin().post("/api/v1/kill_switch", Map.of("on", true)).status())
                .isEqualTo(422);
        assertThat(rig.admin()
                        .post("/api/v1/kill_switch", Map.of("reason", "x"))
                        .status())
                .isEqualTo(422);
        assertThat(rig.admin().get("/api/v1/guardrails").body()).isEqualTo(before.body());
    }

    @Test
    void rolesAndClientsSayWhoMay() {
        put(Map.of("name", "ours", "kind", "rate", "per", "client", "per_hour", 1000));
        Map<String, Object> rules = Map.of("rules", List.of());
        Map<String, Object> on = Map.of("on", true, "reason", "x");

        for (Role role : List.of(Role.VIEWER, Role.AGENT, Role.APPROVER, Role.SRE)) {
            Api other = Api.of(port, CLIENT, role);
            assertThat(other.get("/api/v1/guardrails").status()).as(role.name()).isEqualTo(200);
            assertThat(other.put("/api/v1/guardrails", rules).status())
                    .as(role.name())
                    .isEqualTo(403);
            assertThat(other.post("/api/v1/kill_switch", on).status())
                    .as(role.name())
                    .isEqualTo(403);
        }
        assertThat(Api.of(port, CLIENT, Role.INGEST).get("/api/v1/guardrails").status())
                .isEqualTo(403);
        assertThat(operator.put("/api/v1/guardrails", rules).status()).isEqualTo(403);
        assertThat(Api.of(port, "globex", Role.ADMIN).get("/api/v1/guardrails").list("rules"))
                .noneMatch(rule -> rule.get("name").equals("ours"));
        assertThat(JdbcClient.create(database.admin())
                        .sql("select count(*) from action.guardrail_set where client_id = 'globex'")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    private void put(Map<?, ?>... rules) {
        Api.Answer answer = rig.admin().put("/api/v1/guardrails", Map.of("rules", List.of(rules)));
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    }

    private static Api.Answer turn(Api who, boolean on) {
        return who.post("/api/v1/kill_switch", new HashMap<>(Map.of("on", on, "reason", "a test")));
    }

    private static String target(ActionPrepared prepared) {
        return String.valueOf(prepared.arguments().get("target"));
    }
}

package io.opsrelay.approval.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.contracts.ActionEvent.ActionPrepared;
import io.opsrelay.contracts.Effect;
import io.opsrelay.security.Caller;
import io.opsrelay.security.Role;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyTest {

    @Test
    void aRefundAlwaysNeedsAnApprover() {
        assertThat(Policy.verdictOn(action("refund", "ai:luna", Map.of())))
                .isEqualTo(new Verdict.RequirePerson("refund-needs-person", Set.of(Role.APPROVER)));
    }

    @Test
    void aBugReportMayBeWritten() {
        assertThat(Policy.verdictOn(action("bug_report", "ai:luna", Map.of())))
                .isEqualTo(new Verdict.Allow("bug-report-allowed"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"launch_rocket", "Refund", "refund ", "restart"})
    void whatNoRuleNamesIsDenied(String type) {
        assertThat(Policy.verdictOn(action(type, "ai:luna", Map.of()))).isInstanceOf(Verdict.Deny.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"restart_deployment", "rollout_restart", "scale_deployment"})
    void whatAPersonAsksOfADeploymentWithinTheGuardrailsIsGrantedAtOnce(String type) {
        assertThat(Policy.verdictOn(action(type, "user:sre@acme.example", Map.of())))
                .isEqualTo(new Verdict.Allow("own-deployment-action-allowed"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"restart_deployment", "rollout_restart", "scale_deployment"})
    void whatLeavesTheGuardrailsNeedsASecondPerson(String type) {
        assertThat(Policy.verdictOn(action(
                        type,
                        "user:sre@acme.example",
                        Map.of("outside_guardrails", List.of("agent-service is protected")))))
                .isEqualTo(new Verdict.RequirePerson("outside-guardrails-needs-second-person", Set.of(Role.SRE)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"restart_deployment", "rollout_restart", "scale_deployment"})
    void whatTheAgentProposesOnADeploymentNeedsAnSre(String type) {
        assertThat(Policy.verdictOn(action(type, "ai:flora", Map.of())))
                .isEqualTo(new Verdict.RequirePerson("deployment-proposal-needs-sre", Set.of(Role.SRE)));
    }

    private static ActionPrepared action(String type, String requester, Map<String, Object> details) {
        return new ActionPrepared(
                UUID.randomUUID(),
                UUID.randomUUID(),
                1,
                type,
                Map.of(),
                "0".repeat(64),
                new Effect("what it would do", null, details),
                requester,
                null);
    }

    @ParameterizedTest
    @EnumSource(value = Role.class, names = "OPERATOR", mode = EnumSource.Mode.EXCLUDE)
    void onlyTheRoleAskedForOrAnAdminMayDecide(Role role) {
        Caller caller = new Caller("acme", "somebody", Set.of(role), Instant.MAX);

        assertThat(Verdict.mayDecide(caller, Set.of(Role.APPROVER)))
                .isEqualTo(role == Role.APPROVER || role == Role.ADMIN);
    }
}

package io.opsrelay.approval.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.security.Caller;
import io.opsrelay.security.Role;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyTest {

    @Test
    void aRefundAlwaysNeedsAnApprover() {
        assertThat(Policy.verdictOn("refund"))
                .isEqualTo(new Verdict.RequirePerson("refund-needs-person", Set.of(Role.APPROVER)));
    }

    @Test
    void aBugReportMayBeWritten() {
        assertThat(Policy.verdictOn("bug_report")).isEqualTo(new Verdict.Allow("bug-report-allowed"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"launch_rocket", "Refund", "refund ", "restart", ""})
    void whatNoRuleNamesIsDenied(String type) {
        assertThat(Policy.verdictOn(type)).isInstanceOf(Verdict.Deny.class);
    }

    @ParameterizedTest
    @EnumSource(value = Role.class, names = "OPERATOR", mode = EnumSource.Mode.EXCLUDE)
    void onlyTheRoleAskedForOrAnAdminMayDecide(Role role) {
        Caller caller = new Caller("acme", "somebody", Set.of(role), Instant.MAX);

        assertThat(Verdict.mayDecide(caller, Set.of(Role.APPROVER)))
                .isEqualTo(role == Role.APPROVER || role == Role.ADMIN);
    }
}

package io.opsrelay.approval.policy;

import io.opsrelay.approval.rule.Policy;
import io.opsrelay.approval.rule.Rule;
import io.opsrelay.approval.rule.ShippedPolicy;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A policy as it was at some time.
 *
 * @param version counts the client's own policies from 1; 0 is the shipped one
 * @param changedBy who made it; absent for the shipped one
 * @param reason why, as far as that was said
 */
record PolicyVersion(
        long version,
        List<Rule> rules,
        @Nullable String changedBy,
        @Nullable Instant changedAt,
        @Nullable String reason) {

    PolicyVersion {
        rules = List.copyOf(rules);
    }

    static PolicyVersion shipped() {
        return new PolicyVersion(0, ShippedPolicy.policy().rules(), null, null, null);
    }

    Policy policy() {
        return new Policy(rules);
    }
}

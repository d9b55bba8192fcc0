package io.opsrelay.approval.policy;

import io.opsrelay.approval.rule.Evaluation;
import io.opsrelay.approval.rule.Looked;
import io.opsrelay.approval.rule.Policy;
import io.opsrelay.approval.rule.Then;
import io.opsrelay.approval.rule.Verdict;
import io.opsrelay.security.Role;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A question to a policy that changes nothing. */
final class Trial {

    private Trial() {}

    /**
     * What is asked.
     *
     * @param policy a draft to ask instead of the client's own
     */
    record Question(
            @Nullable DescribedAction action, @Nullable Policy policy) {}

    /**
     * What the policy says.
     *
     * @param policyVersion absent for a draft
     * @param decision allow, approve or deny
     * @param rule the rule that spoke
     * @param approvers who would have to approve, where people must
     * @param reason why it would be denied
     * @param looked the rules that were looked at, in order, with each of their conditions
     * @param notes what besides the rules had a say
     */
    record Answer(
            @Nullable Long policyVersion,
            Then.Decision decision,
            String rule,
            String inWords,
            @Nullable Approvers approvers,
            @Nullable String reason,
            List<Looked> looked,
            List<String> notes) {

        static Answer of(@Nullable Long version, Evaluation evaluation) {
            Verdict verdict = evaluation.verdict();
            return new Answer(
                    version,
                    switch (verdict) {
                        case Verdict.Allow allow -> Then.Decision.ALLOW;
                        case Verdict.RequirePeople people -> Then.Decision.APPROVE;
                        case Verdict.Deny deny -> Then.Decision.DENY;
                    },
                    verdict.rule(),
                    evaluation.inWords(),
                    verdict instanceof Verdict.RequirePeople people
                            ? new Approvers(people.count(), people.roles())
                            : null,
                    verdict instanceof Verdict.Deny deny ? deny.reason() : null,
                    evaluation.looked(),
                    evaluation.notes());
        }
    }

    /** @param roles any one of these each of them must have; an admin counts as any */
    record Approvers(int count, Set<Role> roles) {}
}

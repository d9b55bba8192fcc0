package io.opsrelay.approval.request;

import io.opsrelay.security.Role;
import java.util.HashSet;
import java.util.Set;

/**
 * What policy asked for.
 *
 * @param policyVersion of the client's policy; 0 is the shipped one
 * @param rule the rule that spoke
 * @param inWords that rule as a sentence
 * @param roles any one of these a person must have to decide; empty where policy decided alone
 * @param needed how many distinct people must approve; 0 where policy decided alone
 */
record Asked(long policyVersion, String rule, String inWords, Set<Role> roles, int needed) {

    Asked {
        roles = Set.copyOf(roles);
    }

    /** Whether people were asked at all. */
    boolean ofPeople() {
        return needed > 0;
    }

    Asked alsoOf(Set<Role> more) {
        Set<Role> all = new HashSet<>(roles);
        all.addAll(more);
        return new Asked(policyVersion, rule, inWords, all, needed);
    }
}

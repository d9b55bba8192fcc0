package io.opsrelay.approval.policy;

import io.opsrelay.security.Caller;
import io.opsrelay.security.Role;
import java.util.Set;
import java.util.stream.Collectors;

/** What policy says about an action. Each verdict names the rule it comes from. */
public sealed interface Verdict {

    /** The rule that spoke, e.g. {@code refund-needs-person}. */
    String rule();

    /** The actor that stands for policy where no person decides: {@code policy:<rule>}. */
    default String asActor() {
        return "policy:" + rule();
    }

    /** It may be done at once. */
    record Allow(String rule) implements Verdict {}

    /**
     * A person must decide.
     *
     * @param roles any one of these may decide; an admin always may
     */
    record RequirePerson(String rule, Set<Role> roles) implements Verdict {
        public RequirePerson {
            roles = Set.copyOf(roles);
            if (roles.isEmpty()) {
                throw new IllegalArgumentException("somebody must be able to decide");
            }
        }
    }

    /** It must not be done. */
    record Deny(String rule, String reason) implements Verdict {}

    /** Whether that caller may decide where one of {@code roles} is asked for. An admin counts as any of them. */
    static boolean mayDecide(Caller caller, Set<Role> roles) {
        return caller.hasAny(Role.ADMIN) || roles.stream().anyMatch(caller::hasAny);
    }

    /** The roles that may decide, in words. */
    static String inWords(Set<Role> roles) {
        return roles.stream().map(Role::wireName).sorted().collect(Collectors.joining(", ")) + " or admin";
    }
}

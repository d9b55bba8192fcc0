package io.opsrelay.approval.rule;

import io.opsrelay.security.Caller;
import io.opsrelay.security.Role;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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
     * People must decide.
     *
     * @param count how many distinct people must approve
     * @param roles any one of these each of them must have; an admin counts as any
     */
    record RequirePeople(String rule, int count, Set<Role> roles, Terms terms) implements Verdict {
        public RequirePeople {
            roles = Set.copyOf(roles);
            if (roles.isEmpty() || count < 1) {
                throw new IllegalArgumentException("somebody must be able to decide");
            }
        }
    }

    /** It must not be done. */
    record Deny(String rule, String reason) implements Verdict {}

    /**
     * How long people have, and what happens meanwhile. What is absent does not happen, but every request ends.
     *
     * @param expiresAfter the service's own lifetime if absent
     */
    record Terms(
            @Nullable Duration expiresAfter,
            @Nullable Duration remindAfter,
            @Nullable Duration escalateAfter,
            Set<Role> escalateTo) {

        public Terms {
            escalateTo = Set.copyOf(escalateTo);
        }

        /** Nothing but the usual end. */
        public static Terms usual() {
            return new Terms(null, null, null, Set.of());
        }
    }

    /** Whether that caller may decide where one of {@code roles} is asked for. An admin counts as any of them. */
    static boolean mayDecide(Caller caller, Set<Role> roles) {
        return caller.hasAny(Role.ADMIN) || roles.stream().anyMatch(caller::hasAny);
    }

    /** The roles that may decide, in words. */
    static String inWords(Set<Role> roles) {
        return roles.stream()
                        .filter(role -> role != Role.ADMIN)
                        .map(role -> role.wireName() + " or ")
                        .sorted()
                        .collect(Collectors.joining())
                + "admin";
    }
}

package io.opsrelay.action.catalogue;

import io.opsrelay.security.Caller;
import io.opsrelay.security.Role;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Who may have to do with actions of a category. */
public final class CategoryRoles {

    private CategoryRoles() {}

    /** Who may ask for one. */
    public static Set<Role> requesters(String category) {
        return switch (category) {
            case "financial", "account" -> EnumSet.of(Role.APPROVER, Role.AGENT, Role.ADMIN);
            case "operations" -> EnumSet.of(Role.SRE, Role.ADMIN);
            case "technical" -> EnumSet.of(Role.AGENT, Role.SRE, Role.ADMIN);
            default -> EnumSet.of(Role.AGENT, Role.APPROVER, Role.SRE, Role.ADMIN);
        };
    }

    /** Who may call off one that somebody else asked for. */
    public static Set<Role> overseers(String category) {
        return switch (category) {
            case "financial", "account" -> EnumSet.of(Role.APPROVER, Role.ADMIN);
            case "operations", "technical" -> EnumSet.of(Role.SRE, Role.ADMIN);
            default -> EnumSet.of(Role.APPROVER, Role.SRE, Role.ADMIN);
        };
    }

    /** Whether the caller has one of these roles. */
    public static boolean hasOneOf(Caller caller, Set<Role> roles) {
        return caller.hasAny(roles.toArray(Role[]::new));
    }

    /** As tokens name them, in a fixed order. */
    public static List<String> names(Set<Role> roles) {
        return Arrays.stream(Role.values())
                .filter(roles::contains)
                .map(Role::wireName)
                .collect(Collectors.toList());
    }
}

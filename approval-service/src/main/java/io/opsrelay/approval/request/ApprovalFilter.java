package io.opsrelay.approval.request;

import io.opsrelay.approval.request.ApprovalState.Status;
import io.opsrelay.security.Caller;
import io.opsrelay.security.Role;
import io.opsrelay.security.web.ProblemException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which requests a list shows: those for which all that is given holds.
 *
 * @param decidedBy who decided, or was among those who approved
 * @param role a role that may decide
 * @param mine only what this caller may approve at {@code now}
 * @param from created then or later
 * @param to created before
 */
record ApprovalFilter(
        @Nullable Status status,
        @Nullable String actionType,
        @Nullable String rule,
        @Nullable String requester,
        @Nullable String decidedBy,
        @Nullable UUID actionId,
        @Nullable UUID ticketId,
        @Nullable Role role,
        @Nullable Caller mine,
        @Nullable Instant from,
        @Nullable Instant to,
        Instant now) {

    /** The conditions as SQL on {@code approval a}, each beginning with {@code and}, and their parameters. */
    Sql sql() {
        List<String> conditions = new ArrayList<>();
        Map<String, Object> values = new HashMap<>();
        equal(conditions, values, "status", status == null ? null : nameOf(status));
        equal(conditions, values, "action_type", actionType);
        equal(conditions, values, "rule", rule);
        equal(conditions, values, "requester", requester);
        equal(conditions, values, "action_id", actionId);
        equal(conditions, values, "ticket_id", ticketId);
        if (decidedBy != null) {
            conditions.add("""
                        a.approval_id in (select d.approval_id from approval d where d.decided_by = :decided_by
                         union select v.approval_id from approval_vote v where v.voter = :decided_by)""");
            values.put("decided_by", decidedBy);
        }
        if (role != null) {
            conditions.add("a.roles @> array[:role]::text[]");
            values.put("role", role.wireName());
        }
        if (from != null) {
            conditions.add("a.created_at >= :from");
            values.put("from", from.atOffset(ZoneOffset.UTC));
        }
        if (to != null) {
            conditions.add("a.created_at < :to");
            values.put("to", to.atOffset(ZoneOffset.UTC));
        }
        if (mine != null) {
            mine(conditions, values, mine);
        }
        return new Sql(conditions.stream().map(condition -> " and " + condition).collect(Collectors.joining()), values);
    }

    private void mine(List<String> conditions, Map<String, Object> values, Caller caller) {
        conditions.add("a.status = 'pending'");
        conditions.add("a.expires_at > :now");
        conditions.add("not a.barred @> array[:me]::text[]");
        conditions.add("""
            not exists (select from approval_vote v where v.approval_id = a.approval_id and v.voter = :me)\
            """);
        if (!caller.hasAny(Role.ADMIN)) {
            conditions.add("a.roles && :my_roles::text[]");
        }
        values.put("now", now.atOffset(ZoneOffset.UTC));
        values.put("me", caller.asActor());
        values.put("my_roles", caller.roles().stream().map(Role::wireName).toArray(String[]::new));
    }

    private static void equal(
            List<String> conditions, Map<String, Object> values, String column, @Nullable Object wanted) {
        if (wanted != null) {
            conditions.add("a." + column + " = :" + column);
            values.put(column, wanted);
        }
    }

    static @Nullable Status statusOf(@Nullable String name) {
        return named("status", name, Status.values(), ApprovalFilter::nameOf);
    }

    static @Nullable Role roleOf(@Nullable String name) {
        return named("role", name, new Role[] {Role.APPROVER, Role.SRE, Role.ADMIN}, Role::wireName);
    }

    /** @throws ProblemException 400 if it is none */
    static @Nullable Instant timeOf(String field, @Nullable String text) {
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            throw ProblemException.badRequest(field, "must be a time such as 2026-11-01T00:00:00Z");
        }
    }

    private static <T> @Nullable T named(String field, @Nullable String name, T[] values, Function<T, String> nameOf) {
        if (name == null) {
            return null;
        }
        return Arrays.stream(values)
                .filter(value -> nameOf.apply(value).equals(name))
                .findFirst()
                .orElseThrow(() -> ProblemException.badRequest(
                        field,
                        "must be one of " + Arrays.stream(values).map(nameOf).collect(Collectors.joining(", "))));
    }

    static String nameOf(Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    /** @param conditions each beginning with {@code and} */
    record Sql(String conditions, Map<String, Object> values) {}
}

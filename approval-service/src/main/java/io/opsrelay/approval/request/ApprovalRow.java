package io.opsrelay.approval.request;

import io.opsrelay.approval.request.ApprovalState.Decision;
import io.opsrelay.approval.request.ApprovalState.Status;
import io.opsrelay.contracts.ActionEvent.ActionPrepared;
import io.opsrelay.contracts.ActionFacts;
import io.opsrelay.contracts.ContractJson;
import io.opsrelay.contracts.Effect;
import io.opsrelay.security.Role;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Reads an approval from a row of {@link ApprovalStore#SELECT}. */
final class ApprovalRow {

    private static final JsonMapper JSON = ContractJson.mapper();
    private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};
    private static final TypeReference<List<Decision>> VOTES = new TypeReference<>() {};

    private ApprovalRow() {}

    static Approval read(ResultSet row, int number) throws SQLException {
        Set<Role> roles = roles(row, "roles");
        Asked asked = new Asked(
                row.getLong("policy_version"),
                row.getString("rule"),
                row.getString("rule_in_words"),
                roles,
                roles.isEmpty() ? 0 : row.getInt("needed"));
        String claimedBy = row.getString("claimed_by");
        return new Approval(
                uuid(row, "approval_id"),
                action(row),
                texts(row, "barred"),
                asked,
                state(row, asked.needed()),
                deadlines(row),
                claimedBy == null ? null : new Claim(claimedBy, instant(row, "claimed_until")),
                instantOrNull(row, "ticket_changed_at"),
                Proposals.ticket(row.getString("ticket")),
                row.getObject("superseded_by", UUID.class),
                row.getLong("revision"),
                instant(row, "created_at"));
    }

    private static ActionPrepared action(ResultSet row) throws SQLException {
        String facts = row.getString("facts");
        String editable = row.getString("editable");
        return new ActionPrepared(
                uuid(row, "action_id"),
                row.getObject("ticket_id", UUID.class),
                row.getInt("version"),
                row.getString("action_type"),
                JSON.readValue(row.getString("arguments"), MAP),
                row.getString("arguments_hash"),
                JSON.readValue(row.getString("effect"), Effect.class),
                row.getString("requester"),
                row.getString("editor"),
                facts == null ? null : JSON.readValue(facts, ActionFacts.class),
                row.getString("edit_refused"),
                editable == null ? null : JSON.readValue(editable, MAP));
    }

    private static Deadlines deadlines(ResultSet row) throws SQLException {
        Long every = row.getObject("remind_every_ms", Long.class);
        return new Deadlines(
                instant(row, "expires_at"),
                every == null ? null : Duration.ofMillis(every),
                instantOrNull(row, "remind_at"),
                row.getInt("reminders"),
                instantOrNull(row, "escalate_at"),
                roles(row, "escalate_to"),
                instantOrNull(row, "escalated_at"));
    }

    private static ApprovalState state(ResultSet row, int needed) throws SQLException {
        Status status = Status.valueOf(row.getString("status").toUpperCase(Locale.ROOT));
        if (status == Status.PENDING) {
            return new ApprovalState.Pending(instant(row, "expires_at"), Math.max(1, needed), votes(row));
        }
        Instant at = instant(row, "decided_at");
        String reason = row.getString("reason");
        if (status == Status.EXPIRED) {
            return new ApprovalState.Expired(at, votes(row));
        }
        if (status == Status.CANCELLED && row.getString("decision") == null) {
            return new ApprovalState.Withdrawn(reason, at, votes(row));
        }
        Decision by = new Decision(row.getString("decided_by"), reason, at);
        return switch (status) {
            case APPROVED -> new ApprovalState.Approved(by, votesFor(by, needed, votes(row)));
            case REJECTED -> new ApprovalState.Rejected(by, votes(row));
            case RESPONDED -> new ApprovalState.Responded(by, votes(row));
            case CANCELLED ->
                new ApprovalState.Edited(by, JSON.readValue(row.getString("edited_arguments"), MAP), votes(row));
            case PENDING, EXPIRED -> throw new IllegalStateException("read above");
        };
    }

    /** What was approved before votes were kept had the one who decided. */
    private static List<Decision> votesFor(Decision by, int needed, List<Decision> kept) {
        return kept.isEmpty() && needed > 0 ? List.of(by) : kept;
    }

    private static List<Decision> votes(ResultSet row) throws SQLException {
        String votes = row.getString("votes");
        return votes == null ? List.of() : JSON.readValue(votes, VOTES);
    }

    private static UUID uuid(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(row.getObject(column, UUID.class));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(instantOrNull(row, column), column);
    }

    private static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static Set<Role> roles(ResultSet row, String column) throws SQLException {
        return texts(row, column).stream()
                .map(role -> Role.named(role).orElseThrow())
                .collect(Collectors.toSet());
    }

    private static Set<String> texts(ResultSet row, String column) throws SQLException {
        Array array = row.getArray(column);
        return Arrays.stream((String[]) array.getArray()).collect(Collectors.toUnmodifiableSet());
    }
}

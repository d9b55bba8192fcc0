package io.opsrelay.action.execution;

import io.opsrelay.action.catalogue.CanonicalArguments;
import io.opsrelay.action.execution.Action.Preparation;
import io.opsrelay.action.execution.ActionState.Status;
import io.opsrelay.contracts.ContractJson;
import io.opsrelay.contracts.Effect;
import io.opsrelay.contracts.TicketEvent.Customer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Reads rows of the table {@code action}. */
final class ActionRows {

    private static final JsonMapper JSON = ContractJson.mapper();
    private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

    private ActionRows() {}

    /** The row that the cursor stands on. */
    static Action action(ResultSet row, int number) throws SQLException {
        int version = row.getInt("version");
        return new Action(
                uuid(row, "action_id"),
                row.getObject("ticket_id", UUID.class),
                row.getString("action_type"),
                row.getString("requester"),
                customer(row.getString("customer")),
                JSON.readValue(row.getString("proposed"), MAP),
                version == 0
                        ? null
                        : new Preparation(
                                version,
                                new CanonicalArguments(row.getString("canonical")),
                                row.getString("arguments_hash"),
                                JSON.readValue(row.getString("effect"), Effect.class),
                                row.getString("editor"),
                                row.getString("target"),
                                row.getString("environment")),
                state(row),
                row.getObject("approval_id", UUID.class),
                row.getString("decided_by"),
                row.getString("provider"),
                new Action.Origin(
                        row.getObject("confidence", Double.class),
                        row.getString("break_glass"),
                        row.getObject("retry_of", UUID.class),
                        row.getObject("undoes", UUID.class)),
                row.getLong("revision"),
                instant(row, "created_at"),
                instant(row, "updated_at"));
    }

    private static @Nullable Customer customer(@Nullable String written) {
        return written == null ? null : JSON.readValue(written, Customer.class);
    }

    private static ActionState state(ResultSet row) throws SQLException {
        String reason = row.getString("failure_reason");
        return switch (Status.named(row.getString("status"))) {
            case REQUESTED -> {
                String edit = row.getString("edit");
                yield new ActionState.Requested(edit == null ? null : JSON.readValue(edit, ActionState.Edit.class));
            }
            case PREPARED -> new ActionState.Prepared();
            case AWAITING_APPROVAL -> new ActionState.AwaitingApproval(uuid(row, "approval_id"));
            case APPROVED ->
                new ActionState.Approved(
                        uuid(row, "approval_id"), row.getString("decided_by"), instant(row, "approved_until"));
            case EXECUTING -> new ActionState.Executing(row.getInt("attempt"));
            case UNKNOWN -> new ActionState.Unknown(row.getInt("attempt"), reason);
            case SETTLING ->
                new ActionState.Settling(row.getInt("attempt"), JSON.readValue(row.getString("result"), MAP));
            case SUCCEEDED -> new ActionState.Succeeded(JSON.readValue(row.getString("result"), MAP));
            case FAILED -> new ActionState.Failed(row.getString("failure_code"), reason);
            case REJECTED -> new ActionState.Rejected(row.getString("decided_by"), reason);
            case EXPIRED -> new ActionState.Expired();
            case CANCELLED -> new ActionState.Cancelled(row.getString("decided_by"), reason);
        };
    }

    static UUID uuid(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(row.getObject(column, UUID.class));
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(row.getObject(column, OffsetDateTime.class))
                .toInstant();
    }
}

package io.opsrelay.action.guardrail;

import io.opsrelay.contracts.Money;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An action that would begin.
 *
 * @param target what it touches, absent where that is nothing in particular
 * @param money what it moves
 * @param replicas how many instances it would have run, absent where it scales nothing
 * @param breakGlass why an admin sets guardrails aside, absent where they hold
 */
public record Attempt(
        UUID actionId,
        String actionType,
        @Nullable String target,
        @Nullable Money money,
        @Nullable Replicas replicas,
        @Nullable String breakGlass) {}

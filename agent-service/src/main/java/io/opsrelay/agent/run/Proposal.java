package io.opsrelay.agent.run;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An action that a run with a model proposed.
 *
 * @param callId the model's call of the tool, which wants a result
 * @param tool by code
 * @param orderId the order it is about, if any
 * @param news what became of it, once that is known
 */
record Proposal(
        UUID actionId,
        String callId,
        String tool,
        @Nullable String orderId,
        @Nullable News news) {}

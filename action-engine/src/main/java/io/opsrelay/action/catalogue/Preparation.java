package io.opsrelay.action.catalogue;

import io.opsrelay.contracts.Effect;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What came of preparing an action. */
public sealed interface Preparation {

    /**
     * It can be done.
     *
     * @param provider who will do it, e.g. {@code sandbox}
     * @param arguments exactly what will be executed
     * @param target what is touched, e.g. {@code order/A-1001}: actions on one target run one at a time, and guardrails
     *     count by it; absent where nothing in particular is touched
     * @param environment where the target runs, e.g. production; absent where nothing says so
     */
    record Ready(
            String provider,
            Map<String, Object> arguments,
            Effect effect,
            @Nullable String target,
            @Nullable String environment)
            implements Preparation {}

    /**
     * It cannot be done.
     *
     * @param code for machines, e.g. order_not_found
     * @param reason for a person
     */
    record Refused(String code, String reason) implements Preparation {}
}

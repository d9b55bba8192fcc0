package io.opsrelay.action.guardrail;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What stops everything that has not begun.
 *
 * @param own the client's, absent if it was never turned
 * @param ofAll the operators', absent if it was never turned
 */
record KillSwitch(@Nullable Turn own, @Nullable Turn ofAll) {

    /** As findings name it. */
    static final String OWN = "kill_switch";

    /** As findings name that of the operators. */
    static final String OF_ALL = "kill_switch_of_all";

    /** @param by who turned it */
    record Turn(boolean on, String by, Instant at, String reason) {}
}

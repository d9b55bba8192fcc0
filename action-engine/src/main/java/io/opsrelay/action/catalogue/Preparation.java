package io.opsrelay.action.catalogue;

import io.opsrelay.contracts.Effect;
import java.util.Map;

/** What came of preparing an action. */
public sealed interface Preparation {

    /**
     * It can be done.
     *
     * @param provider who will do it, e.g. {@code sandbox}
     * @param arguments exactly what will be executed
     */
    record Ready(String provider, Map<String, Object> arguments, Effect effect) implements Preparation {}

    /**
     * It cannot be done.
     *
     * @param code for machines, e.g. order_not_found
     * @param reason for a person
     */
    record Refused(String code, String reason) implements Preparation {}
}

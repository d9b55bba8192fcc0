package io.opsrelay.action.catalogue;

import java.util.Map;

/** What the outside world said to an action. */
public sealed interface Answer {

    /** @param result what was done: ids, amounts, times */
    record Done(Map<String, Object> result) implements Answer {}

    /**
     * It was taken and has not ended yet: it is asked after until it has, and not called again.
     *
     * @param result what is known so far
     */
    record Accepted(Map<String, Object> result) implements Answer {}

    /** It was not done and will not be. */
    record Refused(String code, String reason) implements Answer {}
}

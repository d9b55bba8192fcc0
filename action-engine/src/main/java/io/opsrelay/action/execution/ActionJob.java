package io.opsrelay.action.execution;

import java.util.Locale;

/** The kinds of slow work on an action. */
enum ActionJob {
    /** Resolve and check its arguments. */
    PREPARE,
    /** Call its provider, and settle what became of the call. */
    EXECUTE;

    static final String QUEUE = "actions";
    /** For what may last minutes: it must not take the places of what lasts milliseconds. */
    static final String LONG_QUEUE = "actions.long";

    String kind() {
        return name().toLowerCase(Locale.ROOT);
    }

    static ActionJob ofKind(String kind) {
        return valueOf(kind.toUpperCase(Locale.ROOT));
    }
}

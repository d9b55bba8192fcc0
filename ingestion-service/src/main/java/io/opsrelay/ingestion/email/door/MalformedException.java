package io.opsrelay.ingestion.email.door;

import java.util.LinkedHashMap;
import java.util.Map;

/** A request is not in its provider's form. */
final class MalformedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Map<String, String> reasons;

    MalformedException(String field, String reason) {
        this(Map.of(field, reason));
    }

    MalformedException(Map<String, String> reasonsByField) {
        super(reasonsByField.toString());
        this.reasons = new LinkedHashMap<>(reasonsByField);
    }

    /** By field. */
    Map<String, String> reasons() {
        return Map.copyOf(reasons);
    }
}

package io.opsrelay.action.catalogue;

import java.util.List;

/** Kinds of actions that a client has for itself, beside those that all have. */
@FunctionalInterface
public interface ClientKinds {

    /** Those of that client; none for most. */
    List<ActionKind> of(String clientId);
}

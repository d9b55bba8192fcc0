package io.opsrelay.action.catalogue;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A type of action: how it is resolved, done and asked after. All methods may block and none is called inside a
 * transaction.
 */
public interface ActionKind {

    /** The catalogue's name, e.g. {@code refund}. */
    String type();

    /** What it is like, for whoever chooses, asks for or decides about one. */
    Traits traits();

    /** Who may do it here, e.g. {@code sandbox}; empty where nobody does. */
    List<String> providers();

    /** Whether somebody is set up who does it for that client at all. */
    boolean serves(String clientId);

    /** Whether it can be called for that client now. What is approved waits until it can. */
    boolean accepting(String clientId);

    /** Resolves and checks the arguments and computes what it would do. An exception means: try again. */
    Preparation prepare(Proposal proposal);

    /**
     * Does it.
     *
     * @param idempotencyKey the same for every attempt at the same action
     * @param arguments as prepared
     * @param progress what people should see while it lasts
     * @throws OutcomeUnknownException if it may have been done or not
     */
    Answer execute(String clientId, String idempotencyKey, Map<String, Object> arguments, Progress progress);

    /**
     * What became of the call under that key: done, refused for good, or taken and not ended; empty if nothing was done
     * under it, so that it may be called again.
     *
     * @param progress what people should see of the call, told anew from its beginning where the provider knows that; a step
     *     says as well that the call was taken
     * @throws OutcomeUnknownException if the provider does not tell
     */
    Optional<Answer> find(String clientId, String idempotencyKey, Map<String, Object> arguments, Progress progress);
}

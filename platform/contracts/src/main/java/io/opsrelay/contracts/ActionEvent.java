package io.opsrelay.contracts;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The life of an action. Keyed by its ticket, or by the action itself where there is none.
 *
 * <p>{@code actionType} is the catalogue's name, e.g. {@code refund}. {@code requester} is who asked: {@code user:<name>}
 * or {@code ai:<persona>}.
 */
public sealed interface ActionEvent extends Event {

    /** The action. */
    UUID actionId();

    /** The ticket it belongs to, if any. */
    @Nullable
    UUID ticketId();

    @Override
    @JsonIgnore
    default String key() {
        UUID ticket = ticketId();
        return (ticket == null ? actionId() : ticket).toString();
    }

    /**
     * The agent proposes an action. From agent-service. Arguments name things (an order), never an amount or a
     * recipient: those are resolved by action-engine.
     *
     * @param customer whose ticket it is; what is resolved must belong to this customer
     * @param confidence how sure the agent is of what the ticket wants, 0 to 1; absent where it was not measured
     * @param ticket the ticket in short, for whoever decides; absent from older writers
     */
    @EventType(value = "io.opsrelay.action.proposed.v1", topic = Topics.TICKET)
    record ActionProposed(
            UUID actionId,
            UUID ticketId,
            UUID runId,
            String actionType,
            Map<String, Object> arguments,
            String requester,
            TicketEvent.Customer customer,
            @Nullable Double confidence,
            @Nullable TicketBrief ticket)
            implements ActionEvent {
        public ActionProposed {
            Require.present(actionId, "action_id");
            Require.present(ticketId, "ticket_id");
            Require.present(runId, "run_id");
            Require.text(actionType, "action_type");
            arguments = Require.map(arguments, "arguments");
            Require.text(requester, "requester");
            Require.present(customer, "customer");
            if (confidence != null && !(confidence >= 0 && confidence <= 1)) {
                throw new IllegalArgumentException("confidence must be from 0 to 1");
            }
        }

        /** One that does not tell of its ticket. */
        public ActionProposed(
                UUID actionId,
                UUID ticketId,
                UUID runId,
                String actionType,
                Map<String, Object> arguments,
                String requester,
                TicketEvent.Customer customer,
                @Nullable Double confidence) {
            this(actionId, ticketId, runId, actionType, arguments, requester, customer, confidence, null);
        }
    }

    /**
     * A person asks for an action, on no ticket. From action-engine, which such requests reach directly.
     *
     * @param arguments as they were asked for; not checked against the systems yet
     * @param breakGlass why an admin sets the guardrails aside, absent where they hold
     */
    @EventType(value = "io.opsrelay.action.requested.v1", topic = Topics.TICKET)
    record ActionRequested(
            UUID actionId,
            @Nullable UUID ticketId,
            String actionType,
            Map<String, Object> arguments,
            String requester,
            @Nullable String breakGlass)
            implements ActionEvent {
        public ActionRequested {
            Require.present(actionId, "action_id");
            Require.text(actionType, "action_type");
            arguments = Require.map(arguments, "arguments");
            Require.text(requester, "requester");
        }
    }

    /**
     * Arguments are resolved and checked, the effect is computed. From action-engine.
     *
     * @param version counts preparations of this action from 1; an edit makes a new one
     * @param arguments exactly what will be executed
     * @param argumentsHash SHA-256 (hex) of the canonical JSON (RFC 8785) of {@code arguments}
     * @param editor who edited the arguments to this version, absent for version 1
     * @param facts what policy may ask about besides; absent from older writers
     * @param editRefused why an edit of the version before was not taken over, for a person: these arguments are those of
     *     that version; absent otherwise, and from older writers
     * @param editable JSON Schema of an edit: the arguments that whoever decides may change; absent from older writers
     */
    @EventType(value = "io.opsrelay.action.prepared.v1", topic = Topics.TICKET)
    record ActionPrepared(
            UUID actionId,
            @Nullable UUID ticketId,
            int version,
            String actionType,
            Map<String, Object> arguments,
            String argumentsHash,
            Effect effect,
            String requester,
            @Nullable String editor,
            @Nullable ActionFacts facts,
            @Nullable String editRefused,
            @Nullable Map<String, Object> editable)
            implements ActionEvent {
        public ActionPrepared {
            Require.present(actionId, "action_id");
            if (version < 1) {
                throw new IllegalArgumentException("version must be at least 1");
            }
            Require.text(actionType, "action_type");
            arguments = Require.map(arguments, "arguments");
            Require.text(argumentsHash, "arguments_hash");
            Require.present(effect, "effect");
            Require.text(requester, "requester");
            editable = editable == null ? null : Require.map(editable, "editable");
        }

        /** One that no refused edit came before, and of which nobody says what may be edited. */
        public ActionPrepared(
                UUID actionId,
                @Nullable UUID ticketId,
                int version,
                String actionType,
                Map<String, Object> arguments,
                String argumentsHash,
                Effect effect,
                String requester,
                @Nullable String editor,
                @Nullable ActionFacts facts) {
            this(
                    actionId,
                    ticketId,
                    version,
                    actionType,
                    arguments,
                    argumentsHash,
                    effect,
                    requester,
                    editor,
                    facts,
                    null,
                    null);
        }
    }

    /** Execution began: the intent is committed, the provider is about to be called. From action-engine. */
    @EventType(value = "io.opsrelay.action.started.v1", topic = Topics.TICKET)
    record ActionStarted(UUID actionId, @Nullable UUID ticketId, String actionType, int attempt)
            implements ActionEvent {
        public ActionStarted {
            Require.present(actionId, "action_id");
            Require.text(actionType, "action_type");
        }
    }

    /**
     * It was done. From action-engine.
     *
     * @param result what the provider answered: ids, amounts, times
     * @param provider who did it, e.g. sandbox, stripe
     */
    @EventType(value = "io.opsrelay.action.succeeded.v1", topic = Topics.TICKET)
    record ActionSucceeded(
            UUID actionId, @Nullable UUID ticketId, String actionType, String provider, Map<String, Object> result)
            implements ActionEvent {
        public ActionSucceeded {
            Require.present(actionId, "action_id");
            Require.text(actionType, "action_type");
            Require.text(provider, "provider");
            result = Require.map(result, "result");
        }
    }

    /**
     * It was not done and will not be. From action-engine.
     *
     * @param code why, for machines: e.g. order_not_found, nothing_left_to_refund, approval_invalid, provider_refused
     * @param reason why, for a person
     */
    @EventType(value = "io.opsrelay.action.failed.v1", topic = Topics.TICKET)
    record ActionFailed(UUID actionId, @Nullable UUID ticketId, String actionType, String code, String reason)
            implements ActionEvent {
        public ActionFailed {
            Require.present(actionId, "action_id");
            Require.text(actionType, "action_type");
            Require.text(code, "code");
            Require.text(reason, "reason");
        }
    }

    /** The provider's answer was lost; a reconciler asks what happened. From action-engine. */
    @EventType(value = "io.opsrelay.action.outcome_unknown.v1", topic = Topics.TICKET)
    record ActionOutcomeUnknown(UUID actionId, @Nullable UUID ticketId, String actionType, String reason)
            implements ActionEvent {
        public ActionOutcomeUnknown {
            Require.present(actionId, "action_id");
            Require.text(actionType, "action_type");
            Require.text(reason, "reason");
        }
    }

    /**
     * It was called off before the provider was called. From action-engine.
     *
     * @param by who called it off
     * @param reason why, for a person
     */
    @EventType(value = "io.opsrelay.action.cancelled.v1", topic = Topics.TICKET)
    record ActionCancelled(UUID actionId, @Nullable UUID ticketId, String actionType, String by, String reason)
            implements ActionEvent {
        public ActionCancelled {
            Require.present(actionId, "action_id");
            Require.text(actionType, "action_type");
            Require.text(by, "by");
            Require.text(reason, "reason");
        }
    }
}

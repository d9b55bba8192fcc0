package io.opsrelay.contracts;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.List;

/** What holds for a client as a whole, whichever ticket it works on. The envelope names the client. */
public sealed interface ClientEvent extends Event {

    /** One for all, so that what is told of a client keeps its order. */
    @Override
    @JsonIgnore
    default String key() {
        return "client";
    }

    /**
     * Which actions have somebody who can carry them out for the client. From action-engine, which tells it again from time
     * to time whether or not it changed: the last word holds.
     *
     * @param types the catalogue's names, e.g. {@code refund}; whatever is not among them fails
     */
    @EventType(value = "io.opsrelay.client.actions_offered.v1", topic = Topics.TICKET)
    record ActionsOffered(List<String> types) implements ClientEvent {
        public ActionsOffered {
            Require.present(types, "types");
            types = List.copyOf(types);
        }
    }

    /**
     * Somebody stopped actions, or let them begin again. From action-engine; what operators turn for all clients comes in the
     * name of {@code operators}.
     *
     * @param on whether nothing begins any more
     * @param ofAll whether it is the switch of all clients
     * @param by who turned it: {@code user:<name>}
     * @param reason why, for people
     * @param at when
     */
    @EventType(value = "io.opsrelay.client.kill_switch_turned.v1", topic = Topics.TICKET)
    record KillSwitchTurned(boolean on, boolean ofAll, String by, String reason, Instant at) implements ClientEvent {

        /** In whose name operators act for all clients; no client has it. */
        public static final String OPERATORS = "operators";

        public KillSwitchTurned {
            Require.text(by, "by");
            Require.text(reason, "reason");
            Require.present(at, "at");
        }
    }

    /**
     * Actions on a target failed so often that none begins on it for a while. From action-engine.
     *
     * @param target as actions name it, e.g. {@code order/A-1001}
     * @param failures so many in a row
     * @param openUntil when one may try again
     * @param rule the guardrail's name
     */
    @EventType(value = "io.opsrelay.client.breaker_opened.v1", topic = Topics.TICKET)
    record BreakerOpened(String target, int failures, Instant openUntil, String rule) implements ClientEvent {
        public BreakerOpened {
            Require.text(target, "target");
            Require.present(openUntil, "open_until");
            Require.text(rule, "rule");
        }
    }
}

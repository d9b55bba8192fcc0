package io.opsrelay.ingestion.ticket;

import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where a ticket stands and what is known there. How it gets from one to another: {@link TicketLifecycle}. */
sealed interface TicketState {

    TicketStatus status();

    /** A run works on the ticket; what other runs say comes too late. */
    sealed interface Working extends TicketState {
        UUID runId();
    }

    /** The ticket has come to its end. */
    sealed interface Ended extends TicketState {}

    /** @param requested the run that was asked for, once one was: what older runs say comes too late; null: any run */
    record Received(@Nullable UUID requested) implements TicketState {
        /** A new ticket, which any run may take up. */
        Received() {
            this(null);
        }

        boolean awaits(UUID runId) {
            return requested == null || requested.equals(runId);
        }

        @Override
        public TicketStatus status() {
            return TicketStatus.RECEIVED;
        }
    }

    record Analyzing(UUID runId) implements Working {
        public Analyzing {
            Objects.requireNonNull(runId);
        }

        @Override
        public TicketStatus status() {
            return TicketStatus.ANALYZING;
        }
    }

    /** @param actionId what the person decides about */
    record AwaitingApproval(UUID runId, UUID actionId) implements Working {
        public AwaitingApproval {
            Objects.requireNonNull(runId);
            Objects.requireNonNull(actionId);
        }

        @Override
        public TicketStatus status() {
            return TicketStatus.AWAITING_APPROVAL;
        }
    }

    /** @param actionId what is executed */
    record Acting(UUID runId, UUID actionId) implements Working {
        public Acting {
            Objects.requireNonNull(runId);
            Objects.requireNonNull(actionId);
        }

        @Override
        public TicketStatus status() {
            return TicketStatus.ACTING;
        }
    }

    record Resolved() implements Ended {
        @Override
        public TicketStatus status() {
            return TicketStatus.RESOLVED;
        }
    }

    record Escalated() implements Ended {
        @Override
        public TicketStatus status() {
            return TicketStatus.ESCALATED;
        }
    }

    record Failed() implements Ended {
        @Override
        public TicketStatus status() {
            return TicketStatus.FAILED;
        }
    }

    record Closed() implements Ended {
        @Override
        public TicketStatus status() {
            return TicketStatus.CLOSED;
        }
    }
}

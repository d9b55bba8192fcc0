package io.opsrelay.approval.request;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where an approval request stands. Everything but {@link Pending} is final. */
sealed interface ApprovalState {

    /** The public name of the state: pending, approved, rejected, responded, expired, cancelled. */
    default Status status() {
        return switch (this) {
            case Pending pending -> Status.PENDING;
            case Approved approved -> Status.APPROVED;
            case Rejected rejected -> Status.REJECTED;
            case Responded responded -> Status.RESPONDED;
            case Expired expired -> Status.EXPIRED;
            case Edited edited -> Status.CANCELLED;
            case Withdrawn withdrawn -> Status.CANCELLED;
        };
    }

    /** Public statuses. An edited request and a withdrawn one are both cancelled; the decision tells them apart. */
    enum Status {
        PENDING,
        APPROVED,
        REJECTED,
        RESPONDED,
        EXPIRED,
        CANCELLED
    }

    /** Who has said yes, whatever became of it. */
    List<Decision> votes();

    /** A state that somebody brought about, or time did. */
    sealed interface Settled extends ApprovalState {
        Instant at();
    }

    /** A state that a person, or policy in a person's place, brought about. */
    sealed interface Decided extends Settled {
        Decision by();

        @Override
        default Instant at() {
            return by().at();
        }
    }

    /** @param actor {@code user:<name>} or {@code policy:<rule>} */
    record Decision(String actor, @Nullable String reason, Instant at) {}

    /**
     * Waits for people.
     *
     * @param needed how many distinct people must approve
     * @param votes of those who have
     */
    record Pending(Instant expiresAt, int needed, List<Decision> votes) implements ApprovalState {
        public Pending {
            votes = List.copyOf(votes);
            if (votes.size() >= needed) {
                throw new IllegalArgumentException("nothing is left to wait for");
            }
        }
    }

    /**
     * Enough people said yes, or policy did.
     *
     * @param by the last of them
     * @param votes of all of them; none where policy decided
     */
    record Approved(Decision by, List<Decision> votes) implements Decided {
        public Approved {
            votes = List.copyOf(votes);
        }
    }

    /** @param votes of those who had said yes before, here and in what follows */
    record Rejected(Decision by, List<Decision> votes) implements Decided {
        public Rejected {
            votes = List.copyOf(votes);
        }
    }

    record Responded(Decision by, List<Decision> votes) implements Decided {
        public Responded {
            votes = List.copyOf(votes);
        }
    }

    /** Replaced by a new preparation with these arguments. */
    record Edited(Decision by, Map<String, Object> arguments, List<Decision> votes) implements Decided {
        public Edited {
            votes = List.copyOf(votes);
        }
    }

    record Expired(Instant at, List<Decision> votes) implements Settled {
        public Expired {
            votes = List.copyOf(votes);
        }
    }

    /** Nothing is left to decide, since the action died or was prepared anew. */
    record Withdrawn(String reason, Instant at, List<Decision> votes) implements Settled {
        public Withdrawn {
            votes = List.copyOf(votes);
        }
    }
}

package io.opsrelay.messaging.consume;

import io.opsrelay.messaging.PoisonException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionTimedOutException;

/** What to do about an exception of a handler, or of a job's worker. */
public enum FailureKind {
    /** The record can never be applied: set it aside now. */
    POISON,
    /** Something around us is away: wait for it, for ever. */
    TRANSIENT,
    /** Looks like a fault of ours: try a few times, then set it aside so that what follows can go on. */
    FAULT;

    /** Connection lost, rolled back by contention, out of resources, not in the state needed, operator, disk. */
    private static final Set<String> TRANSIENT_SQL_CLASSES = Set.of("08", "40", "53", "55", "57", "58");

    /** A standby took the connection after a failover; idle or open for too long. */
    private static final Set<String> TRANSIENT_SQL_STATES = Set.of("25006", "25P03", "25P04");

    /** Tells by the exception and all its causes. */
    public static FailureKind of(Throwable failure) {
        if (causes(failure).anyMatch(PoisonException.class::isInstance)) {
            return POISON;
        }
        return causes(failure).anyMatch(FailureKind::isTransient) ? TRANSIENT : FAULT;
    }

    private static boolean isTransient(Throwable cause) {
        return switch (cause) {
            case SQLException sql -> isTransient(sql.getSQLState());
            // No work was done at all: not this record's fault, whatever the database says (a wrong password, say).
            case CannotCreateTransactionException e -> true;
            case CannotGetJdbcConnectionException e -> true;
            case TransactionTimedOutException e -> true;
            case TransientDataAccessException e -> true;
            case KafkaException e -> true;
            case IOException e -> true;
            case TimeoutException e -> true;
            case InterruptedException e -> true;
            default -> false;
        };
    }

    private static boolean isTransient(@Nullable String sqlState) {
        return sqlState == null
                || sqlState.length() < 2
                || TRANSIENT_SQL_CLASSES.contains(sqlState.substring(0, 2))
                || TRANSIENT_SQL_STATES.contains(sqlState);
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.<@Nullable Throwable>iterate(failure, cause -> cause != null, Throwable::getCause);
    }

    /** The innermost message, for a person. */
    static String reasonOf(Throwable failure) {
        Throwable root = failure;
        while (!(root instanceof PoisonException) && root.getCause() != null) {
            root = root.getCause();
        }
        return root instanceof PoisonException ? String.valueOf(root.getMessage()) : root.toString();
    }
}

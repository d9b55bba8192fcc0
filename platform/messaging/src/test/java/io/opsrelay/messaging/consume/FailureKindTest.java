package io.opsrelay.messaging.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.messaging.PoisonException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.errors.DisconnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.UnexpectedRollbackException;

class FailureKindTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"08006", "08001", "40001", "40P01", "53300", "55P03", "57P01", "57014", "58030", "25006", "25P03"
            })
    void aDatabaseThatIsAwayOrBusyIsWaitedFor(String sqlState) {
        assertThat(kindOf(new RuntimeException(new SQLException("no", sqlState))))
                .isEqualTo(FailureKind.TRANSIENT);
        assertThat(kindOf(new TransactionSystemException("commit", new SQLException("no", sqlState))))
                .isEqualTo(FailureKind.TRANSIENT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"23505", "22021", "22P02", "42P01", "25P02"})
    void aDatabaseThatRefusesTheStatementIsNot(String sqlState) {
        assertThat(kindOf(new RuntimeException(new SQLException("no", sqlState))))
                .isEqualTo(FailureKind.FAULT);
        assertThat(kindOf(new TransactionSystemException("commit", new SQLException("no", sqlState))))
                .isEqualTo(FailureKind.FAULT);
    }

    @Test
    void whatKeepsATransactionFromBeginningIsWaitedForWhateverItsCause() {
        assertThat(kindOf(new CannotCreateTransactionException("no", new SQLException("wrong password", "28P01"))))
                .isEqualTo(FailureKind.TRANSIENT);
    }

    @Test
    void kafkaAndTheNetworkAreWaitedFor() {
        assertThat(kindOf(new DisconnectException())).isEqualTo(FailureKind.TRANSIENT);
        assertThat(kindOf(new UncheckedIOException(new java.net.ConnectException())))
                .isEqualTo(FailureKind.TRANSIENT);
        assertThat(kindOf(new RuntimeException(new TimeoutException()))).isEqualTo(FailureKind.TRANSIENT);
        assertThat(kindOf(new CannotAcquireLockException("busy"))).isEqualTo(FailureKind.TRANSIENT);
    }

    @Test
    void aFaultOfOursIsAFault() {
        assertThat(kindOf(new NullPointerException())).isEqualTo(FailureKind.FAULT);
        assertThat(kindOf(new DuplicateKeyException("twice"))).isEqualTo(FailureKind.FAULT);
        assertThat(kindOf(new UnexpectedRollbackException("swallowed"))).isEqualTo(FailureKind.FAULT);
    }

    @Test
    void poisonIsPoisonHoweverDeep() {
        RuntimeException wrapped =
                new RuntimeException(new PoisonException("no such order", new SQLException("x", "08006")));

        assertThat(kindOf(wrapped)).isEqualTo(FailureKind.POISON);
        assertThat(FailureKind.reasonOf(wrapped)).isEqualTo("no such order");
    }

    private static FailureKind kindOf(Throwable failure) {
        return FailureKind.of(failure);
    }
}

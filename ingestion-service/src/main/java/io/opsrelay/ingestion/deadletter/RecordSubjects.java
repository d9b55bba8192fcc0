package io.opsrelay.ingestion.deadletter;

import io.opsrelay.messaging.RawRecord;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Implemented, as a bean, by who reads a topic that others write to in forms of their own: tells whom records are about
 * that were set aside.
 */
public interface RecordSubjects {

    /** The topic's short name, one of {@link io.opsrelay.contracts.Topics}. */
    String topic();

    /**
     * Whom each of the records is about, in their order. In a transaction of the client that they belong to.
     *
     * @param records of that topic; any of them may be unreadable
     */
    List<Subject> of(String clientId, List<RawRecord> records);

    /**
     * Whom a record is about, as far as it can be read.
     *
     * @param address the customer's, in lower case
     * @param ticketId one of the client's tickets, also one of a customer who was erased
     */
    record Subject(@Nullable String address, @Nullable UUID ticketId) {

        /** Of a record that nobody can read. */
        public static final Subject UNKNOWN = new Subject(null, null);
    }
}

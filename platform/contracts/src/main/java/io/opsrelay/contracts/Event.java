package io.opsrelay.contracts;

/**
 * Something that has happened and that other services may act upon. Implementations are records of one of the sealed
 * families and carry an {@link EventType}.
 */
public interface Event {

    /** The Kafka key: events of one key keep their order. A ticket's events share the ticket id. */
    String key();
}

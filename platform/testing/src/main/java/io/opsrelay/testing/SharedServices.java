package io.opsrelay.testing;

/** Kafka, PostgreSQL and Redis that were started for tests; closing ends them. */
interface SharedServices extends AutoCloseable {

    /** Where they are. */
    TestServices description();

    @Override
    void close();
}

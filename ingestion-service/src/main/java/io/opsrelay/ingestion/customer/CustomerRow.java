package io.opsrelay.ingestion.customer;

import io.opsrelay.ingestion.customer.CustomerView.Block;
import io.opsrelay.ingestion.customer.CustomerView.Summary;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The row of the table of customers that stands for a customer.
 *
 * @param revision counts the customer's changes, from 1
 */
record CustomerRow(
        UUID customerId,
        String email,
        @Nullable String name,
        @Nullable Block block,
        @Nullable Instant erasedAt,
        long revision,
        Instant createdAt,
        Instant updatedAt) {

    Summary summary() {
        return new Summary(customerId, email, name, block != null, erasedAt, createdAt, updatedAt);
    }

    CustomerRow named(@Nullable String newName, Instant now) {
        return new CustomerRow(customerId, email, newName, block, erasedAt, revision + 1, createdAt, now);
    }

    CustomerRow blocked(@Nullable Block newBlock, Instant now) {
        return new CustomerRow(customerId, email, name, newBlock, erasedAt, revision + 1, createdAt, now);
    }

    /** One that takes in another: what it lacks, it takes from there; who was blocked stays so. */
    CustomerRow with(CustomerRow other, Instant now) {
        return new CustomerRow(
                customerId,
                email,
                name == null ? other.name : name,
                block == null ? other.block : block,
                null,
                revision + 1,
                createdAt,
                now);
    }
}

package io.opsrelay.approval.rule;

import io.opsrelay.contracts.ContractJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** The policy of clients that have made none of their own: {@code policy/shipped.json}. */
public final class ShippedPolicy {

    private static final Policy POLICY = load();

    private ShippedPolicy() {}

    /** The rules every client starts with. */
    public static Policy policy() {
        return POLICY;
    }

    private static Policy load() {
        try (InputStream file = Objects.requireNonNull(
                ShippedPolicy.class.getResourceAsStream("/policy/shipped.json"), "the shipped policy is missing")) {
            return ContractJson.mapper().readValue(file, Policy.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

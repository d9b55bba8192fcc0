package io.opsrelay.action.payment;

import io.opsrelay.contracts.Money;
import java.time.Instant;

/** Money that went back. */
public record Refund(String refundId, String chargeId, String idempotencyKey, Money amount, Instant createdAt) {}

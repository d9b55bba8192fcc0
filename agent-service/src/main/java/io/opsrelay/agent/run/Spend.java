package io.opsrelay.agent.run;

import java.math.BigDecimal;
import java.time.LocalDate;

/**
 * What a client's runs used of one model on one day.
 *
 * @param day in UTC
 * @param model its name in the configuration; {@code embedding} for what turns questions into vectors
 * @param runs those in which it was asked, each counted on the day of the first time
 * @param answers of it, also those that were no use
 * @param costUsd by the prices that were configured then
 */
record Spend(
        LocalDate day,
        String model,
        long runs,
        long answers,
        long inputTokens,
        long outputTokens,
        BigDecimal costUsd) {}

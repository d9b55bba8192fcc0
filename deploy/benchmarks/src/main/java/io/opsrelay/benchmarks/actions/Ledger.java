package io.opsrelay.benchmarks.actions;

import io.opsrelay.contracts.ContractJson;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads what the services and the sandbox have written. */
final class Ledger {

    private final Connection database;

    Ledger(Connection database) {
        this.database = database;
    }

    /** How many actions there are, and how many of them are not at their end. */
    long[] counts() throws SQLException {
        return new long[] {
            number("select count(*) from action.action"),
            number("select count(*) from action.action"
                    + " where status not in ('succeeded', 'failed', 'rejected', 'expired', 'cancelled')")
        };
    }

    long number(String sql) throws SQLException {
        try (PreparedStatement statement = database.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    /** Figures of one row, in milliseconds. */
    List<Double> millis(String sql) throws SQLException {
        List<Double> values = new ArrayList<>();
        try (PreparedStatement statement = database.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                values.add(row.getDouble(1));
            }
        }
        return values;
    }

    /**
     * Everything.
     *
     * @param rollouts how often the launcher did something, by the reason
     * @param accepted ids of actions that were taken in for sure
     */
    Books books(Map<String, Integer> rollouts, Set<String> accepted) throws SQLException {
        List<Books.Effect> effects = new ArrayList<>(rows(
                "select client_id, idempotency_key, amount::numeric(19, 2)::text from action.sandbox_refund",
                row -> new Books.Effect(row.getString(1), row.getString(2), row.getString(3))));
        rollouts.forEach((reason, times) ->
                effects.addAll(Collections.nCopies(times, new Books.Effect(null, "rollout " + reason, null))));
        return new Books(
                rows(
                        "select client_id, action_id, action_type, requester, status, approval_id, arguments_hash,"
                                + " canonical from action.action",
                        Ledger::action),
                rows(
                        "select client_id, approval_id, action_id, status, arguments_hash, requester, decided_by"
                                + " from approval.approval",
                        row -> new Books.Approval(
                                row.getString(1),
                                row.getString(2),
                                row.getString(3),
                                row.getString(4),
                                row.getString(5),
                                row.getString(6),
                                row.getString(7))),
                effects,
                accepted);
    }

    private static Books.Action action(ResultSet row) throws SQLException {
        String canonical = row.getString(8);
        JsonNode arguments = ContractJson.mapper().readTree(canonical == null ? "{}" : canonical);
        boolean refund = row.getString(3).equals("refund");
        return new Books.Action(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                refund
                        ? "opsrelay-" + row.getString(2)
                        : "rollout " + arguments.path("reason").asString(""),
                refund ? arguments.path("amount").asString(null) : null);
    }

    private <T> List<T> rows(String sql, Reader<T> reader) throws SQLException {
        List<T> rows = new ArrayList<>();
        try (PreparedStatement statement = database.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                rows.add(reader.read(row));
            }
        }
        return rows;
    }

    private interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }
}

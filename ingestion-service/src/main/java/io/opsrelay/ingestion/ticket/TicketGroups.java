package io.opsrelay.ingestion.ticket;

import io.opsrelay.ingestion.ticket.TicketView.Summary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The values of a column of few, in the order of a list that is sorted by it. In a transaction of the client. */
final class TicketGroups {

    private final JdbcClient jdbc;
    private final TicketFilter filter;
    private final TicketSort sort;

    /** @throws IllegalArgumentException for an order that is by no such column */
    TicketGroups(JdbcClient jdbc, TicketFilter filter, TicketSort sort) {
        if (!sort.isByValue()) {
            throw new IllegalArgumentException(sort + " is not by a column of few values");
        }
        this.jdbc = jdbc;
        this.filter = filter;
        this.sort = sort;
    }

    /**
     * Tickets that have the same value.
     *
     * @param value null for those that have none
     * @param filter which they are
     */
    record Group(@Nullable String value, TicketFilter filter) {}

    /** The value of a ticket. */
    @Nullable
    String of(Summary ticket) {
        return switch (sort.column()) {
            case "status" -> ticket.status();
            case "channel" -> ticket.channel();
            default -> ticket.category();
        };
    }

    /** From the one of the cursor on, also if no ticket has its value any more. */
    List<Group> from(@Nullable ListCursor cursor) {
        Comparator<@Nullable String> order = order();
        return values().stream()
                .filter(value -> cursor == null || order.compare(value, cursor.group()) >= 0)
                .sorted(order)
                .map(value -> new Group(value, narrowed(value)))
                .toList();
    }

    private TicketFilter narrowed(@Nullable String value) {
        return switch (sort.column()) {
            case "status" -> filter.withStatus(TicketStatus.of(String.valueOf(value)));
            case "channel" -> filter.withChannel(String.valueOf(value));
            default -> filter.withCategory(value);
        };
    }

    private Comparator<@Nullable String> order() {
        Comparator<String> values = sort.column().equals("status")
                ? Comparator.comparing(TicketStatus::of)
                : Comparator.<String>naturalOrder();
        return Comparator.nullsLast(sort.isDescending() ? values.reversed() : values);
    }

    private List<@Nullable String> values() {
        return switch (sort.column()) {
            case "status" ->
                new ArrayList<>((filter.statuses().isEmpty() ? Arrays.asList(TicketStatus.values()) : filter.statuses())
                        .stream().map(TicketStatus::wireName).toList());
            case "channel" -> filter.channel() == null ? distinct() : Collections.singletonList(filter.channel());
            default -> {
                if (filter.category() != null) {
                    yield Collections.singletonList(filter.category());
                }
                List<@Nullable String> all = distinct();
                all.add(null);
                yield all;
            }
        };
    }

    /** From one value to the next by the index, whatever the number of tickets that have it. */
    private List<@Nullable String> distinct() {
        String column = sort.column();
        return new ArrayList<>(
                jdbc.sql("""
                        with recursive step as (
                            (select %1$s as value from ticket where %1$s is not null order by %1$s limit 1)
                            union all
                            select (select %1$s from ticket where %1$s > step.value order by %1$s limit 1)
                            from step where step.value is not null
                        ) select value from step where value is not null""".formatted(column)).query(String.class).list());
    }
}

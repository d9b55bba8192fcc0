package io.opsrelay.approval.rule;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A part of the week. One that ends before it begins goes on past midnight and belongs to the day on which it began.
 *
 * @param days mon to sun; every day if absent
 * @param from when it begins, {@code HH:mm}; midnight if absent
 * @param to when it is over, {@code HH:mm}; the next midnight if absent
 * @param zone whose clocks count, e.g. {@code Europe/Berlin}
 */
public record TimeWindow(
        @Nullable List<String> days,
        @Nullable String from,
        @Nullable String to,
        String zone) {

    private static final Pattern TIME = Pattern.compile("([01][0-9]|2[0-3]):[0-5][0-9]");
    private static final List<String> DAYS =
            Arrays.stream(DayOfWeek.values()).map(TimeWindow::name).toList();

    public TimeWindow {
        days = days == null ? null : List.copyOf(days);
        if (days != null && (days.isEmpty() || !DAYS.containsAll(days))) {
            throw new InvalidPolicyException("days", "must name at least one of " + String.join(", ", DAYS));
        }
        checkTime("from", from);
        checkTime("to", to);
        if (from != null && from.equals(to)) {
            throw new InvalidPolicyException("to", "must differ from from; leave both out for the whole day");
        }
        if (days == null && from == null && to == null) {
            throw new InvalidPolicyException("days", "must be given, or from and to: this window is always open");
        }
        try {
            ZoneId.of(String.valueOf(zone));
        } catch (DateTimeException e) {
            throw new InvalidPolicyException("zone", "must be a time zone such as Europe/Berlin or UTC");
        }
    }

    private static void checkTime(String field, @Nullable String time) {
        if (time != null && !TIME.matcher(time).matches()) {
            throw new InvalidPolicyException(field, "must be a time of day from 00:00 to 23:59");
        }
    }

    boolean holds(Instant at) {
        ZonedDateTime local = at.atZone(ZoneId.of(zone));
        LocalTime time = local.toLocalTime();
        LocalTime begin = from == null ? LocalTime.MIN : LocalTime.parse(from);
        LocalTime end = to == null ? null : LocalTime.parse(to);
        if (end == null || end.equals(LocalTime.MIN)) {
            return isOn(local.getDayOfWeek()) && !time.isBefore(begin);
        }
        if (begin.isBefore(end)) {
            return isOn(local.getDayOfWeek()) && !time.isBefore(begin) && time.isBefore(end);
        }
        return !time.isBefore(begin)
                ? isOn(local.getDayOfWeek())
                : time.isBefore(end) && isOn(local.getDayOfWeek().minus(1));
    }

    private boolean isOn(DayOfWeek day) {
        return days == null || days.contains(name(day));
    }

    private static String name(DayOfWeek day) {
        return day.name().substring(0, 3).toLowerCase(Locale.ROOT);
    }

    String inWords() {
        String hours = from == null && to == null
                ? ""
                : (from == null ? "00:00" : from) + " to " + (to == null ? "24:00" : to) + " ";
        return (days == null ? "" : String.join(", ", days) + " ") + hours + "in " + zone;
    }
}

package io.opsrelay.gateway.socketio;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The present figures of one client, as {@code metrics:initial} shows them: each AI employee's under the employee's name,
 * the client's own beside them. A figure that nobody has reported is absent; none is made up.
 *
 * <p>Older dashboards put the {@code value} of an update in the place of what stood under its {@code metric}. So an
 * update names one entry of this board and brings all of it: for an employee, the object with all of the employee's
 * figures.
 */
final class Board {

    /** Figures of one client. More are not shown: they would come from a writer that makes up names. */
    static final int MOST_FIGURES = 2000;

    private final Map<String, Entry> own = new TreeMap<>();
    private final Map<String, Entry> employees = new TreeMap<>();
    private int figures;

    /**
     * Takes a figure.
     *
     * @param newest whether it is newer than what is here; otherwise what is here stays
     * @return the entry that it belongs to; null if the board is full
     */
    @Nullable
    String put(DashboardUpdate.Metric metric, boolean newest) {
        String employee = metric.aiEmployee();
        Map<String, Entry> entries = employee == null ? own : employees;
        String name = employee == null ? metric.metric() : employee;
        Entry entry = entries.get(name);
        boolean known = entry != null && entry.figures.containsKey(metric.metric());
        if (known && !newest) {
            return name;
        }
        if (!known && figures == MOST_FIGURES) {
            return null;
        }
        if (!known) {
            figures++;
        }
        if (entry == null) {
            entry = new Entry(metric.timestamp());
            entries.put(name, entry);
        } else if (newest) {
            entry.timestamp = metric.timestamp();
        }
        entry.figures.put(metric.metric(), metric.value());
        return name;
    }

    /** Whether it says what is here already. */
    boolean shows(DashboardUpdate.Metric metric) {
        String employee = metric.aiEmployee();
        Entry entry = employee == null ? own.get(metric.metric()) : employees.get(employee);
        return entry != null && metric.value().equals(entry.figures.get(metric.metric()));
    }

    /** Everything, for {@code metrics:initial}. */
    Map<String, Object> initial() {
        Map<String, Object> all = new LinkedHashMap<>();
        own.keySet().forEach(name -> all.put(name, valueOf(name)));
        employees.keySet().forEach(name -> all.put(name, valueOf(name)));
        return all;
    }

    Set<String> names() {
        return initial().keySet();
    }

    /** One entry, for {@code metrics:update}. */
    Map<String, Object> update(String name) {
        Map<String, Object> update = new LinkedHashMap<>();
        update.put("metric", name);
        update.put("value", valueOf(name));
        update.put("timestamp", entryOf(name).timestamp);
        return update;
    }

    private Object valueOf(String name) {
        Map<String, JsonNode> figures = entryOf(name).figures;
        return employees.containsKey(name)
                ? figures
                : figures.values().iterator().next();
    }

    /** Where a metric of the client is called like an employee, the employee is shown. */
    private Entry entryOf(String name) {
        Entry employee = employees.get(name);
        Entry entry = employee == null ? own.get(name) : employee;
        if (entry == null) {
            throw new IllegalArgumentException("nothing is called " + name);
        }
        return entry;
    }

    private static final class Entry {

        private final Map<String, JsonNode> figures = new TreeMap<>();
        private String timestamp;

        Entry(String timestamp) {
            this.timestamp = timestamp;
        }
    }
}

package io.opsrelay.action.bugtracker;

import io.opsrelay.action.remote.OutsideText;
import io.opsrelay.contracts.TicketEvent.Customer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What developers are told.
 *
 * @param title one line
 * @param description plain text; what a tracker would read as more than that, is its client's matter to defuse
 * @param priority low, normal, high or urgent
 */
record BugReport(String title, String description, String priority) {

    static final int LONGEST_TITLE = 200;
    static final int LONGEST_DESCRIPTION = 8_000;
    static final List<String> PRIORITIES = List.of("low", "normal", "high", "urgent");

    private static final Set<String> KNOWN = Set.of("title", "description", "priority");

    BugReport {
        if (!PRIORITIES.contains(priority)) {
            throw new IllegalArgumentException("priority must be one of " + String.join(", ", PRIORITIES));
        }
    }

    /**
     * Reads it, and takes out addresses that who asked has left in.
     *
     * @throws IllegalArgumentException with a reason for a person
     */
    static BugReport from(Map<String, Object> arguments, @Nullable Customer customer) {
        arguments.keySet().stream()
                .filter(name -> !KNOWN.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new IllegalArgumentException(OutsideText.line(name, 60) + " is no argument of a bug report");
                });
        String title = text(arguments, "title", LONGEST_TITLE);
        String description = text(arguments, "description", LONGEST_DESCRIPTION);
        Object priority = arguments.getOrDefault("priority", "normal");
        // What cannot be seen is gone by then, and what took an address's place may be longer than it.
        String shownTitle = clipped(clean(OutsideText.line(title, LONGEST_TITLE), customer), LONGEST_TITLE);
        String shownDescription = clipped(clean(OutsideText.clean(description).strip(), customer), LONGEST_DESCRIPTION);
        if (shownTitle.isBlank() || shownDescription.isBlank()) {
            throw new IllegalArgumentException("title and description must hold text that can be seen");
        }
        return new BugReport(shownTitle, shownDescription, priority instanceof String text ? text : "");
    }

    private static String clipped(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest);
    }

    private static String clean(String text, @Nullable Customer customer) {
        String less = customer == null
                ? text
                : Pattern.compile(Pattern.quote(customer.email()), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)
                        .matcher(text)
                        .replaceAll("[e-mail]");
        return OutsideText.withoutAddresses(less);
    }

    private static String text(Map<String, Object> arguments, String name, int longest) {
        if (!(arguments.get(name) instanceof String text) || text.isBlank()) {
            throw new IllegalArgumentException(name + " must be a text that is not empty");
        }
        if (text.length() > longest) {
            throw new IllegalArgumentException(name + " must have at most " + longest + " characters");
        }
        return text;
    }

    Map<String, Object> arguments() {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("title", title);
        arguments.put("description", description);
        arguments.put("priority", priority);
        return arguments;
    }
}

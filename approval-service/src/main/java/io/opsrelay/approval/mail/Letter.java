package io.opsrelay.approval.mail;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.HtmlUtils;

/**
 * What a mail says. Its links lead to pages that want a sign-in; there is nothing in it to decide with.
 *
 * @param subject one line
 */
record Letter(String subject, String text, String html) {

    /** Most that is listed; of more the number is said. */
    static final int MOST_LISTED = 20;

    private static final int MAX_SUBJECT = 150;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);
    private static final String FOOTER =
            "To decide, sign in to OpsRelay. This mail was sent automatically; answers are not read.";

    private static final Map<String, String> HEADINGS = Map.ofEntries(
            Map.entry("approval.requested", "Approval needed"),
            Map.entry("approval.reminder", "Still waiting for approval"),
            Map.entry("approval.escalated", "Approval escalated"),
            Map.entry("approval.decided", "Approval decided"),
            Map.entry("approval.expired", "Approval expired"),
            Map.entry("approval.withdrawn", "Approval withdrawn"),
            Map.entry("policy.changed", "Policy changed"),
            Map.entry("action.succeeded", "Action done"),
            Map.entry("action.failed", "Action failed"),
            Map.entry("action.unknown", "Action's outcome unknown"),
            Map.entry("action.cancelled", "Action called off"),
            Map.entry("kill_switch.on", "All actions stopped"),
            Map.entry("kill_switch.off", "Actions may begin again"),
            Map.entry("breaker.opened", "Target left alone after failures"),
            Map.entry("webhook.disabled", "Webhook disabled"));

    /**
     * Pure.
     *
     * @param notices in the order in which they came, at least one; of one subject only the newest is told
     * @param link the address of a path in the dashboard
     */
    static Letter of(List<Told> notices, Function<String, String> link) {
        Map<UUID, Told> newest = new LinkedHashMap<>();
        for (Told notice : notices) {
            newest.remove(notice.subject());
            newest.put(notice.subject(), notice);
        }
        List<Told> told = List.copyOf(newest.values());
        List<Item> items = told.stream()
                .limit(MOST_LISTED)
                .map(notice -> Item.of(notice, link))
                .toList();
        int unlisted = told.size() - items.size();
        String subject = subject(told);
        return new Letter(subject, text(subject, items, unlisted, link), html(subject, items, unlisted, link));
    }

    private static String subject(List<Told> told) {
        if (told.size() == 1) {
            Told one = told.getFirst();
            String what = one.data().get("effect");
            String subject = heading(one) + (what == null ? "" : ": " + what);
            return subject.length() <= MAX_SUBJECT ? subject : subject.substring(0, MAX_SUBJECT - 1) + "…";
        }
        long waiting = told.stream().filter(Told::isWaiting).count();
        long others = told.size() - waiting;
        if (waiting == 0) {
            return others + " notices";
        }
        String many = waiting == 1 ? "1 request waits for a decision" : waiting + " requests wait for a decision";
        return others == 0 ? many : many + ", " + others + (others == 1 ? " other notice" : " other notices");
    }

    private static String heading(Told notice) {
        String status = notice.data().get("status");
        String heading = notice.data().containsKey("break_glass")
                ? "Break-glass: " + HEADINGS.getOrDefault(notice.type(), notice.type())
                : HEADINGS.getOrDefault(notice.type(), notice.type());
        return notice.type().equals("approval.decided") && status != null ? heading + " (" + status + ")" : heading;
    }

    private static String text(String subject, List<Item> items, int unlisted, Function<String, String> link) {
        StringBuilder text = new StringBuilder(subject).append("\n");
        for (Item item : items) {
            text.append("\n").append(item.heading()).append("\n");
            item.facts()
                    .forEach((name, value) ->
                            text.append(name).append(": ").append(value).append("\n"));
            text.append(item.link()).append("\n");
        }
        if (unlisted > 0) {
            text.append("\nand ")
                    .append(unlisted)
                    .append(" more: ")
                    .append(link.apply("/approvals"))
                    .append("\n");
        }
        return text.append("\n-- \n").append(FOOTER).append("\n").toString();
    }

    private static String html(String subject, List<Item> items, int unlisted, Function<String, String> link) {
        StringBuilder html = new StringBuilder("<!DOCTYPE html><html><body><h2>")
                .append(escaped(subject))
                .append("</h2>");
        for (Item item : items) {
            html.append("<h3>").append(escaped(item.heading())).append("</h3><ul>");
            item.facts().forEach((name, value) -> html.append("<li>")
                    .append(escaped(name))
                    .append(": ")
                    .append(escaped(value))
                    .append("</li>"));
            html.append("</ul><p>")
                    .append(anchor(item.link(), "Open in OpsRelay"))
                    .append("</p>");
        }
        if (unlisted > 0) {
            html.append("<p>")
                    .append(anchor(link.apply("/approvals"), "and " + unlisted + " more"))
                    .append("</p>");
        }
        return html.append("<hr><p>")
                .append(escaped(FOOTER))
                .append("</p></body></html>")
                .toString();
    }

    private static String anchor(String address, String text) {
        return "<a href=\"" + escaped(address) + "\">" + escaped(text) + "</a>";
    }

    private static String escaped(String text) {
        return HtmlUtils.htmlEscape(text, "UTF-8");
    }

    /** What is said of one notice. */
    private record Item(String heading, Map<String, String> facts, String link) {

        static Item of(Told notice, Function<String, String> link) {
            Map<String, String> facts = new LinkedHashMap<>();
            put(facts, "Effect", notice.data().get("effect"));
            put(facts, "Action", notice.data().get("action_type"));
            put(facts, "Target", notice.data().get("target"));
            put(facts, "Failure", notice.data().get("failure_code"));
            put(facts, "Called off by", notice.data().get("cancelled_by"));
            put(
                    facts,
                    notice.type().equals("breaker.opened") ? "Rule" : "Rule that asked",
                    notice.data().get("rule"));
            put(facts, "Failures in a row", notice.data().get("failures"));
            put(facts, "Left alone until", time(notice.data().get("open_until")));
            put(facts, "Decided by", notice.data().get("decided_by"));
            put(facts, "Reason", notice.data().get("reason"));
            put(facts, "Version", notice.data().get("version"));
            put(facts, "Changed by", notice.data().get("changed_by"));
            if (notice.isWaiting()) {
                put(facts, "Deadline", time(notice.data().get("expires_at")));
            }
            String path = notice.type().startsWith("approval.")
                    ? "/approvals/" + notice.subject()
                    : isStop(notice.type()) ? "/operations" : "/";
            return new Item(Letter.heading(notice), facts, link.apply(path));
        }

        private static boolean isStop(String type) {
            return type.startsWith("kill_switch.") || type.startsWith("breaker.");
        }

        private static void put(Map<String, String> facts, String name, @Nullable String value) {
            if (value != null && !value.isBlank()) {
                facts.put(name, value);
            }
        }

        private static @Nullable String time(@Nullable String value) {
            try {
                return value == null ? null : TIME.format(Instant.parse(value));
            } catch (DateTimeException e) {
                return value;
            }
        }
    }
}

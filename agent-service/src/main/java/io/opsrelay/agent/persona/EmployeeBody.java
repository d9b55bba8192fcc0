package io.opsrelay.agent.persona;

import io.opsrelay.agent.draft.Tone;
import io.opsrelay.agent.persona.AiEmployee.Metric;
import io.opsrelay.agent.tool.OwnTool;
import io.opsrelay.agent.tool.Tool;
import java.net.URI;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An AI employee as it is sent. A null field is an absent one.
 *
 * @param avatar address of a picture
 * @param tone friendly unless said
 * @param enabled true unless said
 */
record EmployeeBody(
        @Nullable String displayName,
        @Nullable String role,
        @Nullable String avatar,
        @Nullable Tone tone,
        @Nullable MetricBody primaryMetric,
        @Nullable List<@Nullable String> tools,
        @Nullable List<@Nullable String> intents,
        @Nullable List<@Nullable String> languages,
        @Nullable Boolean enabled) {

    static final int MAX_TEXT = 100;
    static final int MAX_NAMES = 50;

    private static final int MAX_URL = 2_000;
    private static final Pattern EMPLOYEE = Pattern.compile("[a-z][a-z0-9_-]{0,39}");
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,63}");
    private static final Pattern LANGUAGE = Pattern.compile("[a-z]{2}");

    /**
     * What is wrong, by field; empty if {@link #toEmployee} will do.
     *
     * @param ownTools the names of the tools that the client has added
     */
    Map<String, String> refusals(String name, List<String> ownTools) {
        Map<String, String> refusals = new LinkedHashMap<>();
        put(
                refusals,
                "name",
                EMPLOYEE.matcher(name).matches()
                        ? null
                        : "must be 1 to 40 lower-case letters, digits, hyphens or underscores, beginning with a letter");
        put(refusals, "display_name", textRefusal(displayName));
        put(refusals, "role", textRefusal(role));
        put(refusals, "avatar", avatarRefusal());
        if (primaryMetric == null) {
            refusals.put("primary_metric", "is required");
        } else {
            put(refusals, "primary_metric.name", nameRefusal(primaryMetric.name()));
            put(refusals, "primary_metric.unit", nameRefusal(primaryMetric.unit()));
        }
        put(refusals, "tools", listRefusal(tools, NAME, "names in snake_case, like process_refund"));
        put(refusals, "tools", toolRefusal(ownTools));
        put(refusals, "intents", listRefusal(intents, NAME, "names in snake_case, like refund_status"));
        put(refusals, "languages", listRefusal(languages, LANGUAGE, "codes of ISO 639-1, two lower-case letters"));
        return refusals;
    }

    /** @throws NullPointerException if it was not checked before */
    AiEmployee toEmployee(String name, UUID employeeId, Instant now) {
        MetricBody metric = Objects.requireNonNull(primaryMetric);
        return new AiEmployee(
                employeeId,
                name,
                Objects.requireNonNull(displayName).strip(),
                Objects.requireNonNull(role).strip(),
                avatar,
                tone == null ? Tone.FRIENDLY : tone,
                new Metric(Objects.requireNonNull(metric.name()), Objects.requireNonNull(metric.unit())),
                named(tools),
                named(intents),
                named(languages),
                enabled == null || enabled,
                1,
                now,
                now);
    }

    private @Nullable String toolRefusal(List<String> ownTools) {
        return named(tools).stream()
                .filter(tool -> NAME.matcher(tool).matches())
                .filter(tool -> Tool.named(tool).isEmpty() && !ownTools.contains(tool))
                .findFirst()
                .map(tool -> "there is no tool " + tool + "; "
                        + (OwnTool.isCode(tool)
                                ? "of your own there "
                                        + (ownTools.isEmpty() ? "is none" : "are " + String.join(", ", ownTools))
                                : "there are "
                                        + Stream.of(Tool.values())
                                                .map(Tool::code)
                                                .collect(Collectors.joining(", "))))
                .orElse(null);
    }

    private @Nullable String avatarRefusal() {
        if (avatar == null) {
            return null;
        }
        try {
            URI uri = URI.create(avatar);
            return "https".equals(uri.getScheme()) && uri.getHost() != null && avatar.length() <= MAX_URL
                    ? null
                    : "must be an https address of at most " + MAX_URL + " characters";
        } catch (IllegalArgumentException e) {
            return "must be an https address";
        }
    }

    private static @Nullable String textRefusal(@Nullable String text) {
        if (text == null) {
            return "is required";
        }
        boolean plain = text.codePoints()
                .noneMatch(c ->
                        Character.isISOControl(c) || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
        return !text.isBlank() && text.length() <= MAX_TEXT && plain
                ? null
                : "must be 1 to " + MAX_TEXT + " characters on one line";
    }

    private static @Nullable String nameRefusal(@Nullable String name) {
        return name != null && NAME.matcher(name).matches() ? null : "must be a name in snake_case, like satisfaction";
    }

    private static @Nullable String listRefusal(@Nullable List<@Nullable String> values, Pattern form, String what) {
        if (values == null) {
            return null;
        }
        boolean formed = values.stream()
                .allMatch(value -> value != null && form.matcher(value).matches());
        return formed && values.size() <= MAX_NAMES && new HashSet<>(values).size() == values.size()
                ? null
                : "must be at most " + MAX_NAMES + " different " + what;
    }

    private static List<String> named(@Nullable List<@Nullable String> values) {
        return values == null
                ? List.of()
                : values.stream().flatMap(Stream::ofNullable).toList();
    }

    private static void put(Map<String, String> refusals, String field, @Nullable String reason) {
        if (reason != null) {
            refusals.put(field, reason);
        }
    }

    /** What it is measured by; the value is measured and cannot be sent. */
    record MetricBody(@Nullable String name, @Nullable String unit) {}
}

package io.opsrelay.agent.draft;

import io.opsrelay.agent.triage.Language;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.text.DecimalFormatSymbols;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Writes replies from the templates that ship, one file per language. Immutable and safe for use by many threads. */
public final class Drafts {
    private final Map<Language, Wording> wordings;

    private Drafts(Map<Language, Wording> wordings) {
        this.wordings = wordings;
    }

    /**
     * Loads the templates that ship.
     *
     * @throws IllegalStateException if a kind lacks a template in a language, a template a fact of its kind, or a tone
     *     its greeting
     */
    public static Drafts shipped() {
        var all = new EnumMap<Language, Wording>(Language.class);
        for (var language : Language.values()) {
            all.put(language, parse("/drafts/" + language.code() + ".txt"));
        }
        return new Drafts(all);
    }

    /**
     * Writes a reply as plain text. A letter has a salutation and a closing in its tone; in a chat stands what there is to say.
     *
     * @return the reply, or nothing for {@link DraftKind#NO_REPLY}
     * @throws IllegalArgumentException if the facts are not those that the kind states
     */
    public Optional<String> render(DraftKind kind, Voice voice, Facts facts) {
        if (!kind.facts().isInstance(facts)) {
            throw new IllegalArgumentException(kind + " states " + kind.facts().getSimpleName() + ", got "
                    + facts.getClass().getSimpleName());
        }
        if (kind == DraftKind.NO_REPLY) {
            return Optional.empty();
        }
        var wording = wordings.get(voice.language());
        var template = wording == null ? null : wording.templates(voice.form()).get(kind);
        if (wording == null || template == null) {
            throw new IllegalStateException("no template for " + kind + " in " + voice.language());
        }
        var locale = Locale.of(voice.language().code());
        var text = template.fill(values(facts, locale, wording));
        return Optional.of(
                switch (voice.form()) {
                    case CHAT -> capitalised(text, locale);
                    case LETTER ->
                        wording.greetings().get(voice.tone()) + "\n\n" + text + "\n\n"
                                + wording.closings().get(voice.tone());
                });
    }

    /** In some languages the text goes on in small letters behind a salutation. */
    private static String capitalised(String text, Locale locale) {
        var first = text.offsetByCodePoints(0, 1);
        return text.substring(0, first).toUpperCase(locale) + text.substring(first);
    }

    private static Map<String, String> values(Facts facts, Locale locale, Wording wording) {
        return switch (facts) {
            case Facts.Nothing() -> Map.of();
            case Facts.Order(var orderId) -> Map.of("order_id", line(orderId));
            case Facts.OrderStatus status ->
                Map.of(
                        "order_id", line(status.orderId()),
                        "status", line(status.status()),
                        "details", details(status, locale, wording));
            case Facts.Refund(var orderId, var amount, var currency, var refundId, var at) ->
                Map.of(
                        "order_id", line(orderId),
                        "amount", amount(amount, locale),
                        "currency", line(currency),
                        "refund_id", line(refundId),
                        "time", time(at, locale));
            case Facts.Rejection(var orderId, var reason) -> Map.of("order_id", line(orderId), "reason", line(reason));
            case Facts.Action(var action) -> Map.of("action", line(action));
            case Facts.Reference(var reference) -> Map.of("reference", line(reference));
            case Facts.Reason(var reason) -> Map.of("reason", line(reason));
            case Facts.Passage(var title, var quote) -> Map.of("title", line(title), "quote", quoted(quote));
        };
    }

    /** A sentence for each thing that is known beside the status. */
    private static String details(Facts.OrderStatus status, Locale locale, Wording wording) {
        var out = new StringBuilder();
        var expected = status.expectedAt();
        if (expected != null) {
            out.append(' ').append(wording.expected().fill(Map.of("date", date(expected, locale))));
        }
        var tracking = status.tracking();
        if (tracking != null) {
            out.append(' ').append(wording.tracking().fill(Map.of("tracking", line(tracking))));
        }
        return out.toString();
    }

    private static String date(Instant at, Locale locale) {
        return DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG)
                .withLocale(locale)
                .withZone(ZoneOffset.UTC)
                .format(at);
    }

    /** Keeps every digit of the amount; only the decimal mark follows the language. */
    private static String amount(BigDecimal amount, Locale locale) {
        return amount.toPlainString()
                .replace('.', DecimalFormatSymbols.getInstance(locale).getDecimalSeparator());
    }

    private static String time(Instant at, Locale locale) {
        return DateTimeFormatter.ofPattern("d MMMM uuuu, HH:mm 'UTC'", locale)
                .withZone(ZoneOffset.UTC)
                .format(at);
    }

    /** One line of text: what is inserted must not be able to look like a paragraph of the reply. */
    private static String line(String value) {
        return value.strip().replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ");
    }

    /** Every line marked as quoted. */
    private static String quoted(String value) {
        var out = new StringBuilder();
        value.strip().lines().map(Drafts::line).forEach(line -> out.append(out.isEmpty() ? "> " : "\n> ")
                .append(line));
        return out.toString();
    }

    private static Wording parse(String resource) {
        var sections = sections(read(resource));
        var greetings = new EnumMap<Tone, String>(Tone.class);
        var closings = new EnumMap<Tone, String>(Tone.class);
        for (var tone : Tone.values()) {
            greetings.put(tone, fixed(resource, sections, "greeting_" + tone.code()));
            closings.put(tone, fixed(resource, sections, "closing_" + tone.code()));
        }
        var templates = new EnumMap<DraftKind, Template>(DraftKind.class);
        var chat = new EnumMap<DraftKind, Template>(DraftKind.class);
        for (var kind : DraftKind.values()) {
            if (kind == DraftKind.NO_REPLY) {
                continue;
            }
            var template = stating(kind.placeholders(), resource, sections, kind.section());
            templates.put(kind, template);
            // What is short already is said in a chat as in a letter.
            var ofChat = kind.section() + "_chat";
            chat.put(
                    kind,
                    sections.containsKey(ofChat) ? stating(kind.placeholders(), resource, sections, ofChat) : template);
        }
        var expected = stating(Set.of("date"), resource, sections, "order_expected");
        var tracking = stating(Set.of("tracking"), resource, sections, "order_tracking");
        if (!sections.isEmpty()) {
            throw new IllegalStateException(resource + ": unknown sections " + sections.keySet());
        }
        return new Wording(greetings, closings, templates, chat, expected, tracking);
    }

    /** A section that states these facts, all of them and no others. */
    private static Template stating(
            Set<String> placeholders, String resource, Map<String, String> sections, String name) {
        var template = Template.parse(take(resource, sections, name));
        if (!template.placeholders().equals(placeholders)) {
            throw new IllegalStateException("%s: section [%s] states %s instead of %s"
                    .formatted(resource, name, template.placeholders(), placeholders));
        }
        return template;
    }

    /** A section that states nothing. */
    private static String fixed(String resource, Map<String, String> sections, String name) {
        var text = take(resource, sections, name);
        if (!Template.parse(text).placeholders().isEmpty()) {
            throw new IllegalStateException(resource + ": section [" + name + "] must state nothing");
        }
        return text;
    }

    private static String take(String resource, Map<String, String> sections, String name) {
        var text = sections.remove(name);
        if (text == null || text.isBlank()) {
            throw new IllegalStateException(resource + ": no section [" + name + "]");
        }
        return text;
    }

    private static Map<String, String> sections(String file) {
        var bodies = new HashMap<String, StringBuilder>();
        var current = new StringBuilder();
        for (var line : file.lines().toList()) {
            if (line.startsWith("[") && line.endsWith("]")) {
                current = new StringBuilder();
                bodies.put(line.substring(1, line.length() - 1), current);
            } else {
                current.append(line).append('\n');
            }
        }
        var sections = new HashMap<String, String>();
        bodies.forEach((name, body) -> sections.put(name, body.toString().strip()));
        return sections;
    }

    private static String read(String resource) {
        try (var stream = Drafts.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException("no " + resource + " on the class path");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What is said in one language.
     *
     * @param chat the same as {@code templates}, in fewer words where there are some
     * @param expected a sentence on when an order should arrive
     * @param tracking a sentence on how to follow it
     */
    private record Wording(
            Map<Tone, String> greetings,
            Map<Tone, String> closings,
            Map<DraftKind, Template> templates,
            Map<DraftKind, Template> chat,
            Template expected,
            Template tracking) {

        Map<DraftKind, Template> templates(Form form) {
            return form == Form.CHAT ? chat : templates;
        }
    }
}

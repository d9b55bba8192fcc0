package io.opsrelay.standalone.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The wording of one language, from the file {@code <language>.txt} beside this class: sections of alternatives. */
final class Phrases {

    private static final Pattern SLOT = Pattern.compile("\\{([a-z]+)}");
    private static final String COMMENT = "#";
    private static final Map<Language, Phrases> ALL = new ConcurrentHashMap<>();

    private final Language language;
    private final Map<String, List<String>> sections;

    private Phrases(Language language, Map<String, List<String>> sections) {
        this.language = language;
        this.sections = sections;
    }

    static Phrases in(Language language) {
        return ALL.computeIfAbsent(language, wanted -> new Phrases(wanted, parse(read(wanted.code() + ".txt"))));
    }

    /** One alternative of that section, its slots still open. */
    String draw(String section, RandomGenerator random) {
        List<String> alternatives = of(section);
        return alternatives.get(random.nextInt(alternatives.size()));
    }

    boolean has(String section) {
        return sections.containsKey(section);
    }

    List<String> of(String section) {
        List<String> alternatives = sections.get(section);
        if (alternatives == null) {
            throw new IllegalStateException(language.code() + ".txt has no section [" + section + "]");
        }
        return alternatives;
    }

    /** The phrase with its slots filled in. */
    String fill(String phrase, Map<String, String> values) {
        return SLOT.matcher(phrase).replaceAll(slot -> {
            String value = values.get(slot.group(1));
            if (value == null) {
                throw new IllegalStateException(language.code() + ".txt: nothing to put into '" + phrase + "'");
            }
            // A thing may begin a sentence; names of services and orders keep their form.
            boolean begins = slot.start() == 0 && slot.group(1).equals("product");
            return Matcher.quoteReplacement(begins ? upper(value) : value);
        });
    }

    private static String upper(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    private static Map<String, List<String>> parse(String file) {
        Map<String, List<String>> sections = new HashMap<>();
        List<String> current = new ArrayList<>();
        for (String line : file.lines().map(String::strip).toList()) {
            if (line.startsWith("[") && line.endsWith("]")) {
                current = new ArrayList<>();
                sections.put(line.substring(1, line.length() - 1), current);
            } else if (!line.isEmpty() && !line.startsWith(COMMENT)) {
                current.add(line);
            }
        }
        return sections;
    }

    private static String read(String name) {
        try (InputStream stream = Phrases.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("no " + name + " beside " + Phrases.class.getName());
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

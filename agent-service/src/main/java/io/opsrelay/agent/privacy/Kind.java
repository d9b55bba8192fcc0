package io.opsrelay.agent.privacy;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;

/** What was taken out. The order is that of strength: of two findings of equal length the earlier kind wins. */
public enum Kind {
    /**
     * Wording of the text itself that looks like one of our tokens. It is nobody's data, but left in place it would be
     * taken for the token of somebody's value.
     */
    LITERAL,
    IBAN,
    CARD,
    EMAIL,
    NATIONAL_ID,
    IP,
    PHONE,
    ADDRESS,
    NAME;

    /** Returns the name used in JSON, such as {@code national_id}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it is a person's data, and so to be told and counted. */
    public boolean personal() {
        return this != LITERAL;
    }

    /** Puts other words in place of tokens, by what each stands for. */
    public static String inTokens(String redactedText, Function<Kind, String> words) {
        return Mapping.TOKEN.matcher(redactedText).replaceAll(match -> {
            String token = match.group();
            String name = token.substring(1, token.lastIndexOf('_'));
            return Matcher.quoteReplacement(Arrays.stream(values())
                    .filter(kind -> kind.name().equals(name))
                    .findFirst()
                    .map(words)
                    .orElse(token));
        });
    }

    /** Returns the token that stands for the n-th value of this kind. */
    String token(int number) {
        return "[" + name() + "_" + number + "]";
    }
}

package io.opsrelay.agent.triage;

import java.util.Locale;

/** A language that the shipped model was trained in and that drafts are written in. */
public enum Language {
    EN,
    DE,
    ES,
    FR;

    /** Returns the ISO 639-1 code, lower-case. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the language in which a text of that one (ISO 639-1, lower-case) is answered: English where it is no other. */
    public static Language answering(String code) {
        for (var language : values()) {
            if (language.code().equals(code)) {
                return language;
            }
        }
        return EN;
    }

    /**
     * Returns the language of an ISO 639-1 code in lower case.
     *
     * @throws IllegalArgumentException if there are no drafts in that language
     */
    public static Language ofCode(String code) {
        for (var language : values()) {
            if (language.code().equals(code)) {
                return language;
            }
        }
        throw new IllegalArgumentException("unknown language code '" + code + "'");
    }
}

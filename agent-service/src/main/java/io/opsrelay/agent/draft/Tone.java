package io.opsrelay.agent.draft;

import java.util.Locale;

/** How a reply greets and closes. What it states is the same in every tone. */
public enum Tone {
    FRIENDLY,
    FORMAL,
    CONCISE;

    /** Returns the name used in JSON and in the template files. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}

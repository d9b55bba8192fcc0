package io.opsrelay.ingestion.ticket;

import java.util.Locale;

/** What the agent judges about a ticket, and a person may judge otherwise. */
enum Judged {
    CATEGORY,
    PRIORITY,
    LANGUAGE,
    SENTIMENT;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** The name in events, in the API and of the ticket's column. */
    String wireName() {
        return wireName;
    }
}

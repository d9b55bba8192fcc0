package io.opsrelay.contracts;

import org.jspecify.annotations.Nullable;

/**
 * A ticket in short, for whoever decides about what is proposed on it. Its words are the customer's, not redacted.
 *
 * @param excerpt the beginning of what the customer wrote, at most 500 characters
 * @param channel how it came: api, email, chat, upstream, zendesk, alert
 * @param priority as the sender set it: low, normal, high, urgent; absent when unset
 * @param category what it was understood to be about; absent when unknown
 * @param language ISO 639-1; absent when unknown
 */
public record TicketBrief(
        String subject,
        String excerpt,
        String channel,
        @Nullable String priority,
        @Nullable String category,
        @Nullable String language) {

    /** In UTF-16 code units. */
    public static final int LONGEST_EXCERPT = 500;

    public TicketBrief {
        Require.text(subject, "subject");
        Require.present(excerpt, "excerpt");
        Require.text(channel, "channel");
    }

    /** That of a ticket. */
    public static TicketBrief of(
            TicketEvent.TicketReceived ticket, @Nullable String category, @Nullable String language) {
        return new TicketBrief(
                ticket.subject(),
                beginning(ticket.body().strip()),
                ticket.channel(),
                ticket.priority(),
                category,
                language);
    }

    private static String beginning(String text) {
        if (text.length() <= LONGEST_EXCERPT) {
            return text;
        }
        int end = LONGEST_EXCERPT - 1;
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "…";
    }
}

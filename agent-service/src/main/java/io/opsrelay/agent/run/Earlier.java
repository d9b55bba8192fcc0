package io.opsrelay.agent.run;

import io.opsrelay.contracts.TicketEvent.RunRequested;
import io.opsrelay.contracts.TicketEvent.Said;
import io.opsrelay.contracts.TicketEvent.TicketReceived;
import java.util.ArrayList;
import java.util.List;

/**
 * What was said on a ticket before a run takes it up again. Nothing of it is redacted.
 *
 * @param textOpen whether the ticket's own text still waits for an answer
 * @param said after that text, oldest first
 * @param leftOut how many older messages are not in {@code said}
 */
record Earlier(boolean textOpen, List<Said> said, int leftOut) {

    private static final String CUSTOMER = "customer";

    Earlier {
        said = List.copyOf(said);
    }

    static Earlier of(RunRequested requested) {
        return new Earlier(requested.textOpen(), requested.conversation(), requested.leftOut());
    }

    /** With a further message. */
    Earlier and(Said message) {
        List<Said> all = new ArrayList<>(said);
        all.add(message);
        return new Earlier(textOpen, all, leftOut);
    }

    /**
     * What the run has to deal with. What was answered before must not be read as if it were asked again: who says thanks
     * for a refund does not want another one.
     */
    String toAnswer(TicketReceived ticket) {
        List<String> open = new ArrayList<>();
        if (textOpen) {
            open.add(textOf(ticket));
        }
        said.stream().filter(Said::open).map(Said::text).forEach(open::add);
        if (open.isEmpty()) {
            // Somebody wants another try although all is answered: then it is about the customer's last words.
            open.add(said.reversed().stream()
                    .filter(message -> message.from().equals(CUSTOMER))
                    .map(Said::text)
                    .findFirst()
                    .orElseGet(() -> textOf(ticket)));
        }
        return String.join("\n\n", open);
    }

    /** What went before that, newest first, and who said it. */
    List<Told> before(TicketReceived ticket) {
        List<Told> before = new ArrayList<>();
        for (Said message : said.reversed()) {
            if (!message.open()) {
                before.add(new Told(headOf(message.from()), message.text()));
            }
        }
        if (leftOut > 0) {
            before.add(new Told("(" + leftOut + " older messages are left out)", ""));
        }
        if (!textOpen) {
            before.add(new Told("The customer wrote first:", textOf(ticket)));
        }
        return before;
    }

    /** All of it, as it was written. */
    List<String> words() {
        return said.stream().map(Said::text).toList();
    }

    static String textOf(TicketReceived ticket) {
        return ticket.subject() + "\n" + ticket.body();
    }

    private static String headOf(String from) {
        return switch (from) {
            case CUSTOMER -> "The customer wrote:";
            case "agent" -> "You answered:";
            default -> "A colleague answered:";
        };
    }

    /** A part of the conversation. */
    record Told(String head, String text) {}
}

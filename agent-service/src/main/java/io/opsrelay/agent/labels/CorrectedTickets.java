package io.opsrelay.agent.labels;

import io.opsrelay.agent.learning.LabelledText;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Tickets that people put right, as examples for the client's classifier. Within a transaction of the client. */
@Component
public class CorrectedTickets {

    private final ExampleStore examples;
    private final Training training;
    private final LabelsProperties properties;

    CorrectedTickets(ExampleStore examples, Training training, LabelsProperties properties) {
        this.examples = examples;
        this.training = training;
        this.properties = properties;
    }

    /**
     * Keeps the ticket's text as an example of that label, in place of an earlier one. Enough of these set off a training.
     *
     * @param text without personal data; of a longer one than examples may be its beginning is kept
     * @param by who said so
     * @return why it was not kept, for people; empty if it was
     */
    public Optional<String> learn(String clientId, UUID ticketId, String text, String label, String by, Instant at) {
        LabelledText example;
        try {
            example = new LabelledText(beginningOf(text), label);
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
        if (examples.counts().examples() >= properties.mostExamples()) {
            return Optional.of("there are " + properties.mostExamples() + " examples already, and no more are kept");
        }
        if (!examples.has(label) && examples.counts().labels() >= properties.mostLabels()) {
            return Optional.of("there are " + properties.mostLabels() + " labels already, and no more are told apart");
        }
        examples.correct(clientId, ticketId, example, by, at);
        training.startIfDue(clientId);
        return Optional.empty();
    }

    private static String beginningOf(String text) {
        if (text.length() <= LabelledText.LONGEST_TEXT) {
            return text;
        }
        int end = LabelledText.LONGEST_TEXT;
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end);
    }
}

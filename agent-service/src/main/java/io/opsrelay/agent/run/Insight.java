package io.opsrelay.agent.run;

import io.opsrelay.agent.classify.Reading;
import io.opsrelay.agent.classify.Understanding;
import io.opsrelay.agent.knowledge.Meaning;
import io.opsrelay.agent.labels.OwnLabel;
import io.opsrelay.agent.order.Orders;
import io.opsrelay.agent.privacy.Mapping;
import io.opsrelay.agent.privacy.Redacted;
import io.opsrelay.agent.run.ModelClassification.Attempt;
import io.opsrelay.agent.run.Run.Facts;
import io.opsrelay.agent.run.Run.StepTaken;
import io.opsrelay.agent.triage.Classification;
import io.opsrelay.contracts.TicketEvent.TicketClassified;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What was found out about a ticket, by the local engine and by a model.
 *
 * @param local what the local engine understood; its intent decides what is done, whoever classifies
 * @param own the client's own label, if it has any
 * @param asked what came of asking a model; null if none was to be asked
 * @param meaning for the search in the knowledge base
 * @param order what came of looking up the order that the ticket asks about, if it does
 * @param before what was said on the ticket before, if the run takes it up again
 */
record Insight(
        Understanding local,
        Optional<OwnLabel> own,
        @Nullable Attempt asked,
        Meaning meaning,
        Orders.@Nullable Found order,
        Readings.@Nullable Before before) {

    /** What is gone on with. */
    Understanding known() {
        Reading reading = reading();
        return reading == null ? local : local.readBy(reading);
    }

    /** What a model is told of the ticket: without personal data, and what was said before as such. */
    String told() {
        String text = known().redacted().text();
        return before == null || before.text().isEmpty()
                ? text
                : "What was said on this ticket before, each line of it after a >:\n\n" + before.text()
                        + "\n\nThe customer writes now:\n\n" + text;
    }

    /** What the ticket's tokens stand for. */
    Mapping mapping() {
        return before == null ? known().redacted().mapping() : before.mapping();
    }

    Facts facts() {
        Reading reading = reading();
        return new Facts(
                known().language(),
                local.found().intent().code(),
                own.map(OwnLabel::category).orElse(null),
                reading == null ? null : reading.category(),
                null,
                local.found().outOfScope() ? null : local.found().confidence(),
                reading == null || asked == null ? localVersion() : asked.model());
    }

    /** The event, by the model's reading or else by the client's own label or else by the shipped classifier. */
    TicketClassified classified(Run run) {
        Reading reading = reading();
        return reading == null || asked == null ? byLocal(run) : byModel(run, reading, asked);
    }

    private TicketClassified byModel(Run run, Reading reading, Attempt made) {
        // Where no category fits for the model, the local one stands and is marked.
        String category = reading.category();
        return new TicketClassified(
                run.ticketId(),
                run.runId(),
                category == null ? localCategory() : category,
                reading.confidence(),
                category == null,
                reading.language(),
                reading.sentiment().code(),
                reading.priority().code(),
                "model",
                made.model(),
                local.millis() + made.millis(),
                local.redacted().counts(),
                reading.industry(),
                local.region(),
                reading.rootCause());
    }

    private TicketClassified byLocal(Run run) {
        Classification found = local.found();
        return new TicketClassified(
                run.ticketId(),
                run.runId(),
                localCategory(),
                own.map(OwnLabel::confidence).orElse(found.confidence()),
                own.map(OwnLabel::outOfScope).orElse(found.outOfScope()),
                local.language(),
                found.sentiment().code(),
                found.priority().code(),
                own.isPresent() ? local.method() + "+own" : local.method(),
                localVersion(),
                local.millis(),
                local.redacted().counts(),
                local.industry(),
                local.region(),
                null);
    }

    private String localVersion() {
        return local.found().modelVersion()
                + own.map(label -> "+own." + label.version()).orElse("");
    }

    private String localCategory() {
        return own.map(OwnLabel::category).orElse(local.found().intent().code());
    }

    /** For people who look into the run. */
    StepTaken[] steps(Instant at) {
        List<StepTaken> taken = new ArrayList<>();
        if (before != null) {
            taken.add(
                    new StepTaken(at, "taken_up_again", before.messages() + " parts of the conversation came before"));
        }
        taken.add(new StepTaken(at, "redacted", inWords(local.redacted())));
        taken.add(new StepTaken(
                at,
                "classified",
                "%s, confidence %.2f"
                                .formatted(
                                        local.found().intent().code(),
                                        local.found().confidence())
                        + own.map(label -> "; own label %s, confidence %.2f"
                                        .formatted(label.category(), label.confidence()))
                                .orElse("")));
        Reading reading = reading();
        if (asked != null && reading != null) {
            taken.add(new StepTaken(
                    at,
                    "classified_by_model",
                    "%s: %s, confidence %.2f"
                            .formatted(
                                    asked.model(),
                                    reading.category() == null ? "no category fits" : reading.category(),
                                    reading.confidence())));
        } else if (asked != null) {
            taken.add(new StepTaken(at, "fell_back", asked.reason() + "; the local engine classified"));
        }
        if (!known().answeredInItsLanguage()) {
            taken.add(new StepTaken(
                    at,
                    "language",
                    "the text is in %s, and there are no templates in it: answered in %s"
                            .formatted(
                                    known().language(), known().replyLanguage().code())));
        }
        if (meaning.note() != null) {
            taken.add(new StepTaken(at, "searched", "by full text alone: " + meaning.note()));
        }
        return taken.toArray(StepTaken[]::new);
    }

    private @Nullable Reading reading() {
        return asked == null ? null : asked.reading();
    }

    private static String inWords(Redacted redacted) {
        String counts = redacted.counts().entrySet().stream()
                .map(count -> count.getKey() + " " + count.getValue())
                .collect(Collectors.joining(", "));
        return (counts.isEmpty() ? "nothing" : counts)
                + (redacted.unexamined() > 0
                        ? "; %d characters at the end were left out".formatted(redacted.unexamined())
                        : "");
    }
}

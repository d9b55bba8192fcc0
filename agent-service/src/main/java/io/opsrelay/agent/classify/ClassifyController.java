package io.opsrelay.agent.classify;

import io.opsrelay.agent.labels.ClientClassifier;
import io.opsrelay.agent.labels.OwnLabel;
import io.opsrelay.agent.privacy.Mapping;
import io.opsrelay.agent.triage.Classification;
import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.docs.DescribedAs;
import io.opsrelay.security.web.ProblemException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Says what the agent would make of a text. A dry run: nothing is stored, and nobody is told. */
@RestController
@RequestMapping("/api/v1/agent/classify")
@RequiresRole({Role.ADMIN, Role.AGENT, Role.VIEWER})
class ClassifyController {

    private final Understander understander;

    private final ClientClassifier ownLabels;

    ClassifyController(Understander understander, ClientClassifier ownLabels) {
        this.understander = understander;
        this.ownLabels = ownLabels;
    }

    @PostMapping
    ClassifyAnswer classify(Caller caller, @RequestBody ClassifyRequest request) {
        Understanding known =
                understander.understand(caller.clientId(), request.textOrRefuse(), Mapping.none(), List.of());
        return ClassifyAnswer.of(
                known,
                ownLabels.classify(caller.clientId(), known.redacted().text()).orElse(null));
    }

    /** A text as a ticket would hold it: subject and body, joined by a line break. */
    record ClassifyRequest(@Nullable String text) {

        String textOrRefuse() {
            if (text == null || text.isBlank()) {
                throw ProblemException.badRequest("text", "must not be empty: there is nothing to classify");
            }
            return text;
        }
    }

    /**
     * What the agent makes of it.
     *
     * @param category the client's own label where it has any, else the shipped intent
     * @param candidates the likeliest categories, best first
     * @param intent the shipped intent, which decides what may be done, whatever the category is
     * @param redactions what was taken out, with offsets in UTF-16 units of the text as it was sent
     */
    record ClassifyAnswer(
            String category,
            double confidence,
            boolean outOfScope,
            List<Candidate> candidates,
            String intent,
            double intentConfidence,
            String redactedText,
            List<Redaction> redactions,
            String language,
            double languageConfidence,
            @DescribedAs(Classification.Sentiment.class) String sentiment,
            @DescribedAs(Classification.Priority.class) String priority,
            @Nullable String industry,
            @Nullable String region,
            String method,
            String modelVersion,
            double processingMillis) {

        static ClassifyAnswer of(Understanding understanding, @Nullable OwnLabel own) {
            Classification found = understanding.found();
            return new ClassifyAnswer(
                    own == null ? found.intent().code() : own.category(),
                    own == null ? found.confidence() : own.confidence(),
                    own == null ? found.outOfScope() : own.outOfScope(),
                    own == null ? shipped(found) : labels(own),
                    found.intent().code(),
                    found.confidence(),
                    understanding.redacted().text(),
                    understanding.redacted().redactions().stream()
                            .filter(redaction -> redaction.kind().personal())
                            .map(redaction ->
                                    new Redaction(redaction.kind().code(), redaction.start(), redaction.end()))
                            .toList(),
                    understanding.language(),
                    understanding.languageConfidence(),
                    found.sentiment().code(),
                    found.priority().code(),
                    understanding.industry(),
                    understanding.region(),
                    own == null ? understanding.method() : understanding.method() + "+own",
                    own == null ? found.modelVersion() : found.modelVersion() + "+own." + own.version(),
                    understanding.millis());
        }

        private static List<Candidate> shipped(Classification found) {
            return Stream.concat(
                            Stream.of(new Candidate(found.intent().code(), found.confidence())),
                            found.runnersUp().stream()
                                    .map(other -> new Candidate(other.intent().code(), other.confidence())))
                    .toList();
        }

        private static List<Candidate> labels(OwnLabel own) {
            return own.candidates().stream()
                    .map(label -> new Candidate(label.label(), label.confidence()))
                    .toList();
        }
    }

    /** A category and its probability, 0 to 1. */
    record Candidate(String category, double confidence) {}

    /** A stretch that was taken out. */
    record Redaction(String kind, int start, int end) {}
}

package io.opsrelay.agent.classify;

import io.opsrelay.agent.classify.SpokenLanguages.Spoken;
import io.opsrelay.agent.privacy.Mapping;
import io.opsrelay.agent.privacy.Redacted;
import io.opsrelay.agent.privacy.Redactor;
import io.opsrelay.agent.triage.Classification;
import java.util.Collection;
import org.springframework.stereotype.Component;

/** Reads texts: redacts first, so that nothing behind it sees personal data. Stores nothing. */
@Component
public class Understander {

    private static final double NANOS_PER_MILLI = 1_000_000;

    private final Redactor redactor = Redactor.shipped();
    private final SpokenLanguages languages = new SpokenLanguages();
    private final TextClassifier classifier;

    Understander(TextClassifier classifier) {
        this.classifier = classifier;
    }

    /** With what ships, for who wants no service around it. */
    public static Understander shipped() {
        return new Understander(new LocalClassifier());
    }

    /**
     * Reads a text.
     *
     * @param before what tokens of the same ticket stand for already
     * @param names known to be people's
     */
    public Understanding understand(String clientId, String text, Mapping before, Collection<String> names) {
        long startedAt = System.nanoTime();
        Redacted redacted = redactor.redact(text, before, names);
        Classification found = classifier.classify(clientId, redacted.text());
        Spoken spoken = languages.of(redacted.text(), found);
        return new Understanding(
                redacted,
                found,
                spoken.language(),
                spoken.confidence(),
                Industries.of(redacted.text()).orElse(null),
                Regions.of(text, redacted, spoken.language()).orElse(null),
                classifier.method(),
                (System.nanoTime() - startedAt) / NANOS_PER_MILLI);
    }
}

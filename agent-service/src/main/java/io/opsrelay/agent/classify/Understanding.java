package io.opsrelay.agent.classify;

import io.opsrelay.agent.privacy.Redacted;
import io.opsrelay.agent.triage.Classification;
import io.opsrelay.agent.triage.Language;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a text.
 *
 * @param redacted what all that follows saw of it
 * @param found what it asks for
 * @param language ISO 639-1, of any language
 * @param languageConfidence probability that it is that language, 0 to 1
 * @param industry kind of business that the text is about, if its words tell
 * @param region ISO 3166-1 country that the text points to, if anything in it does
 * @param method who classified
 * @param millis time spent on all of it
 */
public record Understanding(
        Redacted redacted,
        Classification found,
        String language,
        double languageConfidence,
        @Nullable String industry,
        @Nullable String region,
        String method,
        double millis) {

    public Understanding {
        if (!(languageConfidence >= 0 && languageConfidence <= 1)) {
            throw new IllegalArgumentException("not a probability: " + languageConfidence);
        }
    }

    /** The same, as a model read it: what the text asks for stays as it was found here, since tools come of it. */
    public Understanding readBy(Reading reading) {
        return new Understanding(
                redacted, found, reading.language(), languageConfidence, reading.industry(), region, method, millis);
    }

    /** The same, in the language that it was found to be in by whoever decides. */
    public Understanding in(String decided) {
        return new Understanding(redacted, found, decided, languageConfidence, industry, region, method, millis);
    }

    /** Returns the language in which the text can be answered: its own, or English where there are no templates in it. */
    public Language replyLanguage() {
        return Language.answering(language);
    }

    /** Whether it can be answered in its own language. */
    public boolean answeredInItsLanguage() {
        return replyLanguage().code().equals(language);
    }
}

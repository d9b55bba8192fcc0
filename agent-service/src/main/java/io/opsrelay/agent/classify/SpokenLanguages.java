package io.opsrelay.agent.classify;

import com.github.pemistahl.lingua.api.Language;
import com.github.pemistahl.lingua.api.LanguageDetector;
import com.github.pemistahl.lingua.api.LanguageDetectorBuilder;
import io.opsrelay.agent.triage.Classification;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Tells the language of a text: one of the classifier's four, or one of twenty others if the text is clearly none of
 * these. The others come from character trigrams, about 20 MB that are loaded when the first text comes.
 */
public final class SpokenLanguages {

    private static final Set<Language> OWN =
            Set.of(Language.ENGLISH, Language.GERMAN, Language.SPANISH, Language.FRENCH);

    /** The language shows in the first sentence; this much takes half a millisecond, and more takes more. */
    private static final int LONGEST_SAMPLE = 160;

    /** Below it the text counts as one of the classifier's languages, which knows tickets better. */
    private static final double FOREIGN_FROM = 0.6;

    /** The classifier is as sure as this of most texts in other languages too, so that less doubt tells something. */
    private static final double UNDOUBTED = 0.01;

    /** The trigrams' likeliest language has the weight 1; so much has one that they do not see at all. */
    private static final double BLIND = 0.005;

    /**
     * How much a letter's worth of relative likelihood counts. At 1 the trigrams alone were as often right as they said:
     * 0.9 % calibration error over 349 tickets in 24 languages.
     */
    private static final double SHARPNESS = 1.0;

    /** A few words, names among them, look like any language. */
    private static final int FEWEST_LETTERS = 24;

    /** So improbable must the expected language be that a text counts as one in another. */
    private static final double BEYOND_DOUBT = 0.01;

    /** Tokens, addresses and numbers are of no language. */
    private static final Pattern NO_WORDS = Pattern.compile("\\[[A-Z_]{2,21}_[0-9]{1,7}]|[A-Za-z]{1,4}-?[0-9]{3,10}");

    /**
     * A language and how sure that is.
     *
     * @param language ISO 639-1
     * @param confidence probability, 0 to 1
     */
    record Spoken(String language, double confidence) {}

    /**
     * The language of a part of the text that is beyond doubt written in another one than it should be.
     *
     * @param expected ISO 639-1
     * @return the likeliest, ISO 639-1; empty where every part may be in the expected language, or is too short to tell
     */
    public static Optional<String> otherThan(String expected, String text) {
        String words = NO_WORDS.matcher(text).replaceAll(" ").strip();
        for (int from = 0; from < words.length(); from += LONGEST_SAMPLE) {
            Optional<String> language =
                    other(expected, words.substring(from, Math.min(words.length(), from + LONGEST_SAMPLE)));
            if (language.isPresent()) {
                return language;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> other(String expected, String sample) {
        long letters = letters(sample);
        double sum = BLIND;
        double most = 0;
        double ofExpected = 0;
        String likeliest = expected;
        for (Map.Entry<Language, Double> likelihood :
                Detector.INSTANCE.computeLanguageConfidenceValues(sample).entrySet()) {
            String language = likelihood.getKey().getIsoCode639_1().toString();
            double weight = weight(letters, likelihood.getValue());
            sum += weight;
            if (language.equals(expected)) {
                ofExpected = weight;
            }
            if (weight > most) {
                most = weight;
                likeliest = language;
            }
        }
        return letters >= FEWEST_LETTERS && ofExpected / sum <= BEYOND_DOUBT && !likeliest.equals(expected)
                ? Optional.of(likeliest)
                : Optional.empty();
    }

    private static long letters(String sample) {
        return sample.codePoints().filter(Character::isLetter).count();
    }

    private static double weight(long letters, double likelihood) {
        return Math.exp(-SHARPNESS * letters * (1 / likelihood - 1));
    }

    Spoken of(String redactedText, Classification found) {
        String head = redactedText.substring(0, Math.min(redactedText.length(), 2 * LONGEST_SAMPLE));
        String words = NO_WORDS.matcher(head).replaceAll(" ").strip();
        String sample = words.substring(0, Math.min(words.length(), LONGEST_SAMPLE));
        Map<Language, Double> likelihoods = Detector.INSTANCE.computeLanguageConfidenceValues(sample);
        long letters = letters(sample);
        // Where the classifier hardly doubts that it is one of its own languages, the others weigh less.
        double doubt = Math.min(1, (1 - found.languageConfidence()) / UNDOUBTED);
        double sum = BLIND;
        double own = BLIND;
        double most = 0;
        Optional<Language> foreign = Optional.empty();
        for (Map.Entry<Language, Double> likelihood : likelihoods.entrySet()) {
            double weight = weight(letters, likelihood.getValue());
            if (OWN.contains(likelihood.getKey())) {
                own += weight;
                sum += weight;
            } else {
                sum += doubt * weight;
                if (doubt * weight > most) {
                    most = doubt * weight;
                    foreign = Optional.of(likelihood.getKey());
                }
            }
        }
        if (foreign.isPresent() && most / sum >= FOREIGN_FROM) {
            return new Spoken(foreign.get().getIsoCode639_1().toString(), Math.min(1, most / sum));
        }
        return new Spoken(found.language().code(), found.languageConfidence() * Math.min(1, own / sum));
    }

    /** Loaded when first used. */
    private static final class Detector {
        static final LanguageDetector INSTANCE = LanguageDetectorBuilder.fromLanguages(
                        Language.ENGLISH,
                        Language.GERMAN,
                        Language.SPANISH,
                        Language.FRENCH,
                        Language.ITALIAN,
                        Language.PORTUGUESE,
                        Language.DUTCH,
                        Language.POLISH,
                        Language.CZECH,
                        Language.SWEDISH,
                        Language.DANISH,
                        Language.BOKMAL,
                        Language.FINNISH,
                        Language.TURKISH,
                        Language.ROMANIAN,
                        Language.HUNGARIAN,
                        Language.RUSSIAN,
                        Language.UKRAINIAN,
                        Language.GREEK,
                        Language.ARABIC,
                        Language.HINDI,
                        Language.CHINESE,
                        Language.JAPANESE,
                        Language.KOREAN)
                .withLowAccuracyMode()
                .build();
    }
}

package io.opsrelay.agent.triage;

/**
 * What is known about a trained model; every figure was measured while it was trained, on texts the measured model had
 * not seen (blocked five-fold cross-validation).
 *
 * @param version hash of training data and parameters, twelve hexadecimal digits
 * @param trainedExamples number of labelled texts
 * @param intentAccuracy share of texts whose intent was found, 0 to 1
 * @param calibrationError expected calibration error of the intent's confidence over 15 equal-width bins, 0 to 1
 * @param languageAccuracy share of texts whose language was found, 0 to 1
 * @param sentimentAccuracy share of texts whose sentiment was found, 0 to 1
 * @param priorityAccuracy share of texts whose priority was found, 0 to 1
 */
public record ModelCard(
        String version,
        int trainedExamples,
        double intentAccuracy,
        double calibrationError,
        double languageAccuracy,
        double sentimentAccuracy,
        double priorityAccuracy) {

    public ModelCard {
        if (version.isBlank()) {
            throw new IllegalArgumentException("a model needs a version");
        }
        if (trainedExamples < 1) {
            throw new IllegalArgumentException("a model needs examples, had " + trainedExamples);
        }
    }
}

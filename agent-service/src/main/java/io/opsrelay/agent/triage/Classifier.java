package io.opsrelay.agent.triage;

import io.opsrelay.agent.triage.Classification.Candidate;
import io.opsrelay.agent.triage.Classification.Priority;
import io.opsrelay.agent.triage.Classification.Sentiment;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Says what a text asks for. Immutable and safe for use by many threads; a text takes well under a millisecond. */
public final class Classifier {
    private static final String SHIPPED = "/triage/model.bin";
    private static final int RUNNERS_UP = 3;

    private final TextModel model;
    private final Head intents;
    private final Head languages;
    private final Head sentiments;
    private final Head priorities;

    private Classifier(TextModel model) throws IOException {
        var names = model.heads().stream().map(Head::name).toList();
        if (!names.equals(List.of("intent", "language", "sentiment", "priority"))) {
            throw new IOException("the model answers " + names + ", not intent, language, sentiment and priority");
        }
        this.model = model;
        this.intents = model.heads().get(0);
        this.languages = model.heads().get(1);
        this.sentiments = model.heads().get(2);
        this.priorities = model.heads().get(3);
    }

    /**
     * Returns the classifier that was trained when this service was built.
     *
     * @throws IllegalStateException if the build left it out
     */
    public static Classifier shipped() {
        try (var stream = Classifier.class.getResourceAsStream(SHIPPED)) {
            if (stream == null) {
                throw new IllegalStateException("no " + SHIPPED + " on the class path: run mvn process-classes");
            }
            return read(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a classifier; the caller closes the stream.
     *
     * @throws IOException if the stream does not hold a model of this version of the format
     */
    public static Classifier read(InputStream stream) throws IOException {
        return new Classifier(TextModel.read(new BufferedInputStream(stream)));
    }

    /** Returns what is known about the model. */
    public ModelCard card() {
        return model.card();
    }

    /**
     * Classifies a text of any length, kind and language; only its first few thousand characters count. A subject and a
     * body are best joined by a line break.
     */
    public Classification classify(String text) {
        var margins = model.margins(Features.of(text));
        var offset = 0;
        var intent = probabilities(intents, margins, offset);
        offset += intent.length;
        var language = probabilities(languages, margins, offset);
        offset += language.length;
        var sentiment = probabilities(sentiments, margins, offset);
        offset += sentiment.length;
        var priority = probabilities(priorities, margins, offset);

        var candidates = new ArrayList<Candidate>(intent.length);
        for (var i = 0; i < intent.length; i++) {
            var label = intents.labels().get(i);
            if (!label.equals(Examples.OUT_OF_SCOPE)) {
                candidates.add(new Candidate(Intent.valueOf(upper(label)), intent[i]));
            }
        }
        candidates.sort(Comparator.comparingDouble(Candidate::confidence).reversed());
        var best = candidates.getFirst();
        var likeliest = best(language);
        return new Classification(
                best.intent(),
                best.confidence(),
                intents.labels().get(best(intent)).equals(Examples.OUT_OF_SCOPE)
                        || best.confidence() < model.outOfScopeBelow(),
                candidates.subList(1, 1 + RUNNERS_UP),
                Language.ofCode(languages.labels().get(likeliest)),
                language[likeliest],
                Sentiment.valueOf(upper(sentiments.labels().get(best(sentiment)))),
                Priority.valueOf(upper(priorities.labels().get(best(priority)))),
                model.card().version());
    }

    private static double[] probabilities(Head head, double[] margins, int offset) {
        var own = new double[head.labels().size()];
        System.arraycopy(margins, offset, own, 0, own.length);
        return head.probabilities(own);
    }

    static int best(double[] values) {
        var best = 0;
        for (var i = 1; i < values.length; i++) {
            if (values[i] > values[best]) {
                best = i;
            }
        }
        return best;
    }

    private static String upper(String label) {
        return label.toUpperCase(Locale.ROOT);
    }
}

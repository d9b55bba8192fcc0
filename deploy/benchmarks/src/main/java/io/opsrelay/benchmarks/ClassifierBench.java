package io.opsrelay.benchmarks;

import io.opsrelay.agent.learning.ExampleFormat;
import io.opsrelay.agent.learning.LabelFigures;
import io.opsrelay.agent.learning.LabelFigures.Answer;
import io.opsrelay.agent.learning.LabelModel;
import io.opsrelay.agent.learning.LabelTrainer;
import io.opsrelay.agent.learning.LabelTrainer.Trained;
import io.opsrelay.agent.learning.LabelledText;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * How good and how fast a client's own classifier is that learned a file of labelled texts, by the classes that
 * agent-service learns with; and how fast the one that ships is.
 */
final class ClassifierBench implements Bench {

    private static final String HELD_BACK = "agent-service/src/test/resources/triage/held-back.tsv";
    private static final int SYNTHETIC_TEXTS = 10_000;
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final PrintStream out;
    private final PrintStream err;

    ClassifierBench(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public String name() {
        return "classifier";
    }

    @Override
    public String summary() {
        return "Accuracy, calibration and speed of own labels learned from a file, or the speed of the shipped classifier."
                + " Needs no running system.";
    }

    @Override
    public String usage() {
        return """
            --train FILE      what to learn: .csv with the heading text,label (or text,category), .jsonl or .json of
                              {"text", "label"}; without it made-up texts are learned, and only the speed is told
            --test FILE       what to ask afterwards, in one of these forms
            --out-of-scope L  the label in both files of texts that are about none of the others; out_of_scope unless set
            --threads N       processors to train on, or with --shipped to read on (2)
            --shipped         instead: how many texts a second what ships reads, redaction and language included;
                              the held-back examples are read over and over
            --seconds N       how long, after as long a time that is not counted (20)\
            """;
    }

    @Override
    public int run(Options options) throws Exception {
        options.allow("train", "test", "out-of-scope", "threads", "shipped", "seconds");
        int threads = (int) options.positive("threads", 2);
        if (options.isSet("shipped")) {
            measureShipped(threads, Duration.ofMillis((long) (1_000 * options.positive("seconds", 20))));
            return 0;
        }
        if (options.isGiven("train") != options.isGiven("test")) {
            throw new UsageException("--train and --test belong together");
        }
        boolean real = options.isGiven("train");
        String outOfScope = options.text("out-of-scope", LabelModel.OUT_OF_SCOPE);
        List<LabelledText> learned =
                real ? read(options.text("train", ""), outOfScope) : SyntheticTexts.make(SYNTHETIC_TEXTS, 1);
        List<LabelledText> asked =
                real ? read(options.text("test", ""), outOfScope) : SyntheticTexts.make(SYNTHETIC_TEXTS / 4, 2);

        err.printf("Learning from %d texts on %d threads%n", learned.size(), threads);
        long startedAt = System.nanoTime();
        LabelTrainer trainer = new LabelTrainer(threads);
        learned.forEach(example -> trainer.add(example.text(), example.label()));
        Trained trained = trainer.train(share -> {});
        double seconds = (System.nanoTime() - startedAt) / 1e9;

        err.printf("Asking %d texts%n", asked.size());
        asked.forEach(example -> trained.model().classify(example.text())); // so that the compiler has seen it
        Histogram nanos = new Histogram(LONGEST_NANOS, 3);
        List<Asked> answers = new ArrayList<>();
        for (LabelledText example : asked) {
            long before = System.nanoTime();
            LabelModel.Answer answer = trained.model().classify(example.text());
            nanos.recordValue(Math.min(System.nanoTime() - before, LONGEST_NANOS));
            answers.add(new Asked(example.label(), answer));
        }

        line("texts learned, without repetitions", "%d", trained.examples());
        line("labels", "%d", trained.model().labels().size());
        if (real) {
            tellQuality(trained, answers);
        } else {
            out.println("made-up texts: how many are answered rightly says nothing and is not told");
        }
        line("training, s", "%.1f", seconds);
        line("a text, microseconds, p50", "%.0f", nanos.getValueAtPercentile(50) / 1e3);
        line("a text, microseconds, p99", "%.0f", nanos.getValueAtPercentile(99) / 1e3);
        line("model, MiB", "%.1f", trained.model().bytes() / 1048576.0);
        tellMachine();
        return 0;
    }

    private void measureShipped(int threads, Duration lasting) throws Exception {
        Path file = Path.of(System.getProperty("opsrelay.checkout", "."), HELD_BACK);
        List<String> texts = Files.readAllLines(file).stream()
                .skip(1)
                .map(line -> line.substring(line.lastIndexOf('\t') + 1))
                .toList();
        ShippedClassifier classifier = new ShippedClassifier(texts);
        err.printf("Reading %d texts over and over on %d threads%n", texts.size(), threads);
        classifier.read(threads, lasting); // so that the compiler has seen it
        ShippedClassifier.Speed speed = classifier.read(threads, lasting);
        line("texts a second", "%.0f", speed.aSecond());
        line("processor time a text, microseconds", "%.0f", speed.processorMicros());
        line("a text, microseconds, p50", "%.0f", speed.nanos().getValueAtPercentile(50) / 1e3);
        line("a text, microseconds, p99", "%.0f", speed.nanos().getValueAtPercentile(99) / 1e3);
        tellMachine();
    }

    private void tellMachine() {
        Machine machine = Machine.describe(Clock.systemUTC());
        out.printf(
                "%n%d cores (%s), %d MiB, %s, JDK %s, %s%n",
                machine.cores(),
                machine.processor(),
                machine.memoryMib(),
                machine.system(),
                machine.jdk(),
                machine.date());
    }

    /** Quality is that of texts within the scope, as the public sets count it; the others are told apart. */
    private void tellQuality(Trained trained, List<Asked> answers) {
        List<Asked> within =
                answers.stream().filter(answer -> !answer.isOutside()).toList();
        List<Asked> outside = answers.stream().filter(Asked::isOutside).toList();
        if (!trained.leftOut().isEmpty()) {
            line("labels with too few texts", "%s", String.join(", ", trained.leftOut()));
        }
        line("accuracy, cross-validated", "%.4f", trained.figures().accuracy());
        line("calibration error, cross-validated", "%.4f", trained.figures().calibrationError());
        if (!within.isEmpty()) {
            LabelFigures figures =
                    LabelFigures.of(within.stream().map(Asked::answer).toList());
            line("texts asked", "%d", figures.answers());
            line("accuracy", "%.4f", figures.accuracy());
            line("macro-F1", "%.4f", figures.macroF1());
            line("calibration error", "%.4f", figures.calibrationError());
            line("of perfect confidence, p50", "%.4f", errorOfPerfectConfidence(within, 0.5));
            line("of perfect confidence, p95", "%.4f", errorOfPerfectConfidence(within, 0.95));
            line("taken for out of scope", "%.4f", shareOutOfScope(within));
        }
        if (!outside.isEmpty()) {
            line("texts asked, out of scope", "%d", outside.size());
            line("of these found", "%.4f", shareOutOfScope(outside));
        }
    }

    /**
     * The calibration error that as many answers of the same confidence would show by chance if each were right exactly as
     * often as it says: what is below cannot be told from perfect by so few texts.
     */
    private static double errorOfPerfectConfidence(List<Asked> answers, double quantile) {
        SplittableRandom random = new SplittableRandom(7);
        double[] errors = new double[1_000];
        Arrays.setAll(errors, _ -> LabelFigures.of(answers.stream()
                        .map(asked -> {
                            double confidence = asked.given().confidence();
                            return new Answer(
                                    random.nextDouble() < confidence ? "right" : "wrong", "right", confidence);
                        })
                        .toList())
                .calibrationError());
        Arrays.sort(errors);
        return errors[(int) (quantile * (errors.length - 1))];
    }

    private static double shareOutOfScope(List<Asked> answers) {
        return answers.stream().filter(answer -> answer.given().outOfScope()).count() / (double) answers.size();
    }

    private void line(String name, String format, Object value) {
        out.printf(Locale.ROOT, "%-38s " + format + "%n", name, value);
    }

    private static List<LabelledText> read(String file, String outOfScope) throws IOException {
        List<LabelledText> found = new ArrayList<>();
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            formatOf(file)
                    .read(
                            in,
                            example -> found.add(
                                    example.label().equals(outOfScope)
                                            ? new LabelledText(example.text(), LabelModel.OUT_OF_SCOPE)
                                            : example));
        }
        if (found.isEmpty()) {
            throw new UsageException("there is no text in " + file);
        }
        return found;
    }

    private static ExampleFormat formatOf(String file) {
        String ending = file.substring(file.lastIndexOf('.') + 1);
        return switch (ending) {
            case "csv" -> ExampleFormat.CSV;
            case "jsonl", "ndjson" -> ExampleFormat.JSON_LINES;
            case "json" -> ExampleFormat.JSON_ARRAY;
            default -> throw new UsageException(file + " must end in .csv, .jsonl, .ndjson or .json");
        };
    }

    /** A text's label and what was answered. */
    private record Asked(String actual, LabelModel.Answer given) {

        boolean isOutside() {
            return actual.equals(LabelModel.OUT_OF_SCOPE);
        }

        Answer answer() {
            return new Answer(actual, given.label(), given.confidence());
        }
    }
}

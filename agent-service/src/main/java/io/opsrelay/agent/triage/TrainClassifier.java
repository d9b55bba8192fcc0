package io.opsrelay.agent.triage;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The build step that turns the labelled examples into the model that ships. */
final class TrainClassifier {
    private TrainClassifier() {}

    /** Trains from the file named first into the file named second, unless that is up to date. */
    public static void main(String[] args) throws IOException {
        if (args.length != 2) {
            throw new IllegalArgumentException("usage: TrainClassifier <examples.tsv> <model.bin>");
        }
        var examples = Files.readString(Path.of(args[0]));
        var target = Path.of(args[1]);
        var version = version(examples);
        if (isUpToDate(target, version)) {
            return;
        }
        var model = Trainer.train(Examples.parse(examples), version);
        Files.createDirectories(target.toAbsolutePath().getParent());
        try (var out = new BufferedOutputStream(Files.newOutputStream(target))) {
            model.write(out);
        }
        System.out.println("Trained classifier: " + model.card());
    }

    /** Returns twelve hexadecimal digits that change with the examples and with the parameters. */
    static String version(String examples) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(Trainer.PARAMETERS.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            digest.update(examples.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(), 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static boolean isUpToDate(Path target, String version) throws IOException {
        if (!Files.exists(target)) {
            return false;
        }
        try (var in = new BufferedInputStream(Files.newInputStream(target))) {
            return TextModel.read(in).card().version().equals(version);
        } catch (IOException e) {
            return false; // An older format, or half a file of a build that was stopped.
        }
    }
}

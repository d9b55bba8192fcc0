package io.opsrelay.ingestion.mime;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The mails in {@code src/test/resources/mails}. A file holds many: {@code === name}, what is expected of it, a line
 * {@code ---}, and the mail itself. In a mail {@code \xHH} is a byte, {@code @basic} stands for the usual headers, and
 * lines end in CR LF.
 */
final class Corpus {

    static final List<String> FILES =
            List.of("headers", "addresses", "charsets", "structure", "html", "replies", "kinds", "security", "broken");

    private static final String BASIC = """
            From: Jane Doe <jane@customer.example>
            To: support@acme.example
            Date: Mon, 02 Nov 2026 10:15:00 +0100
            Message-ID: <m1@customer.example>
            MIME-Version: 1.0
            """;

    private Corpus() {}

    /** @param expected by name of the expectation, in the order of the file */
    record Sample(String file, String name, Map<String, List<String>> expected, byte[] raw) {
        @Override
        public String toString() {
            return file + ": " + name;
        }

        List<String> all(String key) {
            return expected.getOrDefault(key, List.of());
        }

        String one(String key) {
            return all(key).getFirst();
        }
    }

    static List<Sample> all() {
        return FILES.stream().flatMap(file -> read(file).stream()).toList();
    }

    static List<Sample> read(String file) {
        List<Sample> samples = new ArrayList<>();
        for (String section : ("\n" + load(file)).split("\n=== ")) {
            if (!section.isBlank()) {
                samples.add(sample(file, section));
            }
        }
        return samples;
    }

    private static Sample sample(String file, String section) {
        int split = section.indexOf("\n---\n");
        if (split < 0) {
            throw new IllegalArgumentException("no mail in " + file + ": " + section);
        }
        List<String> head = section.substring(0, split).lines().toList();
        Map<String, List<String>> expected = new LinkedHashMap<>();
        for (String line : head.subList(1, head.size())) {
            int colon = line.indexOf(':');
            expected.computeIfAbsent(line.substring(0, colon), unseen -> new ArrayList<>())
                    .add(line.substring(colon + 1)
                            .strip()
                            .replace("\\n", "\n")
                            .replace("\\s", "")
                            .replace("\\t", "\t"));
        }
        return new Sample(file, head.getFirst().strip(), expected, bytes(section.substring(split + 5) + "\n"));
    }

    /** The bytes of a mail that is written in the corpus' form. */
    static byte[] bytes(String mail) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String whole = mail.startsWith("@basic\n") ? BASIC + mail.substring(7) : mail;
        for (int i = 0; i < whole.length(); i++) {
            char c = whole.charAt(i);
            if (c == '\\' && whole.startsWith("\\x", i) && i + 3 < whole.length()) {
                out.write(Integer.parseInt(whole.substring(i + 2, i + 4), 16));
                i += 3;
            } else if (c == '\n') {
                out.write('\r');
                out.write('\n');
            } else {
                int end = Character.isHighSurrogate(c) ? i + 2 : i + 1;
                out.writeBytes(whole.substring(i, end).getBytes(StandardCharsets.UTF_8));
                i = end - 1;
            }
        }
        return out.toByteArray();
    }

    private static String load(String file) {
        try (InputStream in = Corpus.class.getResourceAsStream("/mails/" + file + ".txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

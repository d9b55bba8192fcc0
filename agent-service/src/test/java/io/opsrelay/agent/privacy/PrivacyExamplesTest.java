package io.opsrelay.agent.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What counts as a person's data and what does not, kind by kind; braces mark what must be taken out. */
class PrivacyExamplesTest {

    private final Redactor redactor = Redactor.shipped();

    @ParameterizedTest
    @MethodSource("examples")
    void justWhatIsMarkedIsTakenOut(String kind, String marked) {
        StringBuilder text = new StringBuilder();
        List<String> wanted = new ArrayList<>();
        int opened = -1;
        for (int i = 0; i < marked.length(); i++) {
            char c = marked.charAt(i);
            if (c == '{') {
                opened = text.length();
            } else if (c == '}') {
                wanted.add(kind + ": " + text.substring(opened));
            } else {
                text.append(c);
            }
        }

        Redacted redacted = redactor.redact(text.toString());

        assertThat(redacted.redactions())
                .extracting(found -> found.kind().code() + ": " + text.substring(found.start(), found.end()))
                .isEqualTo(wanted);
        assertThat(redacted.mapping().restore(redacted.text())).isEqualTo(text.toString());
    }

    static Stream<String[]> examples() throws IOException {
        try (var stream = PrivacyExamplesTest.class.getResourceAsStream("/privacy/examples.tsv")) {
            String file = new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8);
            return file
                    .lines()
                    .skip(1)
                    .map(line -> line.split("\t"))
                    .map(columns -> new String[] {columns[0], unescaped(columns[2])})
                    .toList()
                    .stream();
        }
    }

    private static String unescaped(String text) {
        return text.replace("\\n", "\n")
                .replace("\\u200B", "\u200B")
                .replace("\\u200D", "\u200D")
                .replace("\\u00A0", "\u00A0");
    }
}

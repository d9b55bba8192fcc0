package io.opsrelay.agent.learning;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/** The forms in which labelled texts come, in UTF-8. Labels may be called {@code category}, as some public sets do. */
public enum ExampleFormat {
    /** One JSON object a line, with the fields text and label; empty lines do not count. */
    JSON_LINES {
        @Override
        void read(BufferedReader in, Consumer<LabelledText> each) throws IOException {
            var number = 0L;
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                number++;
                if (!line.isBlank()) {
                    readLine(line, number, each);
                }
            }
        }

        private static void readLine(String line, long number, Consumer<LabelledText> each) {
            try (var parser = JSON.createParser(line)) {
                parser.nextToken();
                each.accept(example(parser, number));
                if (parser.nextToken() != null) {
                    throw new BadExampleException(number, "there is more than one JSON value in the line");
                }
            } catch (JacksonException e) {
                throw new BadExampleException(number, "is not valid JSON: " + e.getOriginalMessage());
            }
        }
    },

    /** An array of such objects. */
    JSON_ARRAY {
        @Override
        void read(BufferedReader in, Consumer<LabelledText> each) {
            try (var parser = JSON.createParser(in)) {
                if (parser.nextToken() != JsonToken.START_ARRAY) {
                    throw new BadExampleException(1, "expected a JSON array of objects with text and label");
                }
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    each.accept(example(parser, parser.currentTokenLocation().getLineNr()));
                }
                if (parser.nextToken() != null) {
                    throw new BadExampleException(
                            parser.currentTokenLocation().getLineNr(), "there is something behind the array");
                }
            } catch (JacksonException e) {
                var place = e.getLocation();
                throw new BadExampleException(
                        place == null ? 1 : place.getLineNr(), "is not valid JSON: " + e.getOriginalMessage());
            }
        }
    },

    /** Comma-separated values with quotes as RFC 4180 has them, under a heading with the columns text and label. */
    CSV {
        @Override
        void read(BufferedReader in, Consumer<LabelledText> each) throws IOException {
            try (var parser = CSVParser.parse(in, CSVFormat.RFC4180.builder().get())) {
                var records = parser.iterator();
                if (!records.hasNext()) {
                    throw new BadExampleException(1, "expected the heading text,label");
                }
                var heading = List.of(records.next().values());
                var text = heading.indexOf("text");
                var label = Math.max(heading.indexOf("label"), heading.indexOf("category"));
                if (heading.size() != 2 || text < 0 || label < 0) {
                    throw new BadExampleException(1, "expected the heading text,label");
                }
                while (true) {
                    var line = parser.getCurrentLineNumber() + 1;
                    CSVRecord found;
                    try {
                        if (!records.hasNext()) {
                            return;
                        }
                        found = records.next();
                    } catch (UncheckedIOException e) {
                        throw e.getCause() instanceof CharacterCodingException
                                ? e
                                : new BadExampleException(line, "is not well-formed CSV, look at its quotes");
                    }
                    if (found.size() == 1 && found.get(0).isBlank()) {
                        continue;
                    }
                    if (found.size() != 2) {
                        throw new BadExampleException(line, "has " + found.size() + " values, not 2");
                    }
                    each.accept(example(found.get(text), found.get(label), line));
                }
            }
        }
    };

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .build();
    private static final Set<String> LABEL_NAMES = Set.of("label", "category");
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    /**
     * Reads examples to the stream's end; the caller closes it. One example at a time is held in memory.
     *
     * @throws BadExampleException for the first one that cannot be read
     */
    public void read(InputStream stream, Consumer<LabelledText> each) throws IOException {
        var decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        var read = new long[1];
        try {
            read(new BufferedReader(withoutMark(new InputStreamReader(stream, decoder))), example -> {
                read[0]++;
                each.accept(example);
            });
        } catch (CharacterCodingException | UncheckedIOException e) {
            var cause = e instanceof UncheckedIOException unchecked ? unchecked.getCause() : e;
            if (cause instanceof CharacterCodingException) {
                throw new BadExampleException(1, "is not UTF-8 somewhere behind the first " + read[0] + " examples");
            }
            throw e;
        }
    }

    abstract void read(BufferedReader in, Consumer<LabelledText> each) throws IOException;

    private static Reader withoutMark(Reader reader) throws IOException {
        var pushable = new PushbackReader(reader);
        var first = pushable.read();
        if (first >= 0 && first != BYTE_ORDER_MARK) {
            pushable.unread(first);
        }
        return pushable;
    }

    /** Reads the object that the parser stands at. */
    private static LabelledText example(JsonParser parser, long line) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new BadExampleException(line, "expected a JSON object with text and label");
        }
        String text = null;
        String label = null;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            var name = parser.currentName();
            if (parser.nextToken() != JsonToken.VALUE_STRING) {
                throw new BadExampleException(line, name + " must be a text");
            }
            if ("text".equals(name)) {
                text = parser.getString();
            } else if (LABEL_NAMES.contains(name)) {
                label = parser.getString();
            } else {
                throw new BadExampleException(line, name + " is not a field of an example");
            }
        }
        return example(text, label, line);
    }

    private static LabelledText example(@Nullable String text, @Nullable String label, long line) {
        if (text == null || label == null) {
            throw new BadExampleException(line, (text == null ? "text" : "label") + " is missing");
        }
        try {
            return new LabelledText(text, label);
        } catch (IllegalArgumentException e) {
            throw new BadExampleException(line, String.valueOf(e.getMessage()));
        }
    }
}

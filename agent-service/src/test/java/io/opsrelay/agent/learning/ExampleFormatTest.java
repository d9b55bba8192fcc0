package io.opsrelay.agent.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExampleFormatTest {
    private static final List<LabelledText> TWO =
            List.of(new LabelledText("Where is my \"card\", please?", "card arrival"), new LabelledText("Hé\nho", "x"));

    @Test
    void jsonLinesAreReadAndEmptyOnesDoNotCount() throws IOException {
        assertThat(read(ExampleFormat.JSON_LINES, """
                        {"text": "Where is my \\"card\\", please?", "label": "card arrival"}

                        {"label": "x", "text": "Hé\\nho"}
                        """)).isEqualTo(TWO);
    }

    @Test
    void aJsonArrayIsRead() throws IOException {
        assertThat(read(ExampleFormat.JSON_ARRAY, """
                        [{"text": "Where is my \\"card\\", please?", "label": "card arrival"},
                         {"label": "x", "text": "Hé\\nho"}]
                        """)).isEqualTo(TWO);
    }

    @Test
    void csvIsReadWithQuotesCommasAndLineBreaksInItsValues() throws IOException {
        assertThat(read(
                        ExampleFormat.CSV,
                        "text,label\r\n\"Where is my \"\"card\"\", please?\",card arrival\r\n\"Hé\nho\",x\r\n"))
                .isEqualTo(TWO);
    }

    @Test
    void columnsOfPublicSetsAndAByteOrderMarkAreUnderstood() throws IOException {
        assertThat(read(ExampleFormat.CSV, "\uFEFFcategory,text\nx,hello\n"))
                .containsExactly(new LabelledText("hello", "x"));
        assertThat(read(ExampleFormat.JSON_LINES, "{\"text\":\"hello\",\"category\":\"x\"}"))
                .containsExactly(new LabelledText("hello", "x"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "", textBlock = """
            JSON_LINES | {'text':'a','label':'x'}~{'text':'b'}                 | 2 | label is missing
            JSON_LINES | {'text':'a','label':'x'}~~{'text':'b','label':'x'     | 3 | is not valid JSON
            JSON_LINES | {'text':'a','label':'x','weight':'1'}                 | 1 | weight is not a field of an example
            JSON_LINES | {'text':'a','text':'b','label':'x'}                   | 1 | is not valid JSON
            JSON_LINES | {'text':7,'label':'x'}                                | 1 | text must be a text
            JSON_LINES | {'text':'a','label':'x'} {'text':'b','label':'x'}     | 1 | more than one JSON value
            JSON_LINES | [1]                                                   | 1 | expected a JSON object
            JSON_LINES | {'text':' ','label':'x'}                              | 1 | the text is empty
            JSON_LINES | {'text':'a','label':' x'}                             | 1 | the label must be made of visible
            JSON_LINES | {'text':'a','label':'x  y'}                           | 1 | the label must be made of visible
            JSON_LINES | {'text':'a','label':'x\\u200by'}                      | 1 | the label must be made of visible
            JSON_LINES | {'text':'a\\u0000','label':'x'}                       | 1 | cannot be stored
            JSON_ARRAY | {'text':'a','label':'x'}                              | 1 | expected a JSON array
            JSON_ARRAY | [{'text':'a','label':'x'},~{'text':'b','label':''}]   | 2 | the label is empty
            JSON_ARRAY | [{'text':'a','label':'x'},~{'text':'b'                | 2 | is not valid JSON
            JSON_ARRAY | [{'text':'a','label':'x'}]~7                          | 2 | something behind the array
            CSV        | text~a                                                | 1 | expected the heading text,label
            CSV        | text,label~'a~b',x~c                                  | 4 | has 1 values
            CSV        | text,label~a,x~b,x,y                                  | 3 | has 3 values
            CSV        | text,label~a,x~'b                                     | 3 | not well-formed CSV
            CSV        | text,label~a,x~'b'c,x                                 | 3 | not well-formed CSV
            """)
    void whatCannotBeReadIsNamedByItsLine(ExampleFormat format, String file, long line, String reason) {
        assertThatExceptionOfType(BadExampleException.class)
                .isThrownBy(() -> read(format, file.replace('\'', '"').replace('~', '\n')))
                .withMessageContaining(reason)
                .satisfies(e -> assertThat(e.line()).isEqualTo(line));
    }

    @Test
    void whatIsNotUtf8IsRefused() {
        for (var format : ExampleFormat.values()) {
            assertThatExceptionOfType(BadExampleException.class)
                    .isThrownBy(() -> format.read(
                            new ByteArrayInputStream("text,label\n\u00e9,x\n".getBytes(StandardCharsets.ISO_8859_1)),
                            example -> {}));
        }
    }

    @Test
    void textsAndLabelsHaveALength() {
        assertThatExceptionOfType(BadExampleException.class)
                .isThrownBy(() -> read(ExampleFormat.CSV, "text,label\n" + "x".repeat(10_001) + ",x\n"))
                .withMessageContaining("longer than 10000");
        assertThatExceptionOfType(BadExampleException.class)
                .isThrownBy(() -> read(ExampleFormat.CSV, "text,label\nx," + "x".repeat(101) + "\n"))
                .withMessageContaining("longer than 100");
    }

    private static List<LabelledText> read(ExampleFormat format, String file) throws IOException {
        var found = new ArrayList<LabelledText>();
        format.read(new ByteArrayInputStream(file.getBytes(StandardCharsets.UTF_8)), found::add);
        return found;
    }
}

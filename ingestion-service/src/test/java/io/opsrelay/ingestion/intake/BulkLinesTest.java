package io.opsrelay.ingestion.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BulkLinesTest {

    @Test
    void everyLineCountsBlankOnesTooAndTheLastNeedsNoBreak() throws IOException {
        assertThat(lines("a\n\nb\r\nc", 10)).containsExactly("1:a", "2:", "3:b\r", "4:c");
        assertThat(lines("a\n", 10)).containsExactly("1:a");
        assertThat(lines("\n", 10)).containsExactly("1:");
        assertThat(lines("", 10)).isEmpty();
    }

    @Test
    void aLineThatIsTooLongIsSkippedWhereverItIsCut() throws IOException {
        String longest = "x".repeat(200_000);

        assertThat(lines("a\n" + longest + "\nb", 200_000)).containsExactly("1:a", "2:" + longest, "3:b");
        assertThat(lines("a\n" + longest + "y\nb", 200_000)).containsExactly("1:a", "2:too long", "3:b");
        assertThat(lines(longest + "y", 200_000)).containsExactly("1:too long");
        assertThat(lines("12345\n123456\n", 5)).containsExactly("1:12345", "2:too long");
    }

    @Test
    void howTheBodyIsCutIntoPiecesDoesNotMatter() throws IOException {
        InputStream byteByByte = new ByteArrayInputStream("ab\ncd\n\ne".getBytes(StandardCharsets.UTF_8)) {
            @Override
            public int read(byte[] target, int offset, int length) {
                return super.read(target, offset, Math.min(length, 1));
            }

            @Override
            public int read(byte[] target) {
                return read(target, 0, target.length);
            }
        };

        assertThat(all(new BulkLines(byteByByte, 10, 1))).containsExactly("1:ab", "2:cd", "3:", "4:e");
    }

    @Test
    void aRequestThatGoesOnCountsFromWhereItDoes() throws IOException {
        assertThat(all(new BulkLines(new ByteArrayInputStream("a\nb".getBytes(StandardCharsets.UTF_8)), 10, 251)))
                .containsExactly("251:a", "252:b");
    }

    @Test
    void anEndlessLineTakesNoMoreMemoryThanItsLimit() throws IOException {
        InputStream endless = new InputStream() {
            private long left = 300L * 1024 * 1024;

            @Override
            public int read() {
                return left-- > 0 ? 'x' : -1;
            }

            @Override
            public int read(byte[] target, int offset, int length) {
                if (left <= 0) {
                    return -1;
                }
                left -= length;
                java.util.Arrays.fill(target, offset, offset + length, (byte) 'x');
                return length;
            }
        };

        assertThat(all(new BulkLines(endless, 1_000, 1))).containsExactly("1:too long");
    }

    private static List<String> lines(String text, int maxLine) throws IOException {
        return all(new BulkLines(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), maxLine, 1));
    }

    private static List<String> all(BulkLines lines) throws IOException {
        List<String> all = new ArrayList<>();
        for (BulkLines.Line line = lines.next(); line != null; line = lines.next()) {
            all.add(line.number() + ":"
                    + (line.bytes() == null ? "too long" : new String(line.bytes(), StandardCharsets.UTF_8)));
        }
        return all;
    }
}

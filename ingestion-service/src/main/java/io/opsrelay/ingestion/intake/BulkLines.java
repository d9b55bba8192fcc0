package io.opsrelay.ingestion.intake;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Cuts a body into its lines, of which no more than one is in memory, and never more of it than the limit. */
final class BulkLines {

    private static final int BUFFER = 64 * 1024;

    private final InputStream body;
    private final int maxLine;
    private final byte[] buffer = new byte[BUFFER];
    private int begin;
    private int end;
    private long number;

    /** @param first number of the first line */
    BulkLines(InputStream body, int maxLine, long first) {
        this.body = body;
        this.maxLine = maxLine;
        this.number = first - 1;
    }

    /** The next line; null after the last one. What follows the last line break counts if there is anything. */
    @Nullable
    Line next() throws IOException {
        ByteArrayOutputStream gathered = new ByteArrayOutputStream();
        boolean any = false;
        boolean tooLong = false;
        while (begin < end || fill()) {
            any = true;
            int at = lineBreak();
            tooLong = tooLong || gathered.size() + (at - begin) > maxLine;
            if (tooLong) {
                gathered.reset();
            } else {
                gathered.write(buffer, begin, at - begin);
            }
            begin = Math.min(at + 1, end);
            if (at < end) {
                break;
            }
        }
        return any ? new Line(++number, tooLong ? null : gathered.toByteArray()) : null;
    }

    private boolean fill() throws IOException {
        begin = 0;
        end = Math.max(0, body.read(buffer));
        return end > 0;
    }

    private int lineBreak() {
        int at = begin;
        while (at < end && buffer[at] != '\n') {
            at++;
        }
        return at;
    }

    /**
     * A line without its line break.
     *
     * @param number from that of the first line on
     * @param bytes absent if they were too many
     */
    record Line(long number, byte @Nullable [] bytes) {}
}

package io.opsrelay.agent.owntool;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads the data of server-sent events one after the other, as they come. */
final class EventStream {

    private final BufferedReader lines;

    EventStream(InputStream body) {
        lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    }

    /** The next event's data, or null at the end; an event that the end cut off is none. */
    @Nullable
    String next() throws IOException {
        StringBuilder data = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.isEmpty()) {
                if (!data.isEmpty()) {
                    return data.substring(0, data.length() - 1);
                }
            } else if (line.startsWith("data:")) {
                data.append(line, line.startsWith("data: ") ? 6 : 5, line.length())
                        .append('\n');
            }
        }
        return null;
    }
}

package io.opsrelay.ingestion.email.door;

import io.opsrelay.ingestion.email.Spool;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A request as it came: nothing of it is believed yet.
 *
 * @param header its headers by name
 * @param body its bytes, as they were signed
 */
record Posted(Function<String, @Nullable String> header, Spool body) {

    @Nullable
    String header(String name) {
        return header.apply(name);
    }

    String contentType() {
        String type = header("Content-Type");
        return type == null ? "" : type;
    }
}

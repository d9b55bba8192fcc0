package io.opsrelay.gateway.web;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.function.server.ServerRequest;

/**
 * A file of the build in the smallest form that the caller takes; the build lays these forms beside it.
 *
 * @param encoding as {@code Content-Encoding} has it; null where the caller takes none of them
 */
record Precompressed(Resource file, @Nullable String encoding) {

    /** The smaller first. */
    private static final List<Form> FORMS = List.of(new Form("br", ".br"), new Form("gzip", ".gz"));

    /** Null where there is one form alone, whatever is asked for. */
    static @Nullable Precompressed of(Resource file, ServerRequest request) {
        Map<String, Double> taken = null;
        for (Form form : FORMS) {
            Resource smaller = beside(file, form.ending());
            if (smaller != null) {
                taken = taken == null ? taken(request) : taken;
                if (taken.getOrDefault(form.encoding(), taken.getOrDefault("*", 0.0)) > 0) {
                    return new Precompressed(smaller, form.encoding());
                }
            }
        }
        return taken == null ? null : new Precompressed(file, null);
    }

    private static @Nullable Resource beside(Resource file, String ending) {
        try {
            Resource smaller = file.createRelative(file.getFilename() + ending);
            return smaller.exists() ? smaller : null;
        } catch (IOException e) {
            return null;
        }
    }

    /** What the caller takes, with how gladly (RFC 9110, 12.5.3); what cannot be read counts as not taken. */
    private static Map<String, Double> taken(ServerRequest request) {
        Map<String, Double> taken = new HashMap<>();
        for (String header : request.headers().header(HttpHeaders.ACCEPT_ENCODING)) {
            for (String one : header.split(",")) {
                String[] parts = one.strip().toLowerCase(Locale.ROOT).split("\\s*;\\s*q\\s*=\\s*", 2);
                taken.put(parts[0], parts.length == 1 ? 1 : weight(parts[1]));
            }
        }
        return taken;
    }

    private static double weight(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private record Form(String encoding, String ending) {}
}

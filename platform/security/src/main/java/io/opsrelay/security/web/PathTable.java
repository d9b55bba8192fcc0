package io.opsrelay.security.web;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/** What is set for paths, each named as it is or as a pattern: {@code *} stands for one part of a path. */
final class PathTable<T> {

    private final Map<PathPattern, T> values;

    private PathTable(Map<PathPattern, T> values) {
        this.values = values;
    }

    static <T> PathTable<T> of(Map<String, T> byPath) {
        Map<PathPattern, T> values = new LinkedHashMap<>();
        byPath.forEach((path, value) -> values.put(PathPatternParser.defaultInstance.parse(path), value));
        return new PathTable<>(values);
    }

    /** What is set for the path; of several patterns that match it, for the most exact one. */
    Optional<T> find(String path) {
        // A path with parameters is none that was meant here, though patterns do not look at them.
        if (values.isEmpty() || path.indexOf(';') >= 0) {
            return Optional.empty();
        }
        PathContainer parts = PathContainer.parsePath(path);
        return values.entrySet().stream()
                .filter(entry -> entry.getKey().matches(parts))
                .min(Map.Entry.comparingByKey())
                .map(Map.Entry::getValue);
    }
}

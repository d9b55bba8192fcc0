package io.opsrelay.gateway.route;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.http.server.RequestPath;
import org.springframework.stereotype.Component;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/** How long an answer is waited for. */
@Component
final class Patience {

    private final Map<String, Duration> common = new HashMap<>();
    private final Map<String, List<SlowPath>> slow = new HashMap<>();

    private record SlowPath(PathPattern path, Duration limit) {}

    Patience(Services services) {
        services.services().forEach((name, service) -> {
            common.put(
                    name, service.responseTimeout() == null ? services.responseTimeout() : service.responseTimeout());
            List<SlowPath> paths = new ArrayList<>();
            service.slowPaths()
                    .forEach((path, limit) ->
                            paths.add(new SlowPath(PathPatternParser.defaultInstance.parse(path), limit)));
            slow.put(name, paths);
        });
    }

    /** With that service, for that path; since the last piece of the request went on to it. */
    Duration with(String service, RequestPath path) {
        Duration limit = common.getOrDefault(service, Duration.ZERO);
        for (SlowPath one : slow.getOrDefault(service, List.of())) {
            if (one.path.matches(path) && one.limit.compareTo(limit) > 0) {
                limit = one.limit;
            }
        }
        return limit;
    }
}

package io.opsrelay.action.httpaction;

import io.opsrelay.action.catalogue.ActionKind;
import io.opsrelay.action.catalogue.ClientKinds;
import io.opsrelay.action.remote.RemoteCalls;
import io.opsrelay.action.remote.RemoteSystem;
import io.opsrelay.messaging.Ids;
import io.opsrelay.security.outbound.GuardedHttp;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** The actions that clients have added, each for its client alone. */
@Component
class HttpActions implements ClientKinds {

    private final Map<String, List<ActionKind>> kinds = new HashMap<>();

    HttpActions(HttpActionProperties properties, GuardedHttp http, RemoteCalls calls, Ids ids, Clock clock) {
        properties
                .http()
                .forEach((client, actions) -> kinds.put(
                        client,
                        actions.entrySet().stream()
                                .map(action ->
                                        kind("http_" + action.getKey(), action.getValue(), http, calls, ids, clock))
                                .toList()));
    }

    private static ActionKind kind(
            String type, HttpActionSettings settings, GuardedHttp http, RemoteCalls calls, Ids ids, Clock clock) {
        RemoteSystem system =
                new RemoteSystem("the system of " + type, http, settings.timeout(), settings.allowPrivate(), clock);
        return new HttpAction(type, settings, new HttpActionSystem(settings, system, ids, clock), calls);
    }

    @Override
    public List<ActionKind> of(String clientId) {
        return kinds.getOrDefault(clientId, List.of());
    }
}

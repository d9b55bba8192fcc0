package io.opsrelay.action.catalogue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** All kinds of actions, by type: those that every client has, and each client's own. */
@Component
public class Catalogue {

    private final Map<String, ActionKind> kinds;
    private final List<ClientKinds> clientKinds;

    Catalogue(List<ActionKind> kinds, ObjectProvider<ClientKinds> clientKinds) {
        this.kinds = kinds.stream().collect(Collectors.toUnmodifiableMap(ActionKind::type, Function.identity()));
        this.clientKinds = clientKinds.orderedStream().toList();
    }

    /** The kind of that type, if that client has one. One that all have is never replaced by a client's own. */
    public Optional<ActionKind> find(String clientId, String actionType) {
        ActionKind common = kinds.get(actionType);
        return common != null
                ? Optional.of(common)
                : own(clientId).filter(kind -> kind.type().equals(actionType)).findFirst();
    }

    /** The kind of an action that was prepared once. */
    public ActionKind get(String clientId, String actionType) {
        return find(clientId, actionType)
                .orElseThrow(() -> new IllegalStateException(actionType + " was prepared and is no longer known"));
    }

    /** What that client can ask for, by type. */
    public List<ActionKind> all(String clientId) {
        return Stream.concat(kinds.values().stream(), own(clientId).filter(kind -> !kinds.containsKey(kind.type())))
                .sorted((one, other) -> one.type().compareTo(other.type()))
                .toList();
    }

    /** The types of those that somebody would do for that client. */
    public List<String> offered(String clientId) {
        return all(clientId).stream()
                .filter(kind -> kind.serves(clientId))
                .map(ActionKind::type)
                .toList();
    }

    private Stream<ActionKind> own(String clientId) {
        return clientKinds.stream().flatMap(some -> some.of(clientId).stream());
    }
}

package io.opsrelay.action.catalogue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** All kinds of actions, by type. */
@Component
public class Catalogue {

    private final Map<String, ActionKind> kinds;

    Catalogue(List<ActionKind> kinds) {
        this.kinds = kinds.stream().collect(Collectors.toUnmodifiableMap(ActionKind::type, Function.identity()));
    }

    /** The kind of that type, if there is one. */
    public Optional<ActionKind> find(String actionType) {
        return Optional.ofNullable(kinds.get(actionType));
    }

    /** The kind of an action that was prepared once. */
    public ActionKind get(String actionType) {
        return find(actionType)
                .orElseThrow(() -> new IllegalStateException(actionType + " was prepared and is no longer known"));
    }
}

package io.opsrelay.agent.persona;

import io.opsrelay.agent.owntool.OwnTools;
import io.opsrelay.agent.persona.AiEmployee.Seen;
import io.opsrelay.contracts.AiActivity;
import io.opsrelay.messaging.Ids;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.EntityTags;
import io.opsrelay.security.web.PageRequest;
import io.opsrelay.security.web.ProblemException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What people may see and change of a client's AI employees. */
@Component
class Employees {

    private final EmployeeStore store;
    private final Personas personas;
    private final OwnTools ownTools;
    private final ClientTransactions transactions;
    private final Ids ids;
    private final Clock clock;

    Employees(
            EmployeeStore store,
            Personas personas,
            OwnTools ownTools,
            ClientTransactions transactions,
            Ids ids,
            Clock clock) {
        this.store = store;
        this.personas = personas;
        this.ownTools = ownTools;
        this.transactions = transactions;
        this.ids = ids;
        this.clock = clock;
    }

    List<Seen> all(String clientId) {
        return transactions.read(clientId, () -> store.seen(null, clock.instant()));
    }

    Seen one(String clientId, String name) {
        return transactions.read(clientId, () -> seen(name));
    }

    Seen put(String clientId, String name, EntityTags ifMatch, EmployeeBody body) {
        Map<String, String> refusals = body.refusals(name, ownTools.codes(clientId));
        if (!refusals.isEmpty()) {
            throw ProblemException.unprocessable(refusals);
        }
        AiEmployee employee = body.toEmployee(name, ids.next(), clock.instant());
        return transactions.call(clientId, () -> {
            requireMatch(ifMatch, store.locked(name));
            store.put(clientId, employee);
            personas.changed(clientId, employee);
            return seen(name);
        });
    }

    /**
     * Gives the client an AI employee, unless it has one of that name.
     *
     * @throws IllegalArgumentException if it is not as it must be
     */
    void provide(String clientId, String name, EmployeeBody body) {
        Map<String, String> refusals = body.refusals(name, ownTools.codes(clientId));
        if (!refusals.isEmpty()) {
            throw new IllegalArgumentException(refusals.entrySet().stream()
                    .map(refusal -> refusal.getKey() + " " + refusal.getValue())
                    .collect(Collectors.joining("; ")));
        }
        AiEmployee employee = body.toEmployee(name, ids.next(), clock.instant());
        transactions.run(clientId, () -> {
            if (store.locked(name).isEmpty()) {
                store.put(clientId, employee);
                personas.changed(clientId, employee);
            }
        });
    }

    void delete(String clientId, String name, EntityTags ifMatch) {
        transactions.run(clientId, () -> {
            AiEmployee there = store.locked(name).orElseThrow(() -> ProblemException.notFound("AI employee", name));
            requireMatch(ifMatch, Optional.of(there));
            store.delete(name);
            personas.removed(clientId, name);
        });
    }

    /** @param name null for those of all */
    List<AiActivity> activities(String clientId, @Nullable String name, PageRequest page) {
        return transactions.read(clientId, () -> {
            if (name != null && store.find(name).isEmpty()) {
                throw ProblemException.notFound("AI employee", name);
            }
            return store.activities(name, page);
        });
    }

    private Seen seen(String name) {
        return store.seen(name, clock.instant()).stream()
                .findFirst()
                .orElseThrow(() -> ProblemException.notFound("AI employee", name));
    }

    private static void requireMatch(EntityTags ifMatch, Optional<AiEmployee> there) {
        boolean matches =
                there.map(employee -> ifMatch.match(employee.revision())).orElse(ifMatch.any());
        if (!matches) {
            throw ProblemException.stale("the AI employee was changed since it was read, or is gone: read it again");
        }
    }
}

package io.opsrelay.agent.vault;

import io.opsrelay.agent.privacy.Kind;
import io.opsrelay.agent.privacy.Mapping;
import io.opsrelay.agent.vault.RedactionStore.Reveal;
import io.opsrelay.agent.vault.RedactionStore.Tokens;
import io.opsrelay.messaging.Ids;
import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.PageRequest;
import io.opsrelay.security.web.ProblemException;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What was taken out of a ticket's text; the values only for an administrator who says why. */
@RestController
@RequestMapping("/api/v1/agent/tickets/{ticketId}/redactions")
@RequiresRole({Role.ADMIN, Role.AGENT})
class RedactionController {

    private static final int LONGEST_REASON = 500;

    private final RedactionStore store;
    private final Vault vault;
    private final ClientTransactions transactions;
    private final Ids ids;
    private final Clock clock;

    RedactionController(RedactionStore store, Vault vault, ClientTransactions transactions, Ids ids, Clock clock) {
        this.store = store;
        this.vault = vault;
        this.transactions = transactions;
        this.ids = ids;
        this.clock = clock;
    }

    @GetMapping
    RedactionView ofTicket(Caller caller, @PathVariable String ticketId) {
        UUID ticket = PageRequest.idOf("ticket", ticketId);
        return transactions.read(caller.clientId(), () -> {
            Tokens found =
                    store.tokens(ticket).orElseThrow(() -> ProblemException.notFound("redaction of ticket", ticketId));
            List<String> personal = found.tokens().stream()
                    .filter(RedactionController::isPersonal)
                    .toList();
            return new RedactionView(ticket, counts(personal), personal, store.reveals(ticket), found.updatedAt());
        });
    }

    @PostMapping("/reveal")
    @RequiresRole(Role.ADMIN)
    RevealedView reveal(Caller caller, @PathVariable String ticketId, @RequestBody RevealRequest request) {
        UUID ticket = PageRequest.idOf("ticket", ticketId);
        String reason = request.reasonOrRefuse();
        return transactions.call(caller.clientId(), () -> {
            Mapping mapping = vault.mapping(caller.clientId(), ticket);
            Map<String, String> values = new LinkedHashMap<>();
            mapping.values().forEach((token, value) -> {
                if (isPersonal(token)) {
                    values.put(token, value);
                }
            });
            if (values.isEmpty()) {
                throw ProblemException.notFound("redaction of ticket", ticketId);
            }
            // In the transaction that reads the values: nobody sees them without a trace.
            store.addReveal(
                    ids.next(),
                    caller.clientId(),
                    ticket,
                    List.copyOf(values.keySet()),
                    new Reveal(caller.asActor(), reason, clock.instant()));
            return new RevealedView(ticket, values);
        });
    }

    private static boolean isPersonal(String token) {
        return !token.startsWith("[" + Kind.LITERAL.name() + "_");
    }

    private static Map<String, Integer> counts(List<String> tokens) {
        Map<String, Integer> counts = new TreeMap<>();
        for (String token : tokens) {
            String kind = token.substring(1, token.lastIndexOf('_')).toLowerCase(Locale.ROOT);
            counts.merge(kind, 1, Integer::sum);
        }
        return counts;
    }

    /**
     * What was taken out, without the values.
     *
     * @param counts different values by kind
     * @param reveals who saw the values, newest first
     */
    record RedactionView(
            UUID ticketId, Map<String, Integer> counts, List<String> tokens, List<Reveal> reveals, Instant updatedAt) {}

    /** Why somebody has to see the values. */
    record RevealRequest(@Nullable String reason) {

        String reasonOrRefuse() {
            if (reason == null || reason.isBlank()) {
                throw ProblemException.badRequest("reason", "say why you have to see the values");
            }
            if (reason.length() > LONGEST_REASON) {
                throw ProblemException.badRequest(
                        "reason", "must not be longer than " + LONGEST_REASON + " characters");
            }
            return reason.strip();
        }
    }

    /** What the tokens stand for. */
    record RevealedView(UUID ticketId, Map<String, String> values) {}
}

package io.opsrelay.ingestion.customer;

import io.opsrelay.ingestion.customer.CustomerBodies.NewIdentity;
import io.opsrelay.ingestion.customer.CustomerView.Block;
import io.opsrelay.ingestion.customer.CustomerView.Note;
import io.opsrelay.messaging.Ids;
import io.opsrelay.security.Caller;
import io.opsrelay.security.audit.Audit;
import io.opsrelay.security.audit.AuditEntry;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.EntityTags;
import io.opsrelay.security.web.ProblemException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * What people change about customers. All of it is audited, by ids: the log cannot be changed, so no address and no name
 * may stand in it that somebody may have to erase.
 */
@Component
class CustomerChanges {

    static final String WHAT = "customer";

    private final ClientTransactions transactions;
    private final CustomerStore store;
    private final Audit audit;
    private final Ids ids;
    private final Clock clock;

    CustomerChanges(ClientTransactions transactions, CustomerStore store, Audit audit, Ids ids, Clock clock) {
        this.transactions = transactions;
        this.store = store;
        this.audit = audit;
        this.ids = ids;
        this.clock = clock;
    }

    void rename(Caller caller, UUID id, EntityTags ifMatch, @Nullable String name) {
        change(caller, id, ifMatch, (customer, now) -> {
            if (Objects.equals(customer.name(), name)) {
                return customer;
            }
            record(caller, "renamed", customer.customerId(), null, Map.of(), Map.of("named", name != null));
            return customer.named(name, now);
        });
    }

    /** One that is blocked already stays as it is: the first reason stands. */
    void block(Caller caller, UUID id, EntityTags ifMatch, String reason) {
        change(caller, id, ifMatch, (customer, now) -> {
            if (customer.block() != null) {
                return customer;
            }
            record(caller, "blocked", customer.customerId(), reason, blocked(false), blocked(true));
            return customer.blocked(new Block(now, caller.asActor(), reason), now);
        });
    }

    void unblock(Caller caller, UUID id, EntityTags ifMatch, String reason) {
        change(caller, id, ifMatch, (customer, now) -> {
            if (customer.block() == null) {
                return customer;
            }
            record(caller, "unblocked", customer.customerId(), reason, blocked(true), blocked(false));
            return customer.blocked(null, now);
        });
    }

    /** @return false if the customer had it before */
    boolean addIdentity(Caller caller, UUID id, NewIdentity posted) {
        NewIdentity identity = posted.checked();
        String value = Objects.requireNonNull(identity.value());
        String clientId = caller.clientId();
        return transactions.call(clientId, () -> {
            CustomerRow customer = locked(id);
            UUID customerId = customer.customerId();
            Instant now = now();
            Optional<UUID> owner = identity.isEmail()
                    ? store.addEmail(clientId, customerId, ids.next(), value, now)
                    : store.addExternal(
                            clientId,
                            customerId,
                            Objects.requireNonNull(identity.source()),
                            value,
                            caller.asActor(),
                            now);
            if (owner.isPresent()) {
                if (owner.get().equals(customerId)) {
                    return false;
                }
                throw ProblemException.conflict("it belongs to customer " + owner.get() + ": merge the two");
            }
            store.update(customer.named(customer.name(), now));
            record(
                    caller,
                    "identity_added",
                    customerId,
                    null,
                    Map.of(),
                    Map.of("type", Objects.requireNonNull(identity.type())));
            return true;
        });
    }

    /** Takes {@code otherId} into {@code id}: addresses, ids, notes, and with the addresses the tickets. */
    void merge(Caller caller, UUID id, EntityTags ifMatch, UUID otherId, String reason) {
        transactions.run(caller.clientId(), () -> {
            store.lockMergers(caller.clientId());
            CustomerRow customer = locked(id);
            CustomerRow other = locked(otherId);
            if (customer.customerId().equals(other.customerId())) {
                throw ProblemException.unprocessable("customer_id", "is this customer already");
            }
            check(customer, ifMatch);
            Instant now = now();
            store.merge(customer.customerId(), other.customerId(), now);
            store.update(customer.with(other, now));
            record(
                    caller,
                    "merged",
                    customer.customerId(),
                    reason,
                    Map.of(),
                    Map.of("taken_in", other.customerId().toString()));
        });
    }

    Note addNote(Caller caller, UUID id, String text) {
        return transactions.call(caller.clientId(), () -> {
            CustomerRow customer = locked(id);
            Note note = new Note(ids.next(), text, caller.asActor(), now());
            store.addNote(
                    caller.clientId(), customer.customerId(), note.noteId(), text, note.author(), note.createdAt());
            return note;
        });
    }

    private void change(
            Caller caller, UUID id, EntityTags ifMatch, BiFunction<CustomerRow, Instant, CustomerRow> change) {
        transactions.run(caller.clientId(), () -> {
            CustomerRow before = locked(id);
            check(before, ifMatch);
            CustomerRow after = change.apply(before, now());
            if (after.revision() != before.revision()) {
                store.update(after);
            }
        });
    }

    private CustomerRow locked(UUID id) {
        // Looked at first: an erasure holds the customer's row for as long as one of its steps takes.
        refuseErased(id, store.find(id));
        return refuseErased(id, store.lock(id));
    }

    private static CustomerRow refuseErased(UUID id, Optional<CustomerRow> found) {
        CustomerRow customer = found.orElseThrow(() -> ProblemException.notFound(WHAT, id));
        if (customer.erasedAt() != null) {
            throw ProblemException.conflict("customer " + id + " was erased");
        }
        return customer;
    }

    private static void check(CustomerRow customer, EntityTags ifMatch) {
        if (!ifMatch.match(customer.revision())) {
            throw ProblemException.stale("the customer was changed since: read it again");
        }
    }

    private static Map<String, Object> blocked(boolean blocked) {
        return Map.of("blocked", blocked);
    }

    private void record(
            Caller caller,
            String verb,
            UUID customerId,
            @Nullable String reason,
            Map<String, Object> before,
            Map<String, Object> after) {
        audit.record(
                caller.clientId(),
                new AuditEntry(
                        caller.asActor(), WHAT + "." + verb, WHAT, customerId.toString(), null, reason, before, after));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}

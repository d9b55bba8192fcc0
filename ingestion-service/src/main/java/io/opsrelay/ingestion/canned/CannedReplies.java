package io.opsrelay.ingestion.canned;

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
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** What people see and change of a client's canned replies. */
@Component
class CannedReplies {

    static final String WHAT = "canned reply";
    private static final String SUBJECT = "canned_reply";

    private final ClientTransactions transactions;
    private final CannedReplyStore store;
    private final CannedReplyProperties properties;
    private final Audit audit;
    private final Ids ids;
    private final Clock clock;

    CannedReplies(
            ClientTransactions transactions,
            CannedReplyStore store,
            CannedReplyProperties properties,
            Audit audit,
            Ids ids,
            Clock clock) {
        this.transactions = transactions;
        this.store = store;
        this.properties = properties;
        this.audit = audit;
        this.ids = ids;
        this.clock = clock;
    }

    List<CannedReply> all(String clientId) {
        return transactions.read(clientId, store::all);
    }

    CannedReply one(String clientId, UUID id) {
        return transactions.read(clientId, () -> found(id));
    }

    CannedReply create(Caller caller, CannedReplyBody posted) {
        CannedReplyBody body = posted.checked();
        return transactions.call(caller.clientId(), () -> {
            store.lock(caller.clientId());
            if (store.count() >= properties.most()) {
                throw ProblemException.conflict(
                        "there are " + properties.most() + " canned replies, which is the most: delete one first");
            }
            Instant now = now();
            CannedReply reply = new CannedReply(
                    ids.next(),
                    body.toName(),
                    body.toText(),
                    body.toCategory(),
                    body.toLanguage(),
                    1,
                    caller.asActor(),
                    now,
                    now);
            requireFree(reply);
            store.insert(caller.clientId(), reply);
            record(caller, "created", reply.replyId(), Map.of(), reply.facts());
            return reply;
        });
    }

    /** One that is so already stays as it is. */
    CannedReply change(Caller caller, UUID id, EntityTags ifMatch, CannedReplyBody posted) {
        CannedReplyBody body = posted.checked();
        return transactions.call(caller.clientId(), () -> {
            CannedReply before = locked(caller, id, ifMatch);
            if (before.isSo(body)) {
                return before;
            }
            CannedReply after = before.changed(body, now());
            requireFree(after);
            store.update(after);
            record(caller, "changed", id, before.facts(), after.facts());
            return after;
        });
    }

    void delete(Caller caller, UUID id, EntityTags ifMatch) {
        transactions.run(caller.clientId(), () -> {
            CannedReply before = locked(caller, id, ifMatch);
            store.delete(id);
            record(caller, "deleted", id, before.facts(), Map.of());
        });
    }

    private void requireFree(CannedReply reply) {
        store.named(reply.name()).filter(id -> !id.equals(reply.replyId())).ifPresent(id -> {
            throw ProblemException.conflict(
                    "there is a canned reply named " + reply.name() + " already: change that one");
        });
    }

    private CannedReply locked(Caller caller, UUID id, EntityTags ifMatch) {
        store.lock(caller.clientId());
        CannedReply reply = found(id);
        if (!ifMatch.match(reply.revision())) {
            throw ProblemException.stale("the canned reply was changed since you read it: read it again");
        }
        return reply;
    }

    private CannedReply found(UUID id) {
        return store.find(id).orElseThrow(() -> ProblemException.notFound(WHAT, id));
    }

    private void record(Caller caller, String verb, UUID id, Map<String, Object> before, Map<String, Object> after) {
        audit.record(
                caller.clientId(),
                new AuditEntry(
                        caller.asActor(), SUBJECT + "." + verb, SUBJECT, id.toString(), null, null, before, after));
    }

    /** As precise as the database keeps it. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}

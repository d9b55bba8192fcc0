package io.opsrelay.approval.webhook;

import io.opsrelay.messaging.Ids;
import io.opsrelay.messaging.job.Jobs;
import io.opsrelay.security.Caller;
import io.opsrelay.security.audit.Audit;
import io.opsrelay.security.audit.AuditEntry;
import io.opsrelay.security.seal.Keyring;
import io.opsrelay.security.seal.Keyring.Sealed;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.EntityTags;
import io.opsrelay.security.web.ProblemException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What people may see and change of a client's endpoints. */
@Component
class Endpoints {

    private final EndpointStore store;
    private final ClientTransactions transactions;
    private final Jobs jobs;
    private final Audit audit;
    private final WebhookProperties properties;
    private final Keyring keyring;
    private final Ids ids;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    Endpoints(
            EndpointStore store,
            ClientTransactions transactions,
            Jobs jobs,
            Audit audit,
            WebhookProperties properties,
            Ids ids,
            Clock clock) {
        this.store = store;
        this.transactions = transactions;
        this.jobs = jobs;
        this.audit = audit;
        this.properties = properties;
        this.keyring = Keyring.read(properties.keyFile(), "opsrelay.webhooks.keys");
        this.ids = ids;
        this.clock = clock;
    }

    List<Endpoint> all(String clientId) {
        return transactions.read(clientId, store::all);
    }

    Endpoint one(String clientId, UUID id) {
        return transactions.read(clientId, () -> found(id));
    }

    /** Makes one; what is returned beside it is shown now and never again. */
    Shown create(Caller caller, EndpointBody body) {
        check(body);
        UUID id = ids.next();
        Secret secret = Secret.random(random);
        Instant now = now();
        Endpoint endpoint = new Endpoint(
                id,
                body.toUrl(),
                body.toTypes(),
                body.toDescription(),
                body.toDisabled() ? Endpoint.Disabled.BY_HAND : null,
                sealed(caller.clientId(), id, secret),
                null,
                null,
                null,
                1,
                caller.asActor(),
                now,
                now);
        transactions.run(caller.clientId(), () -> {
            if (store.all().size() >= properties.most()) {
                throw ProblemException.conflict(
                        "there are " + properties.most() + " webhooks, which is the most: delete one first");
            }
            store.insert(caller.clientId(), endpoint);
            record(caller, "created", id, Map.of(), shown(endpoint));
            jobs.addLater(
                    Sender.QUEUE, caller.clientId(), "prune/" + id, Sender.PRUNE, id, WebhookProperties.PRUNE_EVERY);
        });
        return new Shown(endpoint, secret);
    }

    Endpoint change(Caller caller, UUID id, EntityTags ifMatch, EndpointBody body) {
        check(body);
        return transactions.call(caller.clientId(), () -> {
            Endpoint before = locked(id, ifMatch);
            Endpoint changed =
                    before.changed(body.toUrl(), body.toTypes(), body.toDescription(), body.toDisabled(), now());
            store.update(changed);
            record(caller, "changed", id, shown(before), shown(changed));
            return changed;
        });
    }

    void delete(Caller caller, UUID id, EntityTags ifMatch) {
        transactions.run(caller.clientId(), () -> {
            Endpoint before = locked(id, ifMatch);
            store.delete(id);
            record(caller, "deleted", id, shown(before), Map.of());
        });
    }

    Shown rotate(Caller caller, UUID id, EntityTags ifMatch) {
        Secret secret = Secret.random(random);
        Instant now = now();
        return transactions.call(caller.clientId(), () -> {
            Endpoint rotated = locked(id, ifMatch)
                    .rotated(sealed(caller.clientId(), id, secret), now.plus(properties.previousSecret()), now);
            store.update(rotated);
            record(caller, "secret_rotated", id, Map.of(), Map.of());
            return new Shown(rotated, secret);
        });
    }

    private void record(Caller caller, String verb, UUID id, Map<String, Object> before, Map<String, Object> after) {
        audit.record(
                caller.clientId(),
                new AuditEntry(
                        caller.asActor(), "webhook." + verb, "webhook", id.toString(), null, null, before, after));
    }

    /** Where what goes; never the secret. */
    private static Map<String, Object> shown(Endpoint endpoint) {
        return Map.of(
                "url", endpoint.url().toString(),
                "event_types", endpoint.types(),
                "enabled", endpoint.disabled() == null);
    }

    /** Those to sign with now, the newest first. */
    List<Secret> secrets(String clientId, Endpoint endpoint, Instant now) {
        List<Secret> secrets = new ArrayList<>();
        secrets.add(opened(clientId, endpoint, endpoint.secret()));
        Sealed previous = endpoint.previousAt(now);
        if (previous != null) {
            secrets.add(opened(clientId, endpoint, previous));
        }
        return secrets;
    }

    private Secret opened(String clientId, Endpoint endpoint, Sealed sealed) {
        return new Secret(keyring.open(sealed, owner(clientId, endpoint.endpointId())));
    }

    private Sealed sealed(String clientId, UUID id, Secret secret) {
        return keyring.seal(secret.key(), owner(clientId, id));
    }

    private static String owner(String clientId, UUID id) {
        return clientId + "/" + id;
    }

    private void check(EndpointBody body) {
        Map<String, String> refusals = body.refusals(properties.allowPrivate());
        if (!refusals.isEmpty()) {
            throw ProblemException.unprocessable(refusals);
        }
    }

    private Endpoint found(UUID id) {
        return store.find(id).orElseThrow(() -> ProblemException.notFound("webhook", id));
    }

    private Endpoint locked(UUID id, EntityTags ifMatch) {
        Endpoint endpoint = store.lock(id).orElseThrow(() -> ProblemException.notFound("webhook", id));
        if (!ifMatch.match(endpoint.revision())) {
            throw ProblemException.stale("the webhook was changed since you read it: read it again");
        }
        return endpoint;
    }

    /** As precise as the database keeps it. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /**
     * An endpoint, and what is shown of its secret.
     *
     * @param secret null where it was shown before
     */
    record Shown(Endpoint endpoint, @Nullable Secret secret) {}
}

package io.opsrelay.action.account;

import io.opsrelay.action.account.AccountProperties.Http;
import io.opsrelay.action.catalogue.Answer;
import io.opsrelay.action.catalogue.OutcomeUnknownException;
import io.opsrelay.action.remote.Addresses;
import io.opsrelay.action.remote.NoReplyException;
import io.opsrelay.action.remote.RemoteSystem;
import io.opsrelay.action.remote.Reply;
import io.opsrelay.action.remote.SecretFile;
import io.opsrelay.action.remote.Signature;
import io.opsrelay.messaging.Ids;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Accounts in a system that speaks signed JSON and keeps the key of each reset, so that a repetition is harmless. */
final class SignedAccounts implements AccountProvider {

    static final String NAME = "accounts-http";

    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final byte[] NOTHING = {};

    private final Http settings;
    private final RemoteSystem system;
    private final Ids ids;
    private final Clock clock;

    SignedAccounts(Http settings, RemoteSystem system, Ids ids, Clock clock) {
        this.settings = settings;
        this.system = system;
        this.ids = ids;
        this.clock = clock;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String place() {
        return String.valueOf(URI.create(settings.resetUrl()).getAuthority());
    }

    @Override
    public Duration settle() {
        return Duration.ZERO;
    }

    @Override
    public Optional<Account> find(String email) {
        Reply reply = send(
                "POST",
                URI.create(settings.lookupUrl()),
                "lookup-" + ids.next(),
                RemoteSystem.json(Map.of(settings.field("email"), email)));
        if (reply.status() == NOT_FOUND) {
            return Optional.empty();
        }
        if (!reply.done()) {
            throw new NoReplyException(
                    system.name() + " answered " + reply.status() + " when it was asked for an account",
                    false,
                    new IllegalStateException("look-up"));
        }
        String id = reply.text(settings.accountId());
        String address = reply.text(settings.address());
        if (id == null || id.isBlank() || address == null || address.isBlank()) {
            return Optional.empty();
        }
        return Optional.of(new Account(id, address)).filter(account -> account.hasAddress(email));
    }

    /** It keeps keys. */
    @Override
    public String mark(Account account) {
        return "";
    }

    @Override
    public Answer reset(String idempotencyKey, Account account) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put(settings.field("account_id"), account.id());
        body.put(settings.field("email"), account.email());
        body.put(settings.field("key"), idempotencyKey);
        Reply reply = send("POST", URI.create(settings.resetUrl()), idempotencyKey, RemoteSystem.json(body));
        if (reply.status() == CONFLICT) {
            throw new OutcomeUnknownException(
                    system.name() + " answered 409: it may be at work on it", new IllegalStateException("409"));
        }
        return reply.done() ? done(account, reply) : system.refusal(reply);
    }

    @Override
    public Optional<Answer> outcome(String idempotencyKey, Account account, String mark) {
        Reply reply = send(
                "GET", Addresses.filled(settings.statusUrl(), Map.of("key", idempotencyKey)), idempotencyKey, NOTHING);
        if (reply.status() == NOT_FOUND) {
            return Optional.empty();
        }
        if (!reply.done()) {
            throw new NoReplyException(
                    system.name() + " answered " + reply.status() + " when it was asked what it did",
                    true,
                    new IllegalStateException("status"));
        }
        return Optional.of(done(account, reply));
    }

    private Answer.Done done(Account account, Reply reply) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("account_id", account.id());
        result.put(
                "link_sent_at", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        String reference = reply.text(settings.reference());
        if (reference != null) {
            result.put("reference", reference);
        }
        return new Answer.Done(result);
    }

    private Reply send(String method, URI uri, String id, byte[] body) {
        Map<String, String> headers = new LinkedHashMap<>(
                Signature.headers(new SecretFile(settings.secretFile()).read(), id, clock.instant(), body));
        headers.put("Idempotency-Key", id);
        return system.send(method, uri, headers, body);
    }
}

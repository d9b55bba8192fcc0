package io.opsrelay.action.account;

import io.opsrelay.action.catalogue.Answer;
import io.opsrelay.action.catalogue.OutcomeUnknownException;
import io.opsrelay.action.remote.FakeServer.Fault;
import io.opsrelay.action.remote.Faults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Accounts in memory, with a journal of the links that were sent. */
final class InMemoryAccounts implements AccountProvider {

    final Map<String, String> ids = new HashMap<>();
    final List<String> links = new ArrayList<>();
    private final Map<String, Answer> done = new HashMap<>();

    @Nullable
    Fault next;

    @Override
    public String name() {
        return "in-memory";
    }

    @Override
    public Optional<Account> find(String email) {
        String address = email.toLowerCase(java.util.Locale.ROOT);
        return Optional.ofNullable(ids.get(address)).map(id -> new Account(id, address));
    }

    @Override
    public String mark(Account account) {
        return "";
    }

    @Override
    public Answer reset(String idempotencyKey, Account account) {
        Fault fault = next;
        next = null;
        if (fault == Fault.TOO_MANY) {
            throw Faults.busy();
        }
        if (fault == Fault.REFUSE || fault == Fault.REDIRECT) {
            return new Answer.Refused("provider_refused", "no");
        }
        if (fault != Fault.FAIL && !done.containsKey(idempotencyKey)) {
            links.add(account.id());
            done.put(
                    idempotencyKey,
                    new Answer.Done(Map.of("account_id", account.id(), "link_sent_at", "2026-11-20T10:00:00Z")));
        }
        if (fault != null) {
            throw new OutcomeUnknownException("broken", new IllegalStateException());
        }
        return done.get(idempotencyKey);
    }

    @Override
    public Optional<Answer> outcome(String idempotencyKey, Account account, String mark) {
        return Optional.ofNullable(done.get(idempotencyKey));
    }

    @Override
    public String place() {
        return "memory";
    }

    @Override
    public Duration settle() {
        return Duration.ZERO;
    }
}

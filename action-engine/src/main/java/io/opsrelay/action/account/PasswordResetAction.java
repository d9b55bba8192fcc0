package io.opsrelay.action.account;

import io.opsrelay.action.catalogue.ActionKind;
import io.opsrelay.action.catalogue.Answer;
import io.opsrelay.action.catalogue.OutcomeUnknownException;
import io.opsrelay.action.catalogue.Preparation;
import io.opsrelay.action.catalogue.Preparation.Refused;
import io.opsrelay.action.catalogue.Progress;
import io.opsrelay.action.catalogue.Proposal;
import io.opsrelay.action.catalogue.Traits;
import io.opsrelay.action.remote.Binding;
import io.opsrelay.action.remote.BusyException;
import io.opsrelay.action.remote.NoReplyException;
import io.opsrelay.action.remote.RemoteCalls;
import io.opsrelay.action.remote.SecretFile;
import io.opsrelay.contracts.Effect;
import io.opsrelay.contracts.TicketEvent.Customer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Sends a customer a link by which they set another password. */
@Component
class PasswordResetAction implements ActionKind {

    private static final Traits TRAITS = new Traits(
            "account",
            Map.of(
                    "type",
                    "object",
                    "properties",
                    Map.of(
                            "email",
                                    Map.of(
                                            "type",
                                            "string",
                                            "format",
                                            "email",
                                            "maxLength",
                                            ResetArguments.LONGEST_EMAIL),
                            "reason", Map.of("type", "string", "maxLength", ResetArguments.LONGEST_REASON)),
                    "required",
                    List.of("email"),
                    "additionalProperties",
                    false),
            "medium",
            false,
            "Sends a link to set another password to the address of an account; the password stays until it is used",
            // Another account is another request.
            Set.of("reason"));

    private final Accounts accounts;
    private final RemoteCalls calls;

    PasswordResetAction(Accounts accounts, RemoteCalls calls) {
        this.accounts = accounts;
        this.calls = calls;
    }

    @Override
    public String type() {
        return "password_reset";
    }

    @Override
    public Traits traits() {
        return TRAITS;
    }

    @Override
    public List<String> providers() {
        return accounts.names();
    }

    @Override
    public boolean serves(String clientId) {
        return accounts.of(clientId).isPresent();
    }

    @Override
    public boolean accepting(String clientId) {
        return true;
    }

    @Override
    public Preparation prepare(Proposal proposal) {
        AccountProvider provider = accounts.of(proposal.clientId()).orElse(null);
        if (provider == null) {
            return new Refused("no_provider", "no system of accounts is configured for this client");
        }
        Customer customer = proposal.customer();
        if (customer != null && !customer.verified()) {
            return new Refused(
                    "customer_not_verified",
                    "the sender's address is not verified, and links to accounts go to verified customers only");
        }
        try {
            ResetArguments wanted = ResetArguments.from(Binding.unbound(proposal.arguments()), customer);
            // Nobody learns from here whether there is no account, more than one, or one that is switched off.
            return provider.find(wanted.email())
                    .map(account -> ready(provider, account, wanted.reason()))
                    .orElseGet(() -> new Refused(
                            "account_not_found", "there is no account with this address whose password can be reset"));
        } catch (IllegalArgumentException e) {
            return new Refused("arguments_invalid", String.valueOf(e.getMessage()));
        } catch (SecretFile.UnreadableException e) {
            return new Refused("secret_unreadable", "the file with our credentials cannot be read");
        } catch (NoReplyException e) {
            return new Refused("provider_unreachable", e.reason());
        } catch (BusyException e) {
            return new Refused("provider_unreachable", e.reason());
        }
    }

    private static Preparation ready(AccountProvider provider, Account account, @Nullable String reason) {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("account_id", account.id());
        arguments.put("email", account.email());
        if (reason != null) {
            arguments.put("reason", reason);
        }
        return new Preparation.Ready(
                provider.name(),
                Binding.bind(arguments, provider.name(), provider.place()),
                // Lists show it, so it does not have the address.
                new Effect(
                        "Send a link to set another password to the address of account " + account.id(),
                        null,
                        Map.of(
                                "account_id",
                                account.id(),
                                "sent_by",
                                "e-mail",
                                "password_now",
                                "stays until it is used")),
                "account/" + account.id(),
                null);
    }

    @Override
    public Answer execute(String clientId, String idempotencyKey, Map<String, Object> arguments, Progress progress) {
        AccountProvider provider = accounts.of(clientId).orElse(null);
        if (provider == null) {
            return new Answer.Refused("no_provider", "no system of accounts is configured for this client any more");
        }
        String objection =
                Binding.objection(arguments, provider.name(), provider.place()).orElse(null);
        if (objection != null) {
            return new Answer.Refused("provider_changed", objection);
        }
        Account account = accountOf(arguments);
        return calls.call(
                provider.name(),
                clientId,
                idempotencyKey,
                () -> provider.mark(account),
                () -> provider.reset(idempotencyKey, account));
    }

    @Override
    public Optional<Answer> find(
            String clientId, String idempotencyKey, Map<String, Object> arguments, Progress progress) {
        AccountProvider provider = accounts.of(clientId)
                .orElseThrow(() -> new OutcomeUnknownException(
                        "no system of accounts is configured for this client any more", new IllegalStateException()));
        Binding.objection(arguments, provider.name(), provider.place()).ifPresent(why -> {
            throw new OutcomeUnknownException(why, new IllegalStateException("another system of accounts"));
        });
        Account account = accountOf(arguments);
        return calls.ask(
                provider.name(),
                clientId,
                idempotencyKey,
                provider.settle(),
                mark -> provider.outcome(idempotencyKey, account, mark));
    }

    private static Account accountOf(Map<String, Object> arguments) {
        if (arguments.get("account_id") instanceof String id && arguments.get("email") instanceof String email) {
            return new Account(id, email);
        }
        throw new IllegalStateException("a prepared password reset has an account");
    }
}

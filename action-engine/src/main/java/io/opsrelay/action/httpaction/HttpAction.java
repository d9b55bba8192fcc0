package io.opsrelay.action.httpaction;

import io.opsrelay.action.catalogue.ActionKind;
import io.opsrelay.action.catalogue.Answer;
import io.opsrelay.action.catalogue.OutcomeUnknownException;
import io.opsrelay.action.catalogue.Preparation;
import io.opsrelay.action.catalogue.Preparation.Refused;
import io.opsrelay.action.catalogue.Progress;
import io.opsrelay.action.catalogue.Proposal;
import io.opsrelay.action.catalogue.Traits;
import io.opsrelay.action.remote.BusyException;
import io.opsrelay.action.remote.NoReplyException;
import io.opsrelay.action.remote.OutsideText;
import io.opsrelay.action.remote.RemoteCalls;
import io.opsrelay.action.remote.Reply;
import io.opsrelay.action.remote.SecretFile;
import io.opsrelay.contracts.Effect;
import io.opsrelay.contracts.Money;
import io.opsrelay.contracts.TicketEvent.Customer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An action of one client's: an HTTP request to a system of theirs. */
final class HttpAction implements ActionKind {

    private static final int LONGEST_SUMMARY = 200;

    private final String type;
    private final HttpActionSettings settings;
    private final Traits traits;
    private final HttpActionSystem system;
    private final RemoteCalls calls;

    HttpAction(String type, HttpActionSettings settings, HttpActionSystem system, RemoteCalls calls) {
        this.type = type;
        this.settings = settings;
        this.traits = new Traits(
                settings.category().code(),
                HttpArguments.schema(settings),
                settings.risk().code(),
                settings.reversible(),
                settings.description().strip());
        this.system = system;
        this.calls = calls;
    }

    @Override
    public String type() {
        return type;
    }

    @Override
    public Traits traits() {
        return traits;
    }

    @Override
    public List<String> providers() {
        return List.of(HttpActionSystem.NAME);
    }

    @Override
    public boolean serves(String clientId) {
        return true;
    }

    @Override
    public boolean accepting(String clientId) {
        return true;
    }

    @Override
    public Preparation prepare(Proposal proposal) {
        Customer customer = proposal.customer();
        if (HttpArguments.needsCustomer(settings) && (customer == null || !customer.verified())) {
            return new Refused("customer_not_verified", "this is done for verified customers on their tickets only");
        }
        Map<String, Object> arguments;
        Shown shown;
        try {
            arguments = HttpArguments.read(settings, proposal);
            // Tells early of a value that would lead elsewhere.
            shown = new Shown(HttpArguments.money(settings, arguments), system.shown(arguments));
        } catch (IllegalArgumentException e) {
            return new Refused("arguments_invalid", String.valueOf(e.getMessage()));
        }
        try {
            return settings.dryRunUrl() == null
                    ? ready(arguments, shown, settings.description().strip(), Map.of())
                    : rehearsed(arguments, shown, system.rehearse(arguments));
        } catch (NoReplyException e) {
            return new Refused("provider_unreachable", e.reason());
        } catch (BusyException e) {
            return new Refused("provider_unreachable", e.reason());
        } catch (SecretFile.UnreadableException e) {
            return new Refused("secret_unreadable", "the file with our credentials cannot be read");
        }
    }

    /**
     * What is known of it without asking its system.
     *
     * @param money what moves, absent where none does
     * @param request that would be sent, as people see it
     */
    private record Shown(@Nullable Money money, Map<String, Object> request) {}

    private Preparation rehearsed(Map<String, Object> arguments, Shown shown, Reply reply) {
        if (!reply.done()) {
            String words = reply.words();
            return new Refused(
                    reply.status() < 500 ? "dry_run_refused" : "provider_unreachable",
                    "the dry run was answered " + reply.status() + (words == null ? "" : ": " + words));
        }
        Map<String, Object> details = new LinkedHashMap<>();
        for (String name : List.of("before", "after")) {
            Object value = reply.value("/" + name);
            if (value != null) {
                details.put(name, value);
            }
        }
        String summary = reply.text("/summary");
        return ready(
                arguments,
                shown,
                summary == null || summary.isBlank() ? settings.description().strip() : saidBySystem(summary),
                details);
    }

    /** What the action does, in our operator's words, and what the system says, as its words: notices and lists quote it. */
    private String saidBySystem(String summary) {
        String words =
                OutsideText.harmless(OutsideText.withoutAddresses(summary)).replaceAll("[\"“”„«»]", "'");
        return OutsideText.line(settings.description(), LONGEST_SUMMARY) + " (its system says: \""
                + OutsideText.line(words, LONGEST_SUMMARY) + "\")";
    }

    private Preparation ready(Map<String, Object> arguments, Shown shown, String summary, Map<String, Object> details) {
        String target = settings.target();
        Map<String, Object> all = new LinkedHashMap<>(details);
        all.put("request", shown.request());
        return new Preparation.Ready(
                HttpActionSystem.NAME,
                system.bound(arguments),
                new Effect(summary, shown.money(), all),
                target == null ? null : type + "/" + arguments.get(target),
                null);
    }

    @Override
    public Answer execute(String clientId, String idempotencyKey, Map<String, Object> arguments, Progress progress) {
        String objection = system.objection(arguments).orElse(null);
        if (objection != null) {
            return new Answer.Refused("request_changed", objection);
        }
        return calls.call(type, clientId, idempotencyKey, () -> "", () -> {
            Reply reply = system.call(idempotencyKey, arguments);
            return switch (reply.status()) {
                case 202 -> settings.findUrl() == null ? done(reply) : new Answer.Accepted(result(reply));
                case 409 -> conflict(reply);
                default -> reply.done() ? done(reply) : system.refusal(reply);
            };
        });
    }

    private Answer conflict(Reply reply) {
        return switch (settings.conflict()) {
            case DONE -> done(reply);
            case REFUSED -> system.refusal(reply);
            case ASK ->
                throw new OutcomeUnknownException(
                        "it answered 409, and is asked what that means", new IllegalStateException("409"));
        };
    }

    @Override
    public Optional<Answer> find(
            String clientId, String idempotencyKey, Map<String, Object> arguments, Progress progress) {
        // Whom it would ask now may know nothing of what was called then.
        system.objection(arguments).ifPresent(why -> {
            throw new OutcomeUnknownException(why, new IllegalStateException("another request"));
        });
        String findUrl = settings.findUrl();
        // Where nothing tells what became of a call, a person has to; it is never repeated on a guess.
        Duration settle = findUrl == null ? Duration.ofDays(36_500) : settings.settle();
        return calls.ask(type, clientId, idempotencyKey, settle, mark -> {
            if (findUrl == null) {
                throw new NoReplyException(
                        "nothing tells what became of it; a person has to find out and settle it",
                        true,
                        new IllegalStateException("no find-url"));
            }
            return outcome(system.ask(findUrl, idempotencyKey));
        });
    }

    private Optional<Answer> outcome(Reply reply) {
        return switch (reply.status()) {
            case 202 -> Optional.of(new Answer.Accepted(result(reply)));
            case 404 -> Optional.empty();
            case 422 -> {
                String words = reply.words();
                yield Optional.of(new Answer.Refused(
                        "provider_refused", words == null ? "its system says that it failed" : words));
            }
            default -> {
                if (!reply.done()) {
                    throw new NoReplyException(
                            "its system answered " + reply.status() + " when it was asked",
                            true,
                            new IllegalStateException("find-url"));
                }
                yield Optional.of(done(reply));
            }
        };
    }

    private Answer.Done done(Reply reply) {
        return new Answer.Done(result(reply));
    }

    private Map<String, Object> result(Reply reply) {
        Map<String, Object> result = new LinkedHashMap<>();
        settings.result().forEach((name, pointer) -> {
            @Nullable String value = reply.text(pointer);
            if (value != null) {
                result.put(name, value);
            }
        });
        result.putIfAbsent("http_status", reply.status());
        return result;
    }
}

package io.opsrelay.agent.run;

import io.opsrelay.agent.privacy.Mapping;
import io.opsrelay.agent.privacy.Redactor;
import io.opsrelay.agent.vault.Vault;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Takes personal data out of what people, providers and order systems say: a model is told no other. A value that has a
 * token of the ticket keeps it, others get new ones.
 */
@Component
class Discretion {

    /** What a reply has to state as the provider told it, if it looks like a reference and not like prose. */
    private static final Set<String> STATED =
            Set.of("refund_id", "order_id", "amount", "currency", "refunded_at", "reference");

    private static final Pattern REFERENCE = Pattern.compile("#?[\\p{L}\\p{N}][\\p{L}\\p{N}._:/#+-]{0,99}");

    /** Members whose value is a person's name, whatever it looks like. */
    private static final Set<String> NAMES = Set.of(
            "name",
            "full_name",
            "first_name",
            "last_name",
            "customer_name",
            "cardholder_name",
            "holder",
            "recipient",
            "recipient_name");

    private final Redactor redactor = Redactor.shipped();
    private final Vault vault;

    Discretion(Vault vault) {
        this.vault = vault;
    }

    /** For what that run is told. Within a transaction of the client that has the run locked. */
    Listening to(Run run) {
        return new Listening(run);
    }

    /** What one run is told in one transaction. */
    final class Listening {

        private final Run run;
        private final Set<String> names;
        private Mapping mapping;
        private boolean learnt;

        private Listening(Run run) {
            this.run = run;
            this.names = KnownNames.of(run.ticket());
            this.mapping = vault.mapping(run.clientId(), run.ticketId());
        }

        /** @param stated what stays readable wherever it stands: the order that all is about */
        String text(String said, Set<String> stated) {
            return text(said, stated, names);
        }

        /** A provider's answer, member by member. */
        Map<String, @Nullable Object> members(Map<?, ?> said, Set<String> stated) {
            Map<String, @Nullable Object> redacted = new TreeMap<>();
            said.forEach((key, value) ->
                    redacted.put(text(String.valueOf(key), stated), value(String.valueOf(key), value, stated)));
            return redacted;
        }

        /** Keeps what the new tokens stand for. */
        void keep() {
            if (learnt) {
                vault.keep(run.clientId(), run.ticketId(), mapping);
            }
        }

        private @Nullable Object value(String key, @Nullable Object value, Set<String> stated) {
            return switch (value) {
                case null -> null;
                case Map<?, ?> members -> members(members, stated);
                case Iterable<?> items -> {
                    List<@Nullable Object> redacted = new ArrayList<>();
                    items.forEach(item -> redacted.add(value(key, item, stated)));
                    yield redacted;
                }
                case Boolean flag -> flag;
                default -> {
                    String plain = value.toString();
                    String redacted =
                            STATED.contains(key) && REFERENCE.matcher(plain).matches()
                                    ? plain
                                    : named(key, plain, stated);
                    yield value instanceof Number && redacted.equals(plain) ? value : redacted;
                }
            };
        }

        /** With the member's name before it: what a row of digits is often shows by the word before it alone. */
        private String named(String key, String value, Set<String> stated) {
            String label = key.replace('_', ' ') + ": ";
            Set<String> known = names;
            if (NAMES.contains(key.toLowerCase(Locale.ROOT)) && !value.isBlank()) {
                known = new HashSet<>(names);
                known.add(value.strip());
            }
            String redacted = text(label + value, stated, known);
            return redacted.startsWith(label) ? redacted.substring(label.length()) : text(value, stated, known);
        }

        private String text(String said, Set<String> stated, Set<String> known) {
            var redacted = redactor.redact(said, mapping, known);
            Map<String, String> kept = new LinkedHashMap<>(mapping.values());
            Map<String, String> readable = new HashMap<>();
            redacted.mapping().values().forEach((token, value) -> {
                // People name the ticket's tokens, since they see no values: those mean what they meant before.
                if (stated.contains(value) || mapping.values().containsKey(value)) {
                    readable.put(token, value);
                } else {
                    kept.put(token, value);
                }
            });
            learnt |= kept.size() > mapping.values().size();
            mapping = new Mapping(kept);
            return new Mapping(readable).restore(redacted.text());
        }
    }
}

package io.opsrelay.ingestion.channel;

import io.opsrelay.ingestion.channel.ChannelKind.SecretRule;
import io.opsrelay.ingestion.channel.ChannelStore.Row;
import io.opsrelay.security.audit.Audit;
import io.opsrelay.security.audit.AuditEntry;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.EntityTags;
import io.opsrelay.security.web.ProblemException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Component;

/** What people may see and change of a client's channels. */
@Component
class ChannelAdmin {

    static final String WHAT = "channel";
    private static final int ID_BYTES = 16;

    private final ChannelStore store;
    private final ChannelSecrets secrets;
    private final ClientTransactions transactions;
    private final ObjectProvider<Audit> audit;
    private final ChannelProperties properties;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    ChannelAdmin(
            ChannelStore store,
            ChannelSecrets secrets,
            ClientTransactions transactions,
            ObjectProvider<Audit> audit,
            ChannelProperties properties,
            Clock clock) {
        this.store = store;
        this.secrets = secrets;
        this.transactions = transactions;
        this.audit = audit;
        this.properties = properties;
        this.clock = clock;
    }

    /**
     * A channel, and what is shown of its secrets.
     *
     * @param facts which are set
     * @param made those that were made just now, by name; they are shown this once
     */
    record Shown(Row row, List<ChannelSecrets.Fact> facts, Map<String, String> made) {}

    List<Shown> all(String clientId) {
        return transactions.read(clientId, () -> {
            Map<String, List<ChannelSecrets.Fact>> facts = secrets.facts();
            return store.all("").stream()
                    .map(row -> new Shown(row, facts.getOrDefault(row.channel().channelId(), List.of()), Map.of()))
                    .toList();
        });
    }

    Shown one(String clientId, String channelId) {
        return transactions.read(clientId, () -> shown(found(channelId), Map.of()));
    }

    /** @param operator whether an operator provisions, who may give the id */
    Shown create(String clientId, String actor, ChannelBody body, boolean operator) {
        check(body.refusals(operator));
        if (!operator) {
            requireSource(body, null);
        }
        try {
            return createOnce(clientId, actor, body);
        } catch (DuplicateKeyException e) {
            throw ProblemException.conflict(
                    "such a channel was being made at the same moment: read the channels again");
        }
    }

    private Shown createOnce(String clientId, String actor, ChannelBody body) {
        return transactions.call(clientId, () -> {
            if (store.all("").size() >= properties.most()) {
                throw ProblemException.conflict(
                        "there are " + properties.most() + " channels, which is the most: delete one first");
            }
            if (store.find(body.toKind().wireName(), body.toName()).isPresent()) {
                throw ProblemException.conflict(
                        "there is a channel of this kind named " + body.toName() + " already: change that one");
            }
            String channelId = body.channelId() == null ? newId() : body.channelId();
            if (store.idIsTaken(channelId)) {
                throw ProblemException.unprocessable("channel_id", "is taken");
            }
            requireFree(clientId, body.toAddresses(), List.of());
            requireSourceFree(clientId, body.toSource(), channelId);
            Instant now = now();
            Channel channel = new Channel(
                    clientId,
                    channelId,
                    body.toKind().wireName(),
                    body.toName(),
                    body.toAddresses(),
                    body.toSettings(),
                    body.toEnabled(),
                    1);
            Row row = new Row(channel, actor, now, now);
            store.insert(row);
            Map<String, String> made = setSecrets(channel, body, now);
            record(clientId, actor, "created", channelId, Map.of(), facts(channel));
            return shown(row, made);
        });
    }

    Shown change(String clientId, String actor, String channelId, EntityTags ifMatch, ChannelBody body) {
        check(body.refusals(false));
        return transactions.call(clientId, () -> {
            Row before = locked(channelId, ifMatch);
            if (!before.channel().kind().equals(body.kind())) {
                throw ProblemException.unprocessable("kind", "cannot be changed: make another channel");
            }
            requireSource(body, before.channel().source());
            return apply(before, actor, body);
        });
    }

    /** Brings a channel, known by kind and name, into the form that the body says; where it is so already, nothing. */
    Shown ensure(String clientId, String actor, ChannelBody body) {
        check(body.refusals(true));
        return transactions.call(clientId, () -> {
            Row known = store.find(body.toKind().wireName(), body.toName()).orElse(null);
            if (known == null) {
                return create(clientId, actor, body, true);
            }
            if (body.channelId() != null
                    && !body.channelId().equals(known.channel().channelId())) {
                throw ProblemException.unprocessable(
                        "channel_id", "is " + known.channel().channelId() + " already, and cannot be changed");
            }
            ChannelBody wanted = body.onto(known.channel());
            if (!isSo(known.channel(), wanted)) {
                return apply(known, actor, wanted);
            }
            String source = known.channel().source();
            if (source != null
                    && store.withSource(source).isEmpty()
                    && known.channel().enabled()) {
                // It was made when sources led nowhere yet.
                requireSourceFree(clientId, source, known.channel().channelId());
                store.claimSource(known.channel(), source);
            }
            return shown(known, Map.of());
        });
    }

    private boolean isSo(Channel channel, ChannelBody body) {
        return channel.addresses().equals(body.toAddresses())
                && channel.settings().equals(body.toSettings())
                && channel.enabled() == body.toEnabled()
                && body.toSecrets().entrySet().stream()
                        .allMatch(secret -> secrets.open(channel, secret.getKey(), clock.instant()).stream()
                                .findFirst()
                                .map(secret.getValue()::equals)
                                .orElse(false));
    }

    private Shown apply(Row before, String actor, ChannelBody body) {
        Channel old = before.channel();
        store.find(old.kind(), body.toName())
                .filter(other -> !other.channel().channelId().equals(old.channelId()))
                .ifPresent(other -> {
                    throw ProblemException.conflict("another channel of this kind is named " + body.toName());
                });
        requireFree(old.clientId(), body.toAddresses(), old.addresses());
        requireSourceFree(old.clientId(), body.toSource(), old.channelId());
        Instant now = now();
        Channel changed = new Channel(
                old.clientId(),
                old.channelId(),
                old.kind(),
                body.toName(),
                body.toAddresses(),
                body.toSettings(),
                body.toEnabled(),
                old.revision() + 1);
        Row row = new Row(changed, before.createdBy(), before.createdAt(), now);
        store.update(row);
        body.toSecrets().forEach((name, value) -> secrets.set(changed, name, value, now));
        record(old.clientId(), actor, "changed", old.channelId(), facts(old), facts(changed));
        return shown(row, Map.of());
    }

    /** @param given null to have one made */
    Shown rotate(
            String clientId, String actor, String channelId, EntityTags ifMatch, String name, @Nullable String given) {
        return transactions.call(clientId, () -> {
            Row before = locked(channelId, ifMatch);
            Channel old = before.channel();
            SecretRule rule = ChannelKind.named(old.kind())
                    .flatMap(kind -> kind.secret(name))
                    .orElseThrow(() -> ProblemException.notFound("secret", name));
            if (given == null && !rule.made()) {
                throw ProblemException.unprocessable("value", "is required: the other side makes this secret");
            }
            String refusal = given == null ? null : ChannelBody.secretRefusal(rule, given);
            if (refusal != null) {
                throw ProblemException.unprocessable("value", refusal);
            }
            String value = given == null ? secrets.random(rule.form()) : given;
            Instant now = now();
            Channel next = new Channel(
                    clientId,
                    channelId,
                    old.kind(),
                    old.name(),
                    old.addresses(),
                    old.settings(),
                    old.enabled(),
                    old.revision() + 1);
            Row row = new Row(next, before.createdBy(), before.createdAt(), now);
            store.update(row);
            secrets.set(next, name, value, now);
            record(clientId, actor, "secret_rotated", channelId, Map.of(), Map.of("secret", name));
            return shown(row, given == null ? Map.of(name, value) : Map.of());
        });
    }

    void delete(String clientId, String actor, String channelId, EntityTags ifMatch) {
        transactions.run(clientId, () -> {
            Row before = locked(channelId, ifMatch);
            store.delete(channelId);
            record(clientId, actor, "deleted", channelId, facts(before.channel()), Map.of());
        });
    }

    private Map<String, String> setSecrets(Channel channel, ChannelBody body, Instant now) {
        Map<String, String> given = body.toSecrets();
        Map<String, String> made = new TreeMap<>();
        for (SecretRule rule : body.toKind().secrets()) {
            String value = given.get(rule.name());
            if (value == null && rule.made()) {
                value = secrets.random(rule.form());
                made.put(rule.name(), value);
            }
            if (value != null) {
                secrets.set(channel, rule.name(), value, now);
            }
        }
        return made;
    }

    /** Whose records a source's are, on a topic that all share, no client's own admin decides. */
    private static void requireSource(ChannelBody body, @Nullable String given) {
        if (!Objects.equals(body.toSource(), given)) {
            throw ProblemException.unprocessable(
                    "settings." + ChannelKind.SOURCE,
                    "is given by operators only; records may name the channel's id as their source");
        }
    }

    private void requireSourceFree(String clientId, @Nullable String source, String channelId) {
        if (source == null) {
            return;
        }
        String field = "settings." + ChannelKind.SOURCE;
        store.takenByAnother(clientId, List.of(Channel.addressOf(source))).ifPresent(_ -> {
            throw ProblemException.unprocessable(field, source + " belongs to another client");
        });
        store.withSource(source).filter(other -> !other.equals(channelId)).ifPresent(other -> {
            throw ProblemException.unprocessable(field, source + " is the source of channel " + other + " already");
        });
    }

    /** @param held what the channel has already, which nobody takes away from it */
    private void requireFree(String clientId, List<String> addresses, List<String> held) {
        store.takenByAnother(clientId, addresses).ifPresent(address -> {
            throw ProblemException.unprocessable("addresses", address + " belongs to another client");
        });
        List<String> added =
                addresses.stream().filter(address -> !held.contains(address)).toList();
        store.inAnothersDomain(clientId, added).ifPresent(address -> {
            throw ProblemException.conflict(
                    address.startsWith("*")
                            ? address + " cannot be taken: an address of that domain belongs to another client"
                            : address + " cannot be taken: all of its domain belongs to another client");
        });
    }

    private Shown shown(Row row, Map<String, String> made) {
        return new Shown(row, secrets.facts().getOrDefault(row.channel().channelId(), List.of()), made);
    }

    private Row found(String channelId) {
        return store.find(channelId).orElseThrow(() -> ProblemException.notFound(WHAT, channelId));
    }

    private Row locked(String channelId, EntityTags ifMatch) {
        Row row = store.lock(channelId).orElseThrow(() -> ProblemException.notFound(WHAT, channelId));
        if (!ifMatch.match(row.channel().revision())) {
            throw ProblemException.stale("the channel was changed since you read it: read it again");
        }
        return row;
    }

    private static void check(Map<String, String> refusals) {
        if (!refusals.isEmpty()) {
            throw ProblemException.unprocessable(refusals);
        }
    }

    private void record(
            String clientId,
            String actor,
            String verb,
            String channelId,
            Map<String, Object> before,
            Map<String, Object> after) {
        audit.ifAvailable(log -> log.record(
                clientId, new AuditEntry(actor, "channel." + verb, WHAT, channelId, null, null, before, after)));
    }

    /** Never a secret. */
    private static Map<String, Object> facts(Channel channel) {
        return Map.of(
                "kind", channel.kind(),
                "name", channel.name(),
                "addresses", channel.addresses(),
                "settings", channel.settings(),
                "enabled", channel.enabled());
    }

    private String newId() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** As precise as the database keeps it. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}

package io.opsrelay.ingestion.channel;

import io.opsrelay.security.tenant.ClientTransactions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** The channels of all clients, for the doors: what an id or an address leads to, and the secrets behind it. */
@Component
public class Channels {

    /** Most addresses of one mail that are looked up. */
    private static final int MOST_ADDRESSES = 50;

    private final ChannelStore store;
    private final ChannelSecrets secrets;
    private final ClientTransactions transactions;
    private final Clock clock;

    Channels(ChannelStore store, ChannelSecrets secrets, ClientTransactions transactions, Clock clock) {
        this.store = store;
        this.secrets = secrets;
        this.transactions = transactions;
        this.clock = clock;
    }

    /**
     * The enabled channel of that id, whosever it is. Not to be called inside a transaction of a client.
     *
     * @throws org.springframework.dao.DataAccessException if the database cannot answer
     */
    public Optional<Channel> byId(String channelId) {
        return store.ownerOf(channelId)
                .flatMap(clientId -> transactions.call(clientId, () -> store.find(channelId)))
                .map(ChannelStore.Row::channel)
                .filter(Channel::enabled);
    }

    /**
     * The enabled channel of kind upstream that takes the records of that source, whosever it is. Not to be called inside a
     * transaction of a client.
     */
    public Optional<Channel> bySource(String source) {
        return store.withSource(source).flatMap(this::byId);
    }

    /** That client's enabled channels of a kind, oldest first. */
    public List<Channel> ofClient(String clientId, String kind) {
        return transactions.call(clientId, () -> store.all(kind)).stream()
                .map(ChannelStore.Row::channel)
                .filter(Channel::enabled)
                .toList();
    }

    /**
     * The enabled channels of a kind that one of these addresses belongs to, of all clients, in the order of the
     * addresses. What follows a plus in an address does not count; an address itself goes before its whole domain. Not
     * to be called inside a transaction of a client.
     */
    public List<Channel> byAddress(String kind, Collection<String> addresses) {
        Map<String, Channel> found = new LinkedHashMap<>();
        for (String address :
                addresses.stream().distinct().limit(MOST_ADDRESSES).toList()) {
            for (String form : forms(address)) {
                List<String> ids = store.withAddress(kind, form);
                ids.forEach(id -> byId(id).ifPresent(channel -> found.putIfAbsent(id, channel)));
                if (!ids.isEmpty()) {
                    break;
                }
            }
        }
        return List.copyOf(found.values());
    }

    /** All enabled channels of a kind as client and channel id, of all clients: for who works through all of them. */
    public Map<String, String> ownersOf(String kind) {
        return store.owners(kind);
    }

    /** Whether that very address is one of the client's channels': it is no customer's. */
    public boolean isOwnAddress(String clientId, String address) {
        return forms(address).stream()
                .filter(form -> !form.startsWith("*"))
                .anyMatch(form -> store.isOwned(clientId, form));
    }

    /** A secret as it holds now; empty where none is set. */
    public Optional<String> secret(Channel channel, String name) {
        return secrets(channel, name).stream().findFirst();
    }

    /** Those that hold now: the newest first, then the one before while it is still good. */
    public List<String> secrets(Channel channel, String name) {
        return transactions.call(channel.clientId(), () -> secrets.open(channel, name, clock.instant()));
    }

    /** The address itself, without what follows a plus, and all of its domain. */
    private static List<String> forms(String address) {
        String lower = address.strip().toLowerCase(Locale.ROOT);
        int at = lower.lastIndexOf('@');
        if (at < 1 || at == lower.length() - 1) {
            return List.of();
        }
        List<String> forms = new ArrayList<>();
        forms.add(lower);
        int plus = lower.indexOf('+');
        if (plus > 0 && plus < at) {
            forms.add(lower.substring(0, plus) + lower.substring(at));
        }
        forms.add("*" + lower.substring(at));
        return forms;
    }
}

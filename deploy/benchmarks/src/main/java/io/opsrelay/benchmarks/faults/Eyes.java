package io.opsrelay.benchmarks.faults;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the people of each client were shown: all ids, and the words that only one client's tickets hold. */
final class Eyes {

    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    private final Map<String, Set<String>> seen = new ConcurrentHashMap<>();
    private final List<String> foreign = Collections.synchronizedList(new ArrayList<>());
    private final List<String> clients;

    Eyes(List<String> clients) {
        this.clients = List.copyOf(clients);
    }

    /** A word that stands in all tickets of a client and nowhere else. */
    static String mark(String client) {
        return "only-for-" + client;
    }

    void see(String client, String text) {
        Set<String> ids = seen.computeIfAbsent(client, name -> ConcurrentHashMap.newKeySet());
        Matcher matcher = UUID.matcher(text);
        while (matcher.find()) {
            ids.add(matcher.group());
        }
        for (String other : clients) {
            if (!other.equals(client) && text.contains(mark(other))) {
                foreign.add("somebody of %s was shown what is %s: %s"
                        .formatted(client, mark(other), text.substring(0, Math.min(200, text.length()))));
            }
        }
    }

    /**
     * Who was shown what is another's, in words.
     *
     * @param owners the owner of each ticket, approval and action
     */
    List<String> foreign(Map<String, String> owners) {
        List<String> all = new ArrayList<>(foreign);
        seen.forEach((client, ids) -> ids.forEach(id -> {
            String owner = owners.get(id);
            if (owner != null && !owner.equals(client)) {
                all.add("somebody of %s was shown the id %s, which is %s's".formatted(client, id, owner));
            }
        }));
        return all;
    }
}

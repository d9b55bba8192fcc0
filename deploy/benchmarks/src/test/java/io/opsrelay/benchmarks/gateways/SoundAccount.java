package io.opsrelay.benchmarks.gateways;

import io.opsrelay.benchmarks.gateways.Account.Drain;
import io.opsrelay.benchmarks.gateways.Account.Outage;
import io.opsrelay.benchmarks.gateways.Account.Stay;
import io.opsrelay.benchmarks.gateways.Account.Told;
import io.opsrelay.benchmarks.gateways.Account.Watched;
import io.opsrelay.benchmarks.history.History.Dashboard;
import io.opsrelay.benchmarks.history.History.Sight;
import io.opsrelay.benchmarks.history.Written;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A sound account with some of everything, whose parts a test replaces by worse ones. */
final class SoundAccount {

    static final String TICKET = "ticket:k-1";
    static final List<String> EVENTS = List.of("tickets", "me", TICKET);

    List<Written> written = new ArrayList<>(List.of(
            new Written(100, "acme", "tickets", "k-1", 1),
            new Written(101, "globex", "tickets", "k-9", 1),
            new Written(102, "acme", "tickets", "k-2", 1),
            new Written(103, "acme", "me", "mary", 1),
            new Written(104, "acme", "me", "john", 1),
            new Written(105, "acme", "metrics", "load", 1),
            new Written(106, "acme", "tickets", "k-1", 2),
            new Written(107, "acme", "metrics", "load", 2),
            new Written(108, "acme", "tickets", "k-1", 3),
            new Written(109, "acme", "me", "mary", 2)));
    List<Sight> sights = new ArrayList<>();
    Map<String, Map<String, Long>> states = new HashMap<>(Map.of("metrics", Map.of("load", 2L)));
    List<Told> told = new ArrayList<>();
    List<Stay> stays = new ArrayList<>(List.of(
            new Stay("gateway-1#1", 0, 20, true, 1012, false), new Stay("gateway-2#1", 21, 99, false, 0, true)));
    List<String> wrongs = new ArrayList<>();
    List<Drain> drains = new ArrayList<>(List.of(new Drain("gateway-1#1", 10)));
    List<Outage> outages = new ArrayList<>();

    /** Two connections; the first gateway is stopped, the second one shows the last frame of a channel again. */
    SoundAccount() {
        sights.add(new Sight.Connected());
        EVENTS.forEach(channel -> sights.add(new Sight.Subscribed(channel, null, 99, false)));
        sights.add(frame("tickets", 100, null, "k-1", 1));
        sights.add(frame(TICKET, 100, null, "k-1", 1));
        sights.add(frame("tickets", 102, 100L, "k-2", 1));
        sights.add(frame("me", 103, null, "mary", 1));
        sights.add(new Sight.Complete(105));
        sights.add(new Sight.SentAway());
        sights.add(frame("tickets", 106, 102L, "k-1", 2));
        sights.add(new Sight.Connected());
        sights.add(new Sight.Subscribed("tickets", 106L, 107, true));
        sights.add(new Sight.Subscribed("me", 105L, 107, true));
        sights.add(new Sight.Subscribed(TICKET, 105L, 107, true));
        sights.add(frame("tickets", 106, 102L, "k-1", 2));
        sights.add(frame(TICKET, 106, 100L, "k-1", 2));
        sights.add(frame("tickets", 108, 106L, "k-1", 3));
        sights.add(frame(TICKET, 108, 106L, "k-1", 3));
        sights.add(frame("me", 109, 103L, "mary", 2));
        sights.add(new Sight.Complete(109));
    }

    static Sight.Frame frame(String channel, long offset, @Nullable Long prev, String key, long version) {
        return new Sight.Frame(channel, offset, prev, key, version);
    }

    /** What begins with the dashboard's second connection. */
    List<Sight> secondConnection() {
        return sights.subList(sights.lastIndexOf(new Sight.Connected()), sights.size());
    }

    Account account() {
        return new Account(
                written,
                List.of(new Watched(
                        new Dashboard("acme", "0", sights),
                        "mary",
                        List.of("tickets", "me", TICKET, "metrics"),
                        states,
                        told,
                        stays,
                        wrongs)),
                drains,
                outages);
    }
}

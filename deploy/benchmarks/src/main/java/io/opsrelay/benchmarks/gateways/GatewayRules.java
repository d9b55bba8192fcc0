package io.opsrelay.benchmarks.gateways;

import io.opsrelay.benchmarks.gateways.Account.Drain;
import io.opsrelay.benchmarks.gateways.Account.Stay;
import io.opsrelay.benchmarks.gateways.Account.Told;
import io.opsrelay.benchmarks.gateways.Account.Watched;
import io.opsrelay.benchmarks.history.HistoryChecker;
import io.opsrelay.benchmarks.history.Written;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Holds an account against the protocol's promise: each client gets each event of its channels in order and, by its own
 * rule, exactly once, or is told to resync; it gets nobody else's; of states it ends with the newest; and a gateway that
 * is told to stop costs nobody anything.
 */
final class GatewayRules {

    /** As long as a gateway tries to read what has left its memory, and a little more. */
    private static final long READING_NANOS = Duration.ofSeconds(20).toNanos();

    private static final int DRAINED = 1012;

    private GatewayRules() {}

    /** What was broken, a sentence each; empty if nothing was. */
    static List<String> violations(Account account) {
        List<String> violations = new ArrayList<>();
        for (Watched watched : account.watched()) {
            violations.addAll(watched.wrongs());
            violations.addAll(HistoryChecker.violations(
                    watched.dashboard(), watched.user(), watched.channels(), account.written()));
            violations.addAll(states(watched, account.written()));
            violations.addAll(drains(watched, account.drains()));
            violations.addAll(reasons(watched, account));
        }
        return violations;
    }

    private static List<String> states(Watched watched, List<Written> written) {
        Map<String, Map<String, Long>> newest = new HashMap<>();
        for (Written one : written) {
            if (one.client().equals(watched.dashboard().client())
                    && Written.STATES.contains(one.channel())
                    && watched.channels().contains(one.channel())) {
                newest.computeIfAbsent(one.channel(), channel -> new HashMap<>())
                        .merge(one.key(), one.version(), Math::max);
            }
        }
        List<String> violations = new ArrayList<>();
        newest.forEach((channel, versions) -> versions.forEach((key, version) -> {
            Long shown = watched.states().getOrDefault(channel, Map.of()).get(key);
            if (!Objects.equals(shown, version)) {
                violations.add("%s, channel %s: at the end it shows version %s of %s, and the newest is %d"
                        .formatted(watched.name(), channel, shown, key, version));
            }
        }));
        return violations;
    }

    private static List<String> drains(Watched watched, List<Drain> drains) {
        List<String> violations = new ArrayList<>();
        for (Drain drain : drains) {
            for (Stay stay : watched.stays()) {
                boolean there = stay.gateway().equals(drain.gateway())
                        && stay.from() - drain.at() < 0
                        && stay.to() - drain.at() > 0;
                if (!there || stay.own()) {
                    continue;
                }
                if (!stay.sentAway()) {
                    violations.add("%s: %s stopped and did not ask it to reconnect (close code %d)"
                            .formatted(watched.name(), stay.gateway(), stay.code()));
                } else if (stay.code() != DRAINED) {
                    violations.add("%s: %s stopped and ended its connection with code %d"
                            .formatted(watched.name(), stay.gateway(), stay.code()));
                }
            }
        }
        return violations;
    }

    /** Offsets do not begin anew here, and what is not in memory is in Kafka as long as there is a Kafka. */
    private static List<String> reasons(Watched watched, Account account) {
        List<String> violations = new ArrayList<>();
        for (Told told : watched.told()) {
            boolean fair =
                    switch (told.reason()) {
                        case "slow" -> true;
                        case "retention" ->
                            account.outages().stream()
                                    .anyMatch(outage ->
                                            outage.from() - told.at() < 0 && told.at() - outage.to() < READING_NANOS);
                        default -> false;
                    };
            if (!fair) {
                violations.add("%s, channel %s: a resync for '%s' without need"
                        .formatted(watched.name(), told.channel(), told.reason()));
            }
        }
        return violations;
    }
}

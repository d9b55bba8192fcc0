package io.opsrelay.benchmarks.gateways;

import static io.opsrelay.benchmarks.gateways.SoundAccount.TICKET;
import static io.opsrelay.benchmarks.gateways.SoundAccount.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.opsrelay.benchmarks.gateways.Account.Outage;
import io.opsrelay.benchmarks.gateways.Account.Stay;
import io.opsrelay.benchmarks.gateways.Account.Told;
import io.opsrelay.benchmarks.history.History.Sight;
import io.opsrelay.benchmarks.history.Written;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GatewayRulesTest {

    @Test
    void aSoundAccountHasNoViolation() {
        assertThat(GatewayRules.violations(new SoundAccount().account())).isEmpty();
    }

    static Stream<Arguments> events() {
        return Stream.of(
                broken("a gap", "offset 102 never came between 100 and 106", it -> {
                    it.sights.remove(frame("tickets", 102, 100L, "k-2", 1));
                    it.sights.removeIf(Sight.Complete.class::isInstance);
                }),
                broken(
                        "a gap that the next frame does not show",
                        "offset 106 says that 100 is before it, and 102 is",
                        it -> it.sights.replaceAll(sight -> sight.equals(frame("tickets", 106, 102L, "k-1", 2))
                                ? frame("tickets", 106, 100L, "k-1", 2)
                                : sight)),
                broken(
                        "a heartbeat that is ahead of what came",
                        "it was told that all up to 105 is there, and never saw offset 103",
                        it -> it.sights.remove(frame("me", 103, null, "mary", 1))),
                broken("an event that never came", "offset 109 never came, nor any of the 1 from there on", it -> {
                    it.sights.removeLast();
                    it.sights.removeLast();
                }),
                broken(
                        "a frame that came twice on one connection",
                        "offset 108 came behind 108 on one connection",
                        it -> it.sights.add(frame("tickets", 108, 106L, "k-1", 3))),
                broken("an event that came again at another offset", "version 3 of k-1 came behind version 3", it -> {
                    it.written.add(new Written(110, "acme", "tickets", "k-1", 3));
                    it.sights.add(frame("tickets", 110, 108L, "k-1", 3));
                    it.sights.add(frame(TICKET, 110, 108L, "k-1", 3));
                }),
                broken("frames that change places", "offset 108 came behind 110 on one connection", it -> {
                    it.written.add(new Written(110, "acme", "tickets", "k-2", 2));
                    it.sights.add(
                            it.sights.indexOf(frame("tickets", 108, 106L, "k-1", 3)),
                            frame("tickets", 110, 108L, "k-2", 2));
                }),
                broken(
                        "another client's event",
                        "it was sent offset 101, which nobody wrote for its client",
                        it -> it.sights.add(frame("tickets", 101, 100L, "k-9", 1))),
                broken(
                        "another person's event",
                        "it was sent offset 104, which is for john on channel me",
                        it -> it.sights.add(frame("me", 104, null, "john", 1))),
                broken(
                        "an event in another's place",
                        "offset 109 holds version 2 of mary, and it was sent version 1 of mary",
                        it -> it.sights.set(it.sights.size() - 2, frame("me", 109, 103L, "mary", 1))),
                broken(
                        "a channel nobody asked for",
                        "something of channel ai, which it never asked for",
                        it -> it.sights.add(frame("ai", 110, null, "k-1", 1))),
                broken(
                        "a channel that never answered",
                        "channel me: it could never subscribe",
                        it -> it.sights.removeIf(sight -> sight instanceof Sight.Subscribed subscribed
                                        && subscribed.channel().equals("me")
                                || sight instanceof Sight.Frame frame
                                        && frame.channel().equals("me"))),
                broken(
                        "a word of another client",
                        "was shown what is only for globex",
                        it -> it.wrongs.add("acme's dashboard 0 was shown what is only for globex")));
    }

    static Stream<Arguments> resyncs() {
        return Stream.of(
                broken(
                        "a refusal that is not told",
                        "could not replay from 105 and told no resync",
                        it -> it.secondConnection().set(2, new Sight.Subscribed("me", 105L, 107, false))),
                broken("a resync that explains less than is missing", "offset 109 never came", it -> {
                    it.secondConnection().set(2, new Sight.Subscribed("me", 105L, 107, false));
                    it.secondConnection().add(3, new Sight.Resync("me"));
                    it.sights.removeLast();
                    it.sights.removeLast();
                }),
                broken(
                        "offsets that begin anew",
                        "a resync for 'epoch' without need",
                        it -> it.told.add(new Told("me", "epoch", 50))),
                broken(
                        "a past that is not read though it is there",
                        "a resync for 'retention' without need",
                        it -> it.told.add(new Told("me", "retention", 50))));
    }

    static Stream<Arguments> rest() {
        return Stream.of(
                broken(
                        "an old state",
                        "at the end it shows version 1 of load, and the newest is 2",
                        it -> it.states.put("metrics", Map.of("load", 1L))),
                broken(
                        "a state that is not shown",
                        "at the end it shows version null of load, and the newest is 2",
                        it -> it.states.clear()),
                broken(
                        "a drain that says nothing",
                        "gateway-1#1 stopped and did not ask it to reconnect",
                        it -> it.stays.set(0, new Stay("gateway-1#1", 0, 20, false, 1012, false))),
                broken(
                        "a drain that breaks off",
                        "gateway-1#1 stopped and ended its connection with code 0",
                        it -> it.stays.set(0, new Stay("gateway-1#1", 0, 20, true, 0, false))),
                broken(
                        "a drain that costs a snapshot",
                        "had sent it away, and it could not go on from 106 elsewhere",
                        it -> {
                            it.secondConnection().set(1, new Sight.Subscribed("tickets", 106L, 107, false));
                            it.secondConnection().add(2, new Sight.Resync("tickets"));
                        }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"events", "resyncs", "rest"})
    void whatIsBrokenIsSaid(String what, String said, Consumer<SoundAccount> breaking) {
        SoundAccount account = new SoundAccount();
        breaking.accept(account);

        assertThat(GatewayRules.violations(account.account())).anyMatch(violation -> violation.contains(said));
    }

    @Test
    void whoWasToldToResyncNeedNotHaveSeenWhatLiesBetween() {
        SoundAccount account = new SoundAccount();
        account.sights.removeIf(Sight.Complete.class::isInstance);
        int gap = account.sights.indexOf(frame("tickets", 102, 100L, "k-2", 1));
        account.sights.set(gap, new Sight.Resync("tickets"));
        account.told.add(new Told("tickets", "slow", 5));

        assertThat(GatewayRules.violations(account.account())).isEmpty();
    }

    @Test
    void thePastNeedNotBeReadableWhileThereIsNoKafkaNorRightAfterwards() {
        SoundAccount account = new SoundAccount();
        account.outages.add(new Outage(40, 60));
        account.told.addAll(List.of(new Told("me", "retention", 50), new Told("me", "retention", 70)));
        assertThat(GatewayRules.violations(account.account())).isEmpty();

        account.told.add(new Told("me", "retention", Duration.ofMinutes(1).toNanos()));
        assertThat(GatewayRules.violations(account.account())).hasSize(1);
    }

    @Test
    void whoLeavesOrDoesNotReadIsNotSentAway() {
        SoundAccount account = new SoundAccount();
        account.stays.set(0, new Stay("gateway-1#1", 0, 20, false, 0, true));

        assertThat(GatewayRules.violations(account.account())).isEmpty();
    }

    private static Arguments broken(String what, String said, Consumer<SoundAccount> breaking) {
        return arguments(what, said, breaking);
    }
}

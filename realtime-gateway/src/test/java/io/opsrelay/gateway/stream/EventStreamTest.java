package io.opsrelay.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.gateway.GatewayTest;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestTokens;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The same messages as server-sent events. */
class EventStreamTest extends GatewayTest {

    private final String client = "acme-" + UUID.randomUUID().toString().substring(0, 8);

    @Test
    void framesArriveAsEventsWhoseIdsArePositionsAndWhoComesBackWithOneMissesNothing() throws Exception {
        String known;
        try (TestEvents events = open("tickets", null)) {
            assertThat(events.await("subscribed").json().at("/data/channel").asString())
                    .isEqualTo("tickets");
            send("tickets", "ticket_received", "t-1", "{\"n\":0}");
            TestEvents.Event first = events.await("ticket_received");
            assertThat(first.id())
                    .isEqualTo(first.json().get("epoch").asString() + ":"
                            + first.json().get("offset").asLong());
            known = first.id();
        }
        for (int n = 1; n <= 5; n++) {
            send("tickets", "ticket_updated", "t-1", "{\"n\":" + n + "}");
            send("approvals", "approval_requested", "a-1", "{}");
            feedWriter().send("globex-" + client, "tickets", "ticket_updated", "t-1", "{\"n\":-1}");
        }
        try (TestEvents events = open("tickets", known)) {
            assertThat(events.await("subscribed").json().at("/data/recovered").asBoolean())
                    .isTrue();
            events.await(event -> event.json().at("/data/n").asInt(-9) == 5);

            assertThat(events.seen().stream()
                            .filter(event -> event.json().get("type").asString().equals("ticket_updated")))
                    .extracting(event -> event.json().at("/data/n").asInt())
                    .containsExactly(1, 2, 3, 4, 5);
        }
    }

    @Test
    void onlyWhatWasReplayedIsSaidToBeRecovered() throws Exception {
        String beginning = feed.ring(client).epoch() + ":-1";
        try (TestEvents events = open("tickets,metrics,approvals", beginning)) {
            List<String> recovered = List.of(
                    recoveredOf(events.await("subscribed")),
                    recoveredOf(events.await("subscribed")),
                    recoveredOf(events.await("subscribed")));
            assertThat(recovered).containsExactly("tickets true", "metrics false", "approvals true");
        }
        try (TestEvents events = open("tickets,metrics", null)) {
            assertThat(List.of(recoveredOf(events.await("subscribed")), recoveredOf(events.await("subscribed"))))
                    .containsExactly("tickets false", "metrics false");
        }
    }

    private static String recoveredOf(TestEvents.Event subscribed) {
        return subscribed.json().at("/data/channel").asString() + " "
                + subscribed.json().at("/data/recovered").asBoolean();
    }

    @Test
    void aStateChannelOfWhichNothingIsReportedSaysSo() throws Exception {
        try (TestEvents events = open("metrics", null)) {
            TestEvents.Event empty = events.await("state_empty");
            assertThat(empty.json().get("channel").asString()).isEqualTo("metrics");
            assertThat(empty.json().get("snapshot").asBoolean()).isTrue();
            assertThat(empty.id()).as("a state moves no position").isNull();
        }
    }

    @Test
    void whatMeansNothingAnyMoreIsToldToResync() throws Exception {
        try (TestEvents events = open("tickets", "other:17")) {
            assertThat(events.await("subscribed").json().at("/data/recovered").asBoolean(true))
                    .isFalse();
            assertThat(events.await("resync").json().at("/data/reason").asString())
                    .isEqualTo("epoch");
            send("tickets", "ticket_received", "t-1", "{}");
            events.await("ticket_received");
        }
    }

    @Test
    void stateChannelsBeginWithThePresent() throws Exception {
        send("metrics", "metrics_updated", "calls", "{\"value\":1}");
        try (TestEvents events = open("metrics", null)) {
            send("metrics", "metrics_updated", "calls", "{\"value\":2}");
            TestEvents.Event state =
                    events.await(event -> event.json().at("/data/value").asInt(0) == 2);
            assertThat(state.id()).as("a state moves no position").isNull();
        }
    }

    @Test
    void statesAreToldAgainAtTheirChannelsPace() throws Exception {
        send("queue", "queue_updated", "waiting", "{\"value\":1}");
        send("metrics", "metrics_updated", "calls", "{\"value\":1}");
        long began = System.nanoTime();
        try (TestEvents events = open("queue,metrics", null, TestTokens.token(client, "u", Role.AGENT))) {
            events.await("queue_updated");
            events.await("queue_updated");

            assertThat(events.seen().stream()
                            .filter(event -> event.json().get("type").asString().equals("metrics_updated")))
                    .as("the queue is told every 5 s, all else every 10 s")
                    .hasSizeBetween(1, 1 + (int) ((System.nanoTime() - began) / 10_000_000_000L));
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void eachRoleOpensItsChannelsAndNoOthers(Role role) throws Exception {
        String token = TestTokens.token(role == Role.OPERATOR ? null : client, "u", role);
        for (String channel : RoleChannels.ALL) {
            HttpResponse<InputStream> answer = stream("channels=" + channel, token, null);
            try (InputStream body = answer.body()) {
                assertThat(answer.statusCode()).as(channel).isEqualTo(RoleChannels.opens(role, channel) ? 200 : 403);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void oneChannelThatTheRoleDoesNotOpenClosesAllThatAreAskedForWithIt(Role role) throws Exception {
        String token = TestTokens.token(role == Role.OPERATOR ? null : client, "u", role);
        boolean all = RoleChannels.of(role).size() == RoleChannels.ALL.size();
        HttpResponse<InputStream> answer = stream("channels=" + String.join(",", RoleChannels.ALL), token, null);
        try (InputStream body = answer.body()) {
            assertThat(answer.statusCode()).isEqualTo(all ? 200 : 403);
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"INGEST", "OPERATOR"})
    void anotherClientsFramesNeverArrive(Role role) throws Exception {
        String other = "globex-" + client;
        List<String> channels = RoleChannels.of(role);
        String asked = String.join(",", channels);
        try (TestEvents ours = open(asked, null, TestTokens.token(client, "u", role));
                TestEvents theirs = open(asked, null, TestTokens.token(other, "u", role))) {
            for (String owner : List.of(client, other)) {
                for (String channel : channels) {
                    String name = channel.startsWith("ticket:") ? "tickets" : channel;
                    feedWriter()
                            .send(
                                    owner,
                                    name,
                                    "shown",
                                    channel.equals("me") ? "u" : "t-1",
                                    "{\"of\":\"" + owner + "\"}");
                }
            }
            Set<String> shown = Set.copyOf(channels);
            ours.awaitAll(shown, TestEvents.Event::channelShown);
            theirs.awaitAll(shown, TestEvents.Event::channelShown);

            // By now all of it was read: what leaks comes before these.
            for (String owner : List.of(client, other)) {
                feedWriter().send(owner, "tickets", "last_event", "t-2", "{}");
                feedWriter().send(owner, "metrics", "last_state", "last", "{}");
            }
            Set<String> marks = Set.of("last_event", "last_state");
            ours.awaitAll(marks, TestEvents.Event::type);
            theirs.awaitAll(marks, TestEvents.Event::type);
            assertThat(ours.seen()).extracting(TestEvents.Event::owner).containsOnly("", client);
            assertThat(theirs.seen()).extracting(TestEvents.Event::owner).containsOnly("", other);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "channels=nothing, 400",
        "'', 400",
        "channels=messages, 403",
        "channels=tickets&x=1, 200",
    })
    void whatCannotBeStreamedIsRefusedBeforeItBegins(String query, int status) throws Exception {
        HttpResponse<InputStream> answer = stream(query, token(), null);
        try (InputStream body = answer.body()) {
            assertThat(answer.statusCode()).isEqualTo(status);
        }
    }

    @Test
    void withoutATokenOrWithABadPositionThereIsNoStream() throws Exception {
        assertThat(stream("channels=tickets", null, null).statusCode()).isEqualTo(401);
        assertThat(stream("channels=tickets", "nonsense", null).statusCode()).isEqualTo(401);
        assertThat(stream("channels=tickets", token(), "yesterday").statusCode())
                .isEqualTo(400);
    }

    private void send(String channel, String type, String key, String data) {
        feedWriter().send(client, channel, type, key, data);
    }

    private String token() {
        return TestTokens.token(client, "u", Role.VIEWER);
    }

    private HttpResponse<InputStream> stream(String query, String token, String lastEventId) {
        return TestEvents.ask(port, query, token, lastEventId);
    }

    private TestEvents open(String channels, String lastEventId) {
        return open(channels, lastEventId, token());
    }

    private TestEvents open(String channels, String lastEventId, String token) {
        return TestEvents.open(port, channels, token, lastEventId);
    }
}

package io.opsrelay.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.opsrelay.gateway.GatewayTest;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestTokens;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** The same messages as server-sent events. */
class EventStreamTest extends GatewayTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final String client = "acme-" + UUID.randomUUID().toString().substring(0, 8);

    @Test
    void framesArriveAsEventsWhoseIdsArePositionsAndWhoComesBackWithOneMissesNothing() throws Exception {
        String known;
        try (Events events = open("tickets", null)) {
            assertThat(events.await("subscribed").json.at("/data/channel").asString())
                    .isEqualTo("tickets");
            send("tickets", "ticket_received", "t-1", "{\"n\":0}");
            Event first = events.await("ticket_received");
            assertThat(first.id)
                    .isEqualTo(first.json.get("epoch").asString() + ":"
                            + first.json.get("offset").asLong());
            known = first.id;
        }
        for (int n = 1; n <= 5; n++) {
            send("tickets", "ticket_updated", "t-1", "{\"n\":" + n + "}");
            send("approvals", "approval_requested", "a-1", "{}");
            feedWriter().send("globex-" + client, "tickets", "ticket_updated", "t-1", "{\"n\":-1}");
        }
        try (Events events = open("tickets", known)) {
            assertThat(events.await("subscribed").json.at("/data/recovered").asBoolean())
                    .isTrue();
            events.await(event -> event.json.at("/data/n").asInt(-9) == 5);

            assertThat(events.seen.stream()
                            .filter(event -> event.json.get("type").asString().equals("ticket_updated")))
                    .extracting(event -> event.json.at("/data/n").asInt())
                    .containsExactly(1, 2, 3, 4, 5);
        }
    }

    @Test
    void whatMeansNothingAnyMoreIsToldToResync() throws Exception {
        try (Events events = open("tickets", "other:17")) {
            assertThat(events.await("subscribed").json.at("/data/recovered").asBoolean(true))
                    .isFalse();
            assertThat(events.await("resync").json.at("/data/reason").asString())
                    .isEqualTo("epoch");
            send("tickets", "ticket_received", "t-1", "{}");
            events.await("ticket_received");
        }
    }

    @Test
    void stateChannelsBeginWithThePresent() throws Exception {
        send("metrics", "metrics_updated", "calls", "{\"value\":1}");
        try (Events events = open("metrics", null)) {
            send("metrics", "metrics_updated", "calls", "{\"value\":2}");
            Event state = events.await(event -> event.json.at("/data/value").asInt(0) == 2);
            assertThat(state.id).as("a state moves no position").isNull();
        }
    }

    @Test
    void statesAreToldAgainAtTheirChannelsPace() throws Exception {
        send("queue", "queue_updated", "waiting", "{\"value\":1}");
        send("metrics", "metrics_updated", "calls", "{\"value\":1}");
        long began = System.nanoTime();
        try (Events events = open("queue,metrics", null, TestTokens.token(client, "u", Role.AGENT))) {
            events.await("queue_updated");
            events.await("queue_updated");

            assertThat(events.seen.stream()
                            .filter(event -> event.json.get("type").asString().equals("metrics_updated")))
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
        try (Events ours = open(asked, null, TestTokens.token(client, "u", role));
                Events theirs = open(asked, null, TestTokens.token(other, "u", role))) {
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
            ours.awaitAll(shown, Event::channelShown);
            theirs.awaitAll(shown, Event::channelShown);

            // By now all of it was read: what leaks comes before these.
            for (String owner : List.of(client, other)) {
                feedWriter().send(owner, "tickets", "last_event", "t-2", "{}");
                feedWriter().send(owner, "metrics", "last_state", "last", "{}");
            }
            Set<String> marks = Set.of("last_event", "last_state");
            ours.awaitAll(marks, Event::type);
            theirs.awaitAll(marks, Event::type);
            assertThat(ours.seen).extracting(Event::owner).containsOnly("", client);
            assertThat(theirs.seen).extracting(Event::owner).containsOnly("", other);
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

    private HttpResponse<InputStream> stream(String query, String token, String lastEventId) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri("/api/v1/stream?" + query)).header("Accept", "text/event-stream");
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    private Events open(String channels, String lastEventId) throws Exception {
        return open(channels, lastEventId, token());
    }

    private Events open(String channels, String lastEventId, String token) throws Exception {
        HttpResponse<InputStream> answer = stream("channels=" + channels, token, lastEventId);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/event-stream");
        return new Events(answer.body());
    }

    private record Event(String id, JsonNode json) {

        String type() {
            return json.get("type").asString();
        }

        String channelShown() {
            return type().equals("shown") ? json.get("channel").asString() : "";
        }

        String owner() {
            return json.at("/data/of").asString("");
        }
    }

    private static final class Events implements AutoCloseable {

        private final BlockingQueue<Event> inbox = new LinkedBlockingQueue<>();
        private final List<Event> seen = new ArrayList<>();
        private final InputStream body;

        Events(InputStream body) {
            this.body = body;
            Thread.ofVirtual().start(this::read);
        }

        private void read() {
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
                String id = null;
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith("id: ")) {
                        id = line.substring(4);
                    } else if (line.startsWith("data: ")) {
                        inbox.add(new Event(id, JSON.readTree(line.substring(6))));
                        id = null;
                    }
                }
            } catch (IOException e) {
                // The test has closed it.
            }
        }

        Event await(String type) {
            return await(event -> event.json.get("type").asString().equals(type));
        }

        /** Events of which each of these is said, in whatever order. */
        void awaitAll(Set<String> wanted, Function<Event, String> said) {
            Set<String> missing = new HashSet<>(wanted);
            await(event -> {
                missing.remove(said.apply(event));
                return missing.isEmpty();
            });
        }

        Event await(Predicate<Event> wanted) {
            try {
                for (Event event = inbox.poll(30, TimeUnit.SECONDS);
                        event != null;
                        event = inbox.poll(30, TimeUnit.SECONDS)) {
                    seen.add(event);
                    if (wanted.test(event)) {
                        return event;
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return fail("not received; before: " + seen);
        }

        @Override
        public void close() throws IOException {
            body.close();
        }
    }
}

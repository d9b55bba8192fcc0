package io.opsrelay.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.gateway.GatewayTest;
import io.opsrelay.gateway.TestSocket;
import io.opsrelay.gateway.feed.Feed;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestTokens;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.context.TestPropertySource;

/** How streams of server-sent events are counted, and how they end. */
@TestPropertySource(properties = "opsrelay.stream.expiry-grace=2s")
class EventStreamEndsTest extends GatewayTest {

    private final String client = "acme-" + UUID.randomUUID().toString().substring(0, 8);
    private final String token = TestTokens.token(client, "u", Role.VIEWER);

    @Autowired
    private Connections connections;

    @Autowired
    private MeterRegistry meters;

    @Test
    void aStreamIsOneOfTheConnectionsThatAreCounted() throws Exception {
        Awaitility.await().until(() -> connections.count() == 0);
        try (TestEvents events = TestEvents.open(port, "tickets", token, null);
                TestSocket socket = TestSocket.authenticated(port, token)) {
            events.await("subscribed");
            socket.settle();

            assertThat(meters.get(StreamMetric.CONNECTIONS.id()).gauge().value())
                    .isEqualTo(2);
            assertThat(json(get("/api/health")).get("connections").asInt()).isEqualTo(2);
        }
        Awaitility.await().until(() -> connections.count() == 0);
    }

    @Test
    void whoseTokenExpiresIsToldAndThenTheStreamEnds() throws Exception {
        JWTClaimsSet claims = TestTokens.claims(client, "u", "viewer")
                .expirationTime(Date.from(Instant.now().plusSeconds(7).truncatedTo(ChronoUnit.SECONDS)))
                .build();
        double before = closed(CloseCode.TOKEN_EXPIRED);
        try (TestEvents events = TestEvents.open(port, "tickets", TestTokens.sign(claims), null)) {
            TestEvents.Event told = events.await("error");

            assertThat(told.json().at("/data/code").asString()).isEqualTo("token_expired");
            assertThat(told.json().at("/data/close_code").asInt()).isEqualTo(4005);
            assertThat(told.json().at("/data/message").asString()).isNotBlank();
            assertThat(told.id()).as("it moves no position").isNull();
            events.awaitEnd();
            assertThat(Instant.now())
                    .isAfter(claims.getExpirationTime().toInstant().plusSeconds(2));
            assertThat(events.seen().stream().filter(event -> event.type().equals("error")))
                    .as("told once")
                    .hasSize(1);
            assertThat(closed(CloseCode.TOKEN_EXPIRED)).isEqualTo(before + 1);
        }
    }

    @Test
    void aGatewayThatStopsSaysWhenToGoElsewhereEndsTheStreamThenAndNothingIsMissed() throws Exception {
        String known;
        try (ConfigurableApplicationContext other = startGateway()) {
            Awaitility.await().until(() -> other.getBean(Feed.class).warm());
            Counter drained = other.getBean(MeterRegistry.class).counter(StreamMetric.CLOSED.id(), "code", "1012");
            try (TestEvents events = TestEvents.open(portOf(other), "tickets", token, null)) {
                events.await("subscribed");
                feedWriter().send(client, "tickets", "first", "t-1", "{}");
                known = events.await("first").id();

                Thread closing = Thread.ofVirtual().start(other::close);
                assertThat(events.await("reconnect").json().at("/data/after_ms").asLong())
                        .isBetween(0L, 300L);
                events.awaitEnd();
                Awaitility.await().until(() -> !closing.isAlive());
                assertThat(drained.count()).isEqualTo(1);
            }
        }
        feedWriter().send(client, "tickets", "second", "t-1", "{}");
        try (TestEvents events = TestEvents.open(port, "tickets", token, known)) {
            assertThat(events.await("subscribed").json().at("/data/recovered").asBoolean())
                    .isTrue();
            events.await("second");
            assertThat(events.seen().stream().map(TestEvents.Event::type).toList())
                    .isEqualTo(List.of("subscribed", "second"));
        }
    }

    private double closed(CloseCode why) {
        return meters.counter(StreamMetric.CLOSED.id(), "code", Integer.toString(why.code()))
                .count();
    }
}

package io.opsrelay.action.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opsrelay.action.catalogue.OutcomeUnknownException;
import io.opsrelay.action.remote.FakeServer.Asked;
import io.opsrelay.action.remote.FakeServer.Fault;
import io.opsrelay.action.remote.FakeServer.Told;
import io.opsrelay.security.outbound.GuardedHttp;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RemoteSystemTest {

    private static final byte[] BODY = RemoteSystem.json(Map.of("a", 1));

    private final GuardedHttp http = new GuardedHttp();
    private final Told[] told = {Told.json(200, Map.of("id", 7))};
    private final FakeServer server = new FakeServer() {
        @Override
        protected boolean acts(Asked asked) {
            return true;
        }

        @Override
        protected Told answer(Asked asked) {
            return told[0];
        }
    };
    private Instant now = Instant.parse("2026-11-20T10:00:00Z");
    private final Clock clock = new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    };
    private final RemoteSystem system = new RemoteSystem("tracker", http, Duration.ofSeconds(6), true, clock);

    @AfterEach
    void stop() throws Exception {
        server.close();
        http.close();
    }

    @Test
    void anAnswerIsReadAndItsValuesAreBounded() {
        told[0] = Told.json(201, Map.of("id", 7, "text", "a\u202eb\nc" + "x".repeat(1_000)));

        Reply reply = send();

        assertThat(reply.done()).isTrue();
        assertThat(reply.text("/id")).isEqualTo("7");
        assertThat(reply.text("/text")).startsWith("ab cx").hasSizeLessThanOrEqualTo(500);
        assertThat(reply.text("/nothing")).isNull();
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"DO_AND_BREAK", "DO_AND_HANG", "DO_AND_HUGE", "DO_AND_GARBLE"})
    void anAnswerThatCannotBeReadLeavesOpenWhatWasDone(Fault fault) {
        server.next(fault);

        assertThatThrownBy(this::send).isInstanceOfSatisfying(NoReplyException.class, e -> {
            assertThat(e.sent()).isTrue();
            assertThat(e.reason()).startsWith("tracker ").doesNotContain("127.0.0.1");
            assertThatThrownBy(() -> RemoteSystem.refusal(e)).isInstanceOf(OutcomeUnknownException.class);
        });
    }

    @Test
    void whatNeverReachedItWasNotDone() {
        server.close();

        assertThatThrownBy(this::send).isInstanceOfSatisfying(NoReplyException.class, e -> {
            assertThat(e.sent()).isFalse();
            assertThat(RemoteSystem.refusal(e).code()).isEqualTo("provider_unreachable");
        });
    }

    @Test
    void anAddressInOurOwnNetworkIsRefusedUnlessItIsAllowed() {
        RemoteSystem outside = new RemoteSystem("tracker", http, Duration.ofSeconds(1), false, clock);

        assertThatThrownBy(() -> outside.send("POST", URI.create(server.url()), Map.of(), BODY))
                .isInstanceOfSatisfying(NoReplyException.class, e -> {
                    assertThat(e.sent()).isFalse();
                    assertThat(e.reason()).contains("loopback");
                });
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void aServersErrorLeavesOpenWhatWasDone() {
        server.next(Fault.FAIL);

        Reply reply = send();

        assertThatThrownBy(() -> system.refusal(reply))
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessage("tracker answered 500: something broke");
    }

    @Test
    void aRedirectIsNotFollowedAndSaysWhatToMend() {
        server.next(Fault.REDIRECT);

        assertThat(system.refusal(send()).code()).isEqualTo("provider_redirects");
        assertThat(server.asked()).hasSize(1);
    }

    @Test
    void aRefusalIsTheSystemsInItsOwnBoundedWords() {
        told[0] = Told.json(422, Map.of("message", "title\nis <b>bad</b> " + "x".repeat(1_000)));

        var refused = system.refusal(send());

        assertThat(refused.code()).isEqualTo("provider_refused");
        assertThat(refused.reason())
                .startsWith("tracker answered 422: title is")
                .hasSizeLessThan(400);
        told[0] = Told.json(403, "{}");
        assertThat(system.refusal(send()).code()).isEqualTo("provider_denied");
    }

    @Test
    void aSystemThatAsksForARestIsLeftAloneForAsLongAsItSays() {
        server.next(Fault.TOO_MANY);
        assertThatThrownBy(this::send).isInstanceOf(BusyException.class).hasMessageContaining("10:00:02Z");

        assertThatThrownBy(this::send).isInstanceOf(BusyException.class);
        assertThat(server.asked()).hasSize(1);

        now = now.plusSeconds(2);
        assertThat(send().done()).isTrue();
    }

    @Test
    void aForbiddenThatIsALimitIsOneToo() {
        told[0] = Told.json(403, "{}")
                .with("X-RateLimit-Remaining", "0")
                .with("X-RateLimit-Reset", Long.toString(now.plusSeconds(30).getEpochSecond()));

        assertThatThrownBy(this::send).isInstanceOf(BusyException.class).hasMessageContaining("10:00:30Z");
    }

    private Reply send() {
        return system.send("POST", URI.create(server.url() + "/x"), Map.of(), BODY);
    }
}

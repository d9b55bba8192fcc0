package io.opsrelay.security.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.servlet.FilterChain;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import tools.jackson.databind.json.JsonMapper;

class AdmissionFilterTest {

    private final Counter refused = new SimpleMeterRegistry().counter("busy");
    private final CountDownLatch inside = new CountDownLatch(1);
    private final CountDownLatch leave = new CountDownLatch(1);
    private final FilterChain slow = (request, response) -> {
        inside.countDown();
        try {
            leave.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    };
    private final FilterChain quick = (request, response) -> ((MockHttpServletResponse) response).setStatus(204);

    @Test
    void whoFindsNoPlaceInTimeIsToldToComeAgainAndHealthIsStillAnswered() throws Exception {
        AdmissionFilter filter = filter(Duration.ofMillis(20));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<MockHttpServletResponse> first = threads.submit(() -> call(filter, "/api/v1/tickets", slow));
            inside.await();

            MockHttpServletResponse second = call(filter, "/api/v1/tickets", quick);

            assertThat(second.getStatus()).isEqualTo(503);
            assertThat(second.getHeader("Retry-After")).isEqualTo("1");
            assertThat(second.getContentAsString()).contains("nothing was changed, try again");
            assertThat(refused.count()).isEqualTo(1);
            assertThat(call(filter, "/actuator/health", quick).getStatus()).isEqualTo(204);

            leave.countDown();
            first.get();
            assertThat(call(filter, "/api/v1/tickets", quick).getStatus()).isEqualTo(204);
        }
    }

    @Test
    void whoWaitsGetsThePlaceThatBecomesFreeEvenAfterAFailure() throws Exception {
        AdmissionFilter filter = filter(Duration.ofMinutes(1));
        FilterChain failing = (request, response) -> {
            slow.doFilter(request, response);
            throw new IllegalStateException("a failure of ours");
        };
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<MockHttpServletResponse> first = threads.submit(() -> call(filter, "/api/v1/tickets", failing));
            inside.await();
            Future<MockHttpServletResponse> second = threads.submit(() -> call(filter, "/api/v1/tickets", quick));
            leave.countDown();

            assertThat(second.get().getStatus()).isEqualTo(204);
            assertThat(first).failsWithin(Duration.ofMinutes(1));
        }
    }

    @Test
    void anUploadTakesNoPlaceOfTheOthersAndFindsOneOfItsOwn() throws Exception {
        AdmissionFilter filter = filter(Duration.ofMillis(20));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.submit(() -> call(filter, "/api/v1/tickets/7/attachments", slow));
            inside.await();

            assertThat(call(filter, "/api/v1/tickets", quick).getStatus()).isEqualTo(204);
            assertThat(call(filter, "/api/v1/tickets/8/attachments", quick).getStatus())
                    .isEqualTo(503);
            leave.countDown();
        }
    }

    private AdmissionFilter filter(Duration patience) {
        return new AdmissionFilter(
                1,
                List.of("/api/v1/tickets/*/attachments"),
                1,
                patience,
                refused,
                JsonMapper.builder().build());
    }

    private static MockHttpServletResponse call(AdmissionFilter filter, String path, FilterChain chain)
            throws Exception {
        MockHttpServletResponse response = new MockHttpServletResponse();
        filter.doFilter(new MockHttpServletRequest("POST", path), response, chain);
        return response;
    }
}

package io.opsrelay.agent.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opsrelay.agent.model.ModelProperties.Provider;
import io.opsrelay.agent.model.ModelProperties.Settings;
import io.opsrelay.agent.tool.Tool;
import io.opsrelay.testing.FakeModelServer;
import io.opsrelay.testing.FakeModelServer.Reply;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.JsonNode;

class ModelTest {

    private final FakeModelServer server = new FakeModelServer();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @AfterEach
    void close() {
        server.close();
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void everyProtocolCarriesToolsThereAndCallsBack(Provider provider) {
        server.thinks(request -> Reply.call("process_refund", Map.of("order_id", "A-1001", "reason", "broken")));

        Answer answer = ask(model(provider));

        assertThat(answer.message().toolExecutionRequests()).singleElement().satisfies(call -> {
            assertThat(call.name()).isEqualTo("process_refund");
            assertThat(call.arguments()).contains("A-1001").contains("broken");
        });
        JsonNode tool = server.requests().getFirst().get("tools").get(0);
        assertThat(tool.toString())
                .contains("process_refund")
                .contains("order_id")
                .contains("\"required\"");
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void everyProtocolCarriesTheFormOfTheAnswerThere(Provider provider) {
        server.thinks(request -> Reply.text("{}"));
        ResponseFormat form = ResponseFormat.builder()
                .type(ResponseFormatType.JSON)
                .jsonSchema(JsonSchema.builder()
                        .name("colour")
                        .rootElement(JsonObjectSchema.builder()
                                .addEnumProperty("colour", List.of("red", "blue"))
                                .required("colour")
                                .additionalProperties(false)
                                .build())
                        .build())
                .build();

        Answer answer = model(provider).ask("acme", List.of(UserMessage.from("hi")), form);

        assertThat(answer.message().text()).isEqualTo("{}");
        assertThat(server.requests().getFirst().toString())
                .contains("\"enum\":[\"red\",\"blue\"]")
                .contains("\"required\":[\"colour\"]");
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void tokensAreCountedAndCost(Provider provider) {
        server.thinks(request -> Reply.text("hello"));

        Answer answer = ask(model(provider));

        assertThat(answer.message().text()).isEqualTo("hello");
        // 100 x 2.50 and 20 x 10 dollars for a million
        assertThat(answer.usage()).isEqualTo(new Usage(100, 20, 450));
        assertThat(meters.counter("opsrelay.model.tokens", "model", "m", "direction", "input")
                        .count())
                .isEqualTo(100);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 502, 503})
    void passingTroubleIsTriedAgain(int status) {
        AtomicInteger tries = new AtomicInteger();
        server.thinks(request -> tries.incrementAndGet() < 3 ? Reply.error(status, "later") : Reply.text("now"));

        assertThat(ask(model(Provider.OPENAI)).message().text()).isEqualTo("now");
        assertThat(tries).hasValue(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 404})
    void whatAnotherTryCannotMendIsNotTriedAgain(int status) {
        server.thinks(request -> Reply.error(status, "never"));

        assertThatExceptionOfType(ModelUnavailableException.class)
                .isThrownBy(() -> ask(model(Provider.OPENAI)))
                .withMessageContaining("never");
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void aModelThatHangsIsGivenUpAfterItsTime() {
        server.thinks(request -> Reply.text("late").after(Duration.ofMinutes(5)));

        assertThatExceptionOfType(ModelUnavailableException.class)
                .isThrownBy(() -> ask(model(Provider.OPENAI, Duration.ofMillis(300), 0)))
                .withMessageContaining("300 ms");
    }

    @Test
    void triesAndPausesAreOverWithTheTimeForAllOfThem() {
        server.thinks(request -> Reply.text("late").after(Duration.ofMinutes(5)));
        Model model = model(Provider.OPENAI, Duration.ofSeconds(5), 5);

        assertThatExceptionOfType(ModelUnavailableException.class)
                .isThrownBy(() -> model.ask("acme", List.of(UserMessage.from("hi")), List.of(), Duration.ofMillis(300)))
                .withMessageContaining("300 ms");
    }

    @Test
    void whatAModelFailsOfIsToldWithATimeForItToo() {
        server.thinks(request -> Reply.error(400, "never"));

        assertThatExceptionOfType(ModelUnavailableException.class)
                .isThrownBy(() -> model(Provider.OPENAI)
                        .ask("acme", List.of(UserMessage.from("hi")), List.of(), Duration.ofMinutes(1)))
                .withMessageContaining("never");
    }

    @Test
    void whatAnAnswerMayCostFollowsFromThePrices() {
        // 100 x 2.50 for what is asked, and 10 dollars for a million of what may be answered
        assertThat(model(Provider.OPENAI).likelyMicros(400)
                        - model(Provider.OPENAI).likelyMicros(0))
                .isEqualTo(250);
        assertThat(model(Provider.OPENAI).likelyMicros(0)).isPositive();
    }

    @Test
    void anAnswerWithoutAnEndIsGivenUpAtItsBound() {
        server.thinks(request -> Reply.forever());

        assertThatExceptionOfType(ModelUnavailableException.class)
                .isThrownBy(() -> ask(model(Provider.OPENAI, Duration.ofSeconds(20), 0)));
    }

    @Test
    void anAnswerOfNothingIsNoAnswer() {
        server.thinks(request -> Reply.text("  "));

        assertThatExceptionOfType(ModelUnavailableException.class)
                .isThrownBy(() -> ask(model(Provider.OPENAI)))
                .withMessageContaining("nothing");
    }

    @Test
    void anAnswerThatWasCutOffSaysSo() {
        server.thinks(request -> Reply.text("The half of").endingFor("length"));

        assertThat(ask(model(Provider.OPENAI)).cutOff()).isTrue();
    }

    @Test
    void aModelThatKeepsFailingIsLeftAlone() {
        server.thinks(request -> Reply.error(503, "down"));
        Model model = model(Provider.OPENAI, Duration.ofSeconds(5), 0);
        for (int i = 0; i < 5; i++) {
            assertThatExceptionOfType(ModelUnavailableException.class).isThrownBy(() -> ask(model));
        }
        int asked = server.requests().size();

        assertThatExceptionOfType(ModelUnavailableException.class)
                .isThrownBy(() -> ask(model))
                .withMessageContaining("left alone");
        assertThat(server.requests()).hasSize(asked);
    }

    @Test
    void thatManyWaitForAPlaceInVainSaysNothingAboutTheServer() {
        server.thinks(request -> Reply.text("hello").after(Duration.ofMillis(2500)));
        Model model = model(settings(Provider.OPENAI, Duration.ofSeconds(4), 0, 1));

        List<String> outcomes;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            outcomes =
                    IntStream.range(0, 10)
                            .mapToObj(i -> CompletableFuture.supplyAsync(() -> outcome(model), threads))
                            .toList()
                            .stream()
                            .map(CompletableFuture::join)
                            .toList();
        }

        assertThat(outcomes).contains("hello");
        assertThat(outcomes.stream().filter(outcome -> outcome.contains("1 requests under way already")))
                .hasSizeGreaterThanOrEqualTo(5);
        assertThat(model.breakerState()).isEqualTo("closed");
    }

    private String outcome(Model model) {
        try {
            return ask(model).message().text();
        } catch (ModelUnavailableException e) {
            return e.reason();
        }
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void aServerThatSaysWhenIsNotAskedSooner(Provider provider) {
        AtomicLong refused = new AtomicLong();
        AtomicLong asked = new AtomicLong();
        server.thinks(request -> {
            if (refused.compareAndSet(0, System.nanoTime())) {
                return Reply.error(429, "later").with("Retry-After", "1");
            }
            asked.set(System.nanoTime());
            return Reply.text("now");
        });

        assertThat(ask(model(provider)).message().text()).isEqualTo("now");
        assertThat(Duration.ofNanos(asked.get() - refused.get())).isGreaterThanOrEqualTo(Duration.ofMillis(990));
    }

    @Test
    void whatAServerSaysToOneHoldsForAll() {
        List<Long> asked = new CopyOnWriteArrayList<>();
        server.thinks(request -> {
            asked.add(System.nanoTime());
            return asked.size() == 1 ? Reply.error(503, "busy").with("Retry-After", "2") : Reply.text("now");
        });
        Model model = model(Provider.OPENAI);

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture<String> first = CompletableFuture.supplyAsync(() -> outcome(model), threads);
            Awaitility.await().until(() -> model.leftAlone().isPositive());
            CompletableFuture<String> second = CompletableFuture.supplyAsync(() -> outcome(model), threads);

            assertThat(List.of(first.join(), second.join())).containsOnly("now");
        }
        assertThat(asked).hasSize(3);
        assertThat(asked.subList(1, 3)).allSatisfy(later -> assertThat(Duration.ofNanos(later - asked.getFirst()))
                .isGreaterThanOrEqualTo(Duration.ofMillis(1990)));
    }

    @Test
    void aServerThatHasTooMuchToDoIsNotLeftAloneForTenSeconds() {
        server.thinks(request -> Reply.error(429, "later"));
        Model model = model(Provider.OPENAI, Duration.ofSeconds(5), 0);
        for (int i = 0; i < 20; i++) {
            assertThatExceptionOfType(ModelUnavailableException.class).isThrownBy(() -> ask(model));
        }

        assertThat(model.breakerState()).isEqualTo("closed");
        assertThat(server.requests()).hasSize(20);
    }

    @Test
    void aServerThatWantsToBeLeftAloneForLongIsNotAskedAgain() {
        server.thinks(request -> Reply.error(503, "busy").with("Retry-After", "3600"));

        assertThatExceptionOfType(ModelUnavailableException.class).isThrownBy(() -> ask(model(Provider.OPENAI)));
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void aKeyDoesNotAppearInWhatIsPrinted() {
        assertThat(settings(Provider.OPENAI, Duration.ofSeconds(1), 0).toString())
                .doesNotContain("sk-secret");
    }

    private Answer ask(Model model) {
        return model.ask("acme", List.of(UserMessage.from("hi")), List.of(Tool.PROCESS_REFUND.specification()));
    }

    private Model model(Provider provider) {
        return model(provider, Duration.ofSeconds(10), 2);
    }

    private Model model(Provider provider, Duration timeout, int retries) {
        return model(settings(provider, timeout, retries));
    }

    private Model model(Settings settings) {
        return new Models(new ModelProperties(Map.of("m", settings)), meters, Clock.systemUTC())
                .named("m")
                .orElseThrow();
    }

    private Settings settings(Provider provider, Duration timeout, int retries) {
        return settings(provider, timeout, retries, 10);
    }

    private Settings settings(Provider provider, Duration timeout, int retries, int atOnce) {
        String path = provider == Provider.OLLAMA ? "" : "/v1";
        return new Settings(
                provider,
                URI.create(server.url() + path),
                "fake",
                "sk-secret",
                timeout,
                retries,
                Duration.ofMillis(5),
                atOnce,
                DataSize.ofKilobytes(256),
                500,
                0,
                new BigDecimal("2.5"),
                BigDecimal.TEN);
    }
}

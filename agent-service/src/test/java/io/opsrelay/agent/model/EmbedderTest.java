package io.opsrelay.agent.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opsrelay.agent.model.FakeEmbeddingServer.Reply;
import io.opsrelay.agent.model.ModelProperties.Provider;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmbedderTest {

    private final FakeEmbeddingServer server = new FakeEmbeddingServer();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @AfterEach
    void close() {
        server.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = Provider.class,
            names = {"OPENAI", "OLLAMA"})
    void textsBecomeVectorsOfLengthOneInTheirOrderAndTheirTokensCost(Provider provider) {
        Embedded answer =
                embedder(provider, null).passages("acme", List.of("My password", "Das Kennwort", "An invoice"));

        assertThat(answer.vectors()).hasSize(3).allSatisfy(vector -> assertThat(cosine(vector, vector))
                .isCloseTo(1, Offset.offset(1e-5)));
        assertThat(cosine(answer.vectors().get(0), answer.vectors().get(1))).isGreaterThan(0.9);
        assertThat(cosine(answer.vectors().get(0), answer.vectors().get(2))).isLessThan(0.2);
        // 30 x 2.50 dollars for a million
        assertThat(answer.usage()).isEqualTo(new Usage(30, 0, 75));
        assertThat(meters.counter("opsrelay.model.tokens", "model", "m", "direction", "input")
                        .count())
                .isEqualTo(30);
        assertThat(server.requests()).hasSize(1);
        assertThat(server.texts()).first().isEqualTo("passage: My password");
    }

    @Test
    void aQuestionHasAPrefixOfItsOwn() {
        embedder(Provider.OPENAI, null).questions("acme", List.of("Where is it?"));

        assertThat(server.texts()).containsExactly("query: Where is it?");
        assertThat(server.keys()).containsExactly("Bearer sk-secret");
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 503})
    void passingTroubleWithPassagesIsTriedAgain(int status) {
        AtomicInteger tries = new AtomicInteger();
        server.does(request -> tries.incrementAndGet() < 3 ? Reply.error(status) : Reply.usual());

        assertThat(embedder(Provider.OPENAI, null)
                        .passages("acme", List.of("x"))
                        .vectors())
                .hasSize(1);
        assertThat(tries).hasValue(3);
    }

    @Test
    void aQuestionIsAskedOnceSinceACustomerWaits() {
        server.does(request -> Reply.error(503));

        assertUnavailable(() -> embedder(Provider.OPENAI, null).questions("acme", List.of("x")), "failed");
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void aQuestionIsGivenUpAfterItsTime() {
        server.does(request -> Reply.usual().after(Duration.ofMinutes(5)));

        assertUnavailable(() -> embedder(Provider.OPENAI, null).questions("acme", List.of("x")), "6000 ms");
    }

    @ParameterizedTest
    @EnumSource(
            value = Provider.class,
            names = {"OPENAI", "OLLAMA"})
    void anAnswerWithoutAnEndIsGivenUpAtItsBound(Provider provider) {
        server.does(request -> Reply.forever());

        assertUnavailable(() -> embedder(provider, null).passages("acme", List.of("x")), "embedding model");
    }

    static Stream<Reply> uselessVectors() {
        return Stream.of(
                Reply.of(new float[] {1, 2}),
                Reply.of(new float[] {1, 2}, new float[] {1, 2, 3}),
                Reply.of(new float[] {1, 2}, new float[] {0, 0}),
                Reply.of(new float[] {1, 2}, new float[] {1, 2}, new float[] {1, 2}),
                Reply.of(new float[] {1, 2}, new float[] {}),
                Reply.of(),
                Reply.of(new float[10_000], new float[10_000]));
    }

    @ParameterizedTest
    @MethodSource
    void uselessVectors(Reply reply) {
        server.does(request -> reply);

        assertUnavailable(() -> embedder(Provider.OPENAI, null).passages("acme", List.of("a", "b")), "");
    }

    @Test
    void vectorsOfOtherDimensionsThanConfiguredAreRefused() {
        server.does(request -> Reply.of(new float[] {1, 2, 3}));

        assertUnavailable(
                () -> embedder(Provider.OPENAI, 4).passages("acme", List.of("x")), "3 dimensions instead of 4");
        assertThat(server.requests().getFirst().get("dimensions").asInt()).isEqualTo(4);
    }

    @Test
    void questionsThatKeepFailingLeaveTheServerAloneAndPassagesAreStillEmbedded() {
        Embedder embedder = embedder(Provider.OPENAI, null);
        server.does(request -> Reply.error(503));
        for (int i = 0; i < 5; i++) {
            assertUnavailable(() -> embedder.questions("acme", List.of("x")), "failed");
        }
        server.does(request -> Reply.usual());

        assertUnavailable(() -> embedder.questions("acme", List.of("x")), "left alone");
        assertThat(embedder.passages("acme", List.of("x")).vectors()).hasSize(1);
    }

    @Test
    void theSpaceChangesWithEverythingThatMakesVectorsIncomparable() {
        assertThat(embedder(Provider.OPENAI, null).space()).isEqualTo("m|passage: ");
        assertThat(embedder(Provider.OPENAI, 256).space()).isEqualTo("m/256|passage: ");
    }

    @Test
    void aKeyDoesNotAppearInWhatIsPrinted() {
        assertThat(Embedders.properties(server, Provider.OPENAI, "m", 1, null).toString())
                .doesNotContain("sk-secret");
    }

    @Test
    void aModelNeedsAServerThatEmbeds() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Embedders.properties(server, Provider.ANTHROPIC, "m", 1, null))
                .withMessageContaining("openai, ollama");
    }

    private Embedder embedder(Provider provider, Integer dimensions) {
        return Embedders.of(server, provider, "m", 64, dimensions, meters);
    }

    private static void assertUnavailable(Runnable asking, String reason) {
        assertThatExceptionOfType(ModelUnavailableException.class)
                .isThrownBy(asking::run)
                .withMessageContaining(reason);
    }

    private static double cosine(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}

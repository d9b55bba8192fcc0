package io.opsrelay.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.opsrelay.standalone.process.StartFailure;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DemoTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final FakeGateway fake = new FakeGateway();
    private final Gateway gateway = new Gateway(fake.url());
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final Chronicle chronicle = new Chronicle(new PrintStream(written, true, StandardCharsets.UTF_8));
    private final CountDownLatch end = new CountDownLatch(1);

    @AfterEach
    void close() {
        gateway.close();
        fake.close();
    }

    @Test
    void itPostsDecidesCountsAndSumsUpAtItsEnd() throws Exception {
        Thread demo = start(new DemoOptions(Optional.empty(), 20, Optional.of(5L), Optional.empty()));

        await().atMost(PATIENCE)
                .until(() -> fake.posted().size() > 30 && fake.decided().size() > 2);
        end.countDown();
        demo.join(PATIENCE);

        assertThat(demo.isAlive()).isFalse();
        assertThat(fake.decided()).doesNotContainKey(FakeGateway.FOREIGN);
        assertThat(fake.decided().values())
                .allSatisfy(decision ->
                        assertThat(decision.path("decision").asString()).isIn("approve", "reject", "edit", "respond"));
        assertThat(output())
                .contains(fake.posted().getFirst().path("subject").asString())
                .contains("-- as usual")
                .contains("25.00 EUR for A-1001")
                .contains("accepted " + fake.posted().size() + "; refused none")
                .containsPattern("resolved \\d+")
                .contains("with --seed 5");
    }

    @Test
    void aSystemThatIsBusyIsLeftInPeaceAndNoLetterIsLostOrTwice() throws Exception {
        fake.refuse(503, 429);
        Thread demo = start(new DemoOptions(Optional.empty(), 5, Optional.of(6L), Optional.empty()));

        await().atMost(PATIENCE).until(() -> fake.posted().size() > 10);
        end.countDown();
        demo.join(PATIENCE);

        assertThat(output()).contains("not now", "429 1", "503 1", "given up 0");
        assertThat(fake.posted().stream()
                        .map(ticket -> ticket.path("subject").asString()
                                + ticket.path("body").asString())
                        .collect(Collectors.toList()))
                .doesNotHaveDuplicates();
    }

    @Test
    void whatIsRefusedForGoodIsGivenUpAndTold() throws Exception {
        fake.refuse(422);
        Thread demo = start(new DemoOptions(Optional.empty(), 5, Optional.of(6L), Optional.empty()));

        await().atMost(PATIENCE).until(() -> fake.posted().size() > 2);
        end.countDown();
        demo.join(PATIENCE);

        assertThat(output()).contains("422 not now", "refused 422 1; given up 1");
    }

    @Test
    void itEndsByItselfWhenItsTimeIsOver() throws Exception {
        Thread demo =
                start(new DemoOptions(Optional.of(Duration.ofMillis(500)), 10, Optional.of(5L), Optional.empty()));

        demo.join(PATIENCE);

        assertThat(demo.isAlive()).isFalse();
        assertThat(output()).contains("tickets     accepted ");
    }

    @Test
    void aTokenThatIsNoLongerGoodIsRenewed() throws Exception {
        assertThat(gateway.get("viewer@acme.example", "/api/v1/approvals").status())
                .isEqualTo(200);
        fake.expireTokens();

        assertThat(gateway.get("viewer@acme.example", "/api/v1/approvals").status())
                .isEqualTo(200);
        assertThat(fake.signIns()).isEqualTo(2);
        gateway.get("viewer@acme.example", "/api/v1/approvals");
        assertThat(fake.signIns()).isEqualTo(2);
    }

    @Test
    void aSystemWithoutDeploymentActionsIsAskedOnceAndToldOnce() throws Exception {
        Sre sre = new Sre(gateway, ConcurrentHashMap.newKeySet(), new Tally(), chronicle);

        sre.request(restart("acme"));
        sre.request(restart("globex"));

        assertThat(output()).containsOnlyOnce("no deployment actions");
    }

    @Test
    void aRestartIsAskedForWithItsReasonAndItsIdIsKept() throws Exception {
        fake.allowDeploymentActions();
        var requested = ConcurrentHashMap.<String>newKeySet();

        new Sre(gateway, requested, new Tally(), chronicle).request(restart("globex"));

        assertThat(requested).containsExactly("r1");
        assertThat(fake.restarts()).singleElement().satisfies(request -> {
            assertThat(request.path("service_name").asString()).isEqualTo("agent-service");
            assertThat(request.path("target_type").asString()).isEqualTo("standalone");
            assertThat(request.path("reason").asString()).isEqualTo("it is slow");
        });
    }

    @Test
    void eachClientHasCannedRepliesWithWhatTheDashboardFillsIn() throws Exception {
        CannedReplies replies = new CannedReplies(gateway, chronicle);

        for (String client : Demo.CLIENTS) {
            replies.provide(client);
            replies.provide(client);

            assertThat(fake.cannedReplies(client))
                    .as("once, however often it is begun")
                    .hasSize(4)
                    .allSatisfy(reply -> {
                        assertThat(reply.path("text").asString()).contains("{customer_name}");
                        assertThat(reply.path("text")
                                        .asString()
                                        .replaceAll("\\{(customer_(name|email)|ticket_(id|subject))}", ""))
                                .doesNotContain("{", "}");
                        assertThat(reply.path("category").asString()).isNotEmpty();
                    })
                    .extracting(reply -> reply.path("language").asString())
                    .containsExactlyInAnyOrder("en", "de", "fr", "es");
        }
        assertThat(output()).isEmpty();
    }

    @Test
    void aSystemWithoutTheAdminIsToldOfAndHasTrafficAllTheSame() throws Exception {
        fake.forgetAdmins();
        Thread demo = start(new DemoOptions(Optional.empty(), 5, Optional.of(6L), Optional.empty()));

        await().atMost(PATIENCE).until(() -> fake.posted().size() > 2);
        end.countDown();
        demo.join(PATIENCE);

        assertThat(output()).contains("acme gets no canned replies: 401 Unauthorized");
    }

    @Test
    void whereNothingListensItSaysHowToStartIt() {
        fake.close();

        assertThatThrownBy(() -> gateway.signIn("ingest@acme.example"))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("./opsrelay up");
        assertThatThrownBy(() -> Demo.run(List.of("--url", fake.url().toString()), "http://127.0.0.1:1/"))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining(fake.url().toString());
    }

    @Test
    void wrongOptionsAreToldWithTheUsage() {
        assertThat(Demo.run(List.of("--speed", "9"), "http://127.0.0.1:1/")).isEqualTo(2);
    }

    private static Happening.Restart restart(String client) {
        return new Happening.Restart(Duration.ZERO, client, "agent-service", "it is slow");
    }

    private Thread start(DemoOptions options) {
        Demo demo = new Demo(options, gateway, chronicle, end);
        return Thread.ofPlatform().start(() -> {
            try {
                demo.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private String output() {
        return written.toString(StandardCharsets.UTF_8);
    }
}

package io.opsrelay.ingestion.ticket;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.contracts.RunEvent.Outcome;
import io.opsrelay.contracts.TicketEvent.RunRequested;
import io.opsrelay.ingestion.Api;
import io.opsrelay.ingestion.IngestionServiceTest;
import io.opsrelay.ingestion.OtherServices;
import io.opsrelay.security.Role;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.testing.TestKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Tickets that become part of others. */
@IngestionServiceTest
class MergeTest {

    @Autowired
    private Api api;

    @Autowired
    private OtherServices others;

    @Autowired
    private TestKafka kafka;

    @Autowired
    private StatusChanges statuses;

    @Autowired
    private Tickets tickets;

    @Autowired
    private ClientTransactions transactions;

    private Work work;

    @BeforeEach
    void somebodyWorksAtAcme() {
        work = new Work(api, others, kafka, "acme");
    }

    @Test
    void theMergedTicketIsClosedWithALinkAndItsWordsAreShownAtTheOther() {
        String target = work.open("api");
        String merged = work.open("api");
        work.reply(merged, "And the shade is torn.").has(202);

        work.post(merged, "merge", Map.of("into", target, "reason", "The same lamp."))
                .has(200);

        JsonNode closed = work.ticket(merged);
        assertThat(closed.get("status").asString()).isEqualTo("closed");
        assertThat(closed.get("merged_into").asString()).isEqualTo(target);
        JsonNode open = work.ticket(target);
        assertThat(open.get("status").asString()).isEqualTo("received");
        assertThat(open.get("merged").get(0).asString()).isEqualTo(merged);
        assertThat(Work.strings(open.get("messages"), "text"))
                .containsExactly("The lamp came in pieces.", "The lamp came in pieces.", "And the shade is torn.");
        assertThat(open.get("messages").get(2).get("ticket_id").asString()).isEqualTo(merged);
        assertThat(open.get("messages").get(0).has("ticket_id")).isFalse();
        assertThat(work.timeline(target)).endsWith("ticket_took_in");
        assertThat(work.timeline(merged)).endsWith("ticket_merged");
    }

    @Test
    void whatTheCustomerSaysLaterGoesToTheTargetHoweverFarItIs() {
        String a = work.open("api");
        String b = work.open("api");
        String c = work.ended(Outcome.RESOLVED);
        work.post(a, "merge", Map.of("into", b)).has(200);
        work.post(b, "merge", Map.of("into", c)).has(200);

        JsonNode answer = work.reply(a, "Any news?").has(202).json();

        assertThat(answer.get("ticket_id").asString()).isEqualTo(c);
        assertThat(answer.get("outcome").asString()).isEqualTo("reopened");
        assertThat(work.ticket(a).get("merged_into").asString()).isEqualTo(c);
        RunRequested requested = work.told(c, RunRequested.class, 1).getFirst();
        assertThat(requested.conversation().getLast().text()).isEqualTo("Any news?");
        assertThat(requested.conversation().stream().filter(said -> said.open()))
                .hasSize(1);
    }

    @Test
    void anothersWordsTakeTheTicketsRightToMoneyAndAccountsWithThem() {
        String target = work.open("api");
        String own = work.open("api");
        String others = api.as("acme", Role.AGENT)
                .post(
                        "/api/v1/tickets",
                        "{\"subject\":\"Pay me\",\"body\":\"All of it.\",\"customer_email\":\"eve@example.org\"}")
                .has(202)
                .json()
                .get("ticket_id")
                .asString();

        work.post(own, "merge", Map.of("into", target)).has(200);
        assertThat(work.ticket(target).get("customer").get("verified").asBoolean())
                .isTrue();
        work.post(others, "merge", Map.of("into", target)).has(200);
        assertThat(work.ticket(target).get("customer").get("verified").asBoolean())
                .isFalse();
    }

    @Test
    void noTicketIsMergedIntoItselfIntoAMergedOrAClosedOneOrTwice() {
        String a = work.open("api");
        String b = work.open("api");
        String closed = work.open("api");
        work.post(closed, "status", Map.of("status", "closed")).has(200);

        work.post(a, "merge", Map.of("into", a))
                .isProblem(422, "Unprocessable Content", "into", "must be another ticket");
        work.post(a, "merge", Map.of("into", UUID.randomUUID().toString()))
                .isProblem(422, "Unprocessable Content", "into", "is no ticket of this client");
        work.post(a, "merge", Map.of("into", closed)).isProblem(422, "Unprocessable Content", "into", "is closed");
        work.post(a, "merge", Map.of("into", b)).has(200);
        work.post(b, "merge", Map.of("into", a))
                .isProblem(422, "Unprocessable Content", "into", "was itself merged into " + b);
        work.post(a, "merge", Map.of("into", b)).has(409);
        work.post(closed, "merge", Map.of("into", b)).has(200);
        work.post(a, "messages", Map.of("text", "Hello")).has(409);
    }

    @RepeatedTest(4)
    void manyMergesAtOnceNeverLeadInCirclesNorWaitForEachOther() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            ids.add(work.open("api"));
        }
        Random random = new Random();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<CompletableFuture<Integer>> merges = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                String from = ids.get(random.nextInt(ids.size()));
                String into = ids.get(random.nextInt(ids.size()));
                merges.add(CompletableFuture.supplyAsync(
                        () -> work.post(from, "merge", Map.of("into", into)).status(), threads));
                merges.add(CompletableFuture.supplyAsync(
                        () -> work.reply(from, "Hello?").status(), threads));
            }
            assertThat(merges.stream().map(CompletableFuture::join))
                    .allMatch(status -> List.of(200, 202, 409, 422).contains(status));
        }

        for (String id : ids) {
            JsonNode ticket = work.ticket(id);
            if (ticket.has("merged_into")) {
                JsonNode target = work.ticket(ticket.get("merged_into").asString());
                assertThat(target.has("merged_into")).isFalse();
                assertThat(ticket.get("status").asString()).isEqualTo("closed");
            }
        }
    }

    @RepeatedTest(4)
    void whoChangesManyTicketsInOneTransactionAndWhoMergesThemNeverWaitInARing() {
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            ids.add(UUID.fromString(work.open("api")));
        }
        Random random = new Random();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<CompletableFuture<?>> all = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                List<UUID> some = new ArrayList<>(ids);
                Collections.shuffle(some, random);
                all.add(CompletableFuture.runAsync(() -> changeAll(some), threads));
                all.add(CompletableFuture.runAsync(
                        () -> assertThat(work.post(
                                                some.get(0).toString(),
                                                "merge",
                                                Map.of("into", some.get(1).toString()))
                                        .status())
                                .isIn(200, 409, 422),
                        threads));
            }
            assertThat(CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)))
                    .succeedsWithin(Duration.ofSeconds(60));
        }
    }

    private void changeAll(List<UUID> ids) {
        transactions.run("acme", () -> {
            statuses.lockAhead("acme", ids);
            for (UUID id : ids) {
                statuses.set("acme", id, TicketStatus.ESCALATED, "upstream", () -> true);
                tickets.continueWith(
                        "acme",
                        id,
                        new NewTicket(
                                "api",
                                "desk",
                                "A lamp",
                                "Hello?",
                                "mary@example.org",
                                false,
                                null,
                                null,
                                Map.of(),
                                "mary"));
            }
        });
    }
}

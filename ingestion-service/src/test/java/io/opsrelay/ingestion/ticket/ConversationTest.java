package io.opsrelay.ingestion.ticket;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.contracts.RunEvent.MessageTaken;
import io.opsrelay.contracts.RunEvent.Outcome;
import io.opsrelay.contracts.TicketEvent.CustomerReplied;
import io.opsrelay.contracts.TicketEvent.RunRequested;
import io.opsrelay.contracts.TicketEvent.Said;
import io.opsrelay.contracts.TicketEvent.TicketReceived;
import io.opsrelay.ingestion.Api;
import io.opsrelay.ingestion.IngestionServiceTest;
import io.opsrelay.ingestion.OtherServices;
import io.opsrelay.security.Role;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.testing.TestKafka;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** What customers say on tickets that are there already. */
@IngestionServiceTest
class ConversationTest {

    @Autowired
    private Api api;

    @Autowired
    private OtherServices others;

    @Autowired
    private TestKafka kafka;

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
    void onANewTicketAReplyIsOneMessageMore() {
        String id = work.open("api");

        JsonNode answer = work.reply(id, "And the shade is torn.").has(202).json();

        assertThat(answer.get("outcome").asString()).isEqualTo("added");
        JsonNode ticket = work.ticket(id);
        assertThat(Work.strings(ticket.get("messages"), "text"))
                .containsExactly("The lamp came in pieces.", "And the shade is torn.");
        assertThat(ticket.get("messages").get(1).get("sender_verified").asBoolean())
                .isTrue();
        assertThat(ticket.get("status").asString()).isEqualTo("received");
        assertThat(work.timeline(id)).containsExactly("ticket_received", "customer_replied");
    }

    @ParameterizedTest
    @EnumSource(names = {"ESCALATED", "FAILED"})
    void whereAPersonHasItOrItFailedAReplyIsShownAndNoRunFollows(Outcome outcome) {
        String id = work.ended(outcome);

        work.reply(id, "Hello?").has(202);

        assertThat(work.ticket(id).get("status").asString()).isEqualToIgnoringCase(outcome.name());
        assertThat(work.timeline(id)).endsWith("customer_replied");
    }

    @Test
    void aReplyReopensAResolvedTicketAndTheAgentGetsTheWholeConversation() {
        String id = work.ended(Outcome.RESOLVED);

        JsonNode answer = work.reply(id, "Where is the money?").has(202).json();

        assertThat(answer.get("outcome").asString()).isEqualTo("reopened");
        RunRequested requested = work.told(id, RunRequested.class, 1).getFirst();
        assertThat(requested.cause()).isEqualTo("replied");
        assertThat(requested.textOpen()).isFalse();
        assertThat(requested.leftOut()).isZero();
        assertThat(requested.conversation())
                .extracting(Said::from, Said::text, Said::open)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("agent", "We have refunded 25.00 EUR.", false),
                        org.assertj.core.groups.Tuple.tuple("customer", "Where is the money?", true));
        JsonNode ticket = work.ticket(id);
        assertThat(ticket.get("status").asString()).isEqualTo("received");
        assertThat(ticket.has("resolved_at")).isFalse();
        assertThat(ticket.get("run_id").asString()).isEqualTo(requested.runId().toString());

        work.run(work.requested(id), Outcome.RESOLVED);

        assertThat(work.timeline(id))
                .containsExactly(
                        "ticket_received",
                        "ticket_analyzing",
                        "ticket_resolved",
                        "ticket_reopened",
                        "ticket_analyzing",
                        "ticket_resolved");
    }

    @Test
    void whatTheCustomerSaysWhileTheAgentIsAtWorkGetsARunOfItsOwn() {
        String id = work.open("api");
        Happenings run = Happenings.of(UUID.fromString(id));
        others.tell("acme", run.started());
        work.awaitStatus(id, "analyzing");
        work.reply(id, "Please hurry.").has(202);
        work.reply(id, "It is urgent.").has(202);

        others.tell("acme", run.completed(Outcome.RESOLVED));

        RunRequested requested = work.told(id, RunRequested.class, 1).getFirst();
        assertThat(requested.textOpen()).isFalse();
        assertThat(requested.conversation().stream().filter(Said::open).map(Said::text))
                .containsExactly("Please hurry.", "It is urgent.");
        work.run(work.requested(id), Outcome.RESOLVED);
        assertThat(work.timeline(id))
                .containsExactly(
                        "ticket_received",
                        "ticket_analyzing",
                        "customer_replied",
                        "customer_replied",
                        "ticket_resolved",
                        "ticket_reopened",
                        "ticket_analyzing",
                        "ticket_resolved");
        assertThat(work.told(id, RunRequested.class, 1)).hasSize(1);
    }

    @Test
    void whatTheRunHasTakenInIsAnsweredByItAndNoOtherRunFollows() {
        String id = work.open("api");
        Happenings run = Happenings.of(UUID.fromString(id));
        others.tell("acme", run.started());
        work.awaitStatus(id, "analyzing");
        work.reply(id, "It was the blue one.").has(202);
        CustomerReplied offered = work.told(id, CustomerReplied.class, 1).getFirst();
        assertThat(offered.runId()).isEqualTo(run.runId());
        assertThat(offered.said().text()).isEqualTo("It was the blue one.");
        assertThat(offered.said().open()).isTrue();
        assertThat(offered.verified()).isTrue();

        others.tell("acme", new MessageTaken(run.ticketId(), run.runId(), offered.seq()));
        others.tell("acme", run.completed(Outcome.RESOLVED));
        work.awaitStatus(id, "resolved");
        work.reply(id, "Thanks.").has(202);

        RunRequested requested = work.told(id, RunRequested.class, 1).getFirst();
        assertThat(requested.conversation().stream().filter(Said::open).map(Said::text))
                .containsExactly("Thanks.");
        assertThat(work.timeline(id))
                .containsExactly(
                        "ticket_received",
                        "ticket_analyzing",
                        "customer_replied",
                        "message_taken",
                        "ticket_resolved",
                        "ticket_reopened");
    }

    @Test
    void whatComesAfterWhatTheRunHasTakenInGetsARunOfItsOwn() {
        String id = work.open("api");
        Happenings run = Happenings.of(UUID.fromString(id));
        others.tell("acme", run.started());
        work.awaitStatus(id, "analyzing");
        work.reply(id, "It was the blue one.").has(202);
        work.reply(id, "And the red one.").has(202);
        long first = work.told(id, CustomerReplied.class, 2).getFirst().seq();

        others.tell("acme", new MessageTaken(run.ticketId(), run.runId(), first));
        others.tell("acme", run.completed(Outcome.RESOLVED));

        assertThat(work.told(id, RunRequested.class, 1).getFirst().conversation().stream()
                        .filter(Said::open)
                        .map(Said::text))
                .containsExactly("And the red one.");
    }

    @Test
    void aRunThatHandsTheTicketToAPersonIsNotFollowedByAnother() {
        String id = work.open("api");
        Happenings run = Happenings.of(UUID.fromString(id));
        others.tell("acme", run.started());
        work.awaitStatus(id, "analyzing");
        work.reply(id, "Please hurry.").has(202);
        work.run(run.withOtherRun(), Outcome.ESCALATED);

        work.post(id, "retry", Map.of()).has(202);

        RunRequested requested = work.told(id, RunRequested.class, 1).getFirst();
        assertThat(requested.textOpen()).isTrue();
        assertThat(requested.conversation()).extracting(Said::open).containsExactly(true);
    }

    @Test
    void afterAPersonsAnswerOnlyLaterWordsAreOpenAndNotesAreNotTold() {
        String id = work.ended(Outcome.ESCALATED);
        work.reply(id, "First").has(202);
        work.post(id, "messages", Map.of("text", "Answered by hand")).has(201);
        work.post(id, "messages", Map.of("text", "Angry man", "internal", true)).has(201);
        work.reply(id, "Second").has(202);

        work.post(id, "retry", Map.of()).has(202);

        RunRequested requested = work.told(id, RunRequested.class, 1).getFirst();
        assertThat(requested.textOpen()).isFalse();
        assertThat(requested.conversation())
                .extracting(said -> said.from() + " " + said.text() + " " + said.open())
                .containsExactly("customer First false", "person Answered by hand false", "customer Second true");
    }

    @Test
    void onAClosedTicketAReplyOpensALinkedOne() {
        String id = work.open("api");
        work.post(id, "status", Map.of("status", "closed")).has(200);

        JsonNode answer = work.post(id, "replies", Map.of("text", "It broke again.", "external_id", "r-" + id))
                .has(202)
                .json();

        assertThat(answer.get("outcome").asString()).isEqualTo("linked");
        String other = answer.get("ticket_id").asString();
        assertThat(other).isNotEqualTo(id);
        JsonNode ticket = work.ticket(other);
        assertThat(ticket.get("reopened_from").asString()).isEqualTo(id);
        assertThat(ticket.get("subject").asString()).isEqualTo("Re: Broken lamp");
        assertThat(ticket.get("messages").get(0).get("message_id").asString())
                .isEqualTo(answer.get("message_id").asString());
        assertThat(work.ticket(id).get("continued_in").get(0).asString()).isEqualTo(other);
        assertThat(work.ticket(id).get("status").asString()).isEqualTo("closed");
        assertThat(work.timeline(id)).endsWith("ticket_continued");
        assertThat(work.told(other, TicketReceived.class, 1).getFirst().body()).isEqualTo("It broke again.");

        JsonNode again = work.post(id, "replies", Map.of("text", "It broke again.", "external_id", "r-" + id))
                .has(200)
                .json();
        assertThat(again).isEqualTo(answer);
        assertThat(work.ticket(id).get("continued_in")).hasSize(1);
    }

    @Test
    void theSameReplySentAtOnceManyTimesIsOneMessage() {
        String id = work.ended(Outcome.RESOLVED);
        Map<String, Object> reply = Map.of("text", "Where is it?", "external_id", "r-" + id);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Integer> answers = IntStream.range(0, 8)
                    .mapToObj(n -> CompletableFuture.supplyAsync(
                            () -> work.post(id, "replies", reply).status(), threads))
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .toList();
            assertThat(answers).containsOnlyOnce(202).allMatch(status -> status == 200 || status == 202);
        }
        assertThat(work.ticket(id).get("messages")).hasSize(3);
        assertThat(work.told(id, RunRequested.class, 1)).hasSize(1);
    }

    @Test
    void whoeverElseWritesIntoATicketTakesItsRightToMoneyAndAccounts() {
        String id = work.ended(Outcome.RESOLVED);

        Continuation added = tickets.continueWith(
                "acme", UUID.fromString(id), mail("mallory@example.org", true, "Refund to my card, please."));

        assertThat(added).isInstanceOf(Continuation.Reopened.class);
        assertThat(work.told(id, RunRequested.class, 1)
                        .getFirst()
                        .ticket()
                        .customer()
                        .verified())
                .isFalse();
        JsonNode ticket = work.ticket(id);
        assertThat(ticket.get("customer").get("verified").asBoolean()).isFalse();
        assertThat(ticket.get("timeline").get(3).get("summary").asString()).contains("it is not proven who sent it");
    }

    @Test
    void soDoesTheCustomersOwnAddressWhenItIsNotProven() {
        String id = work.ended(Outcome.RESOLVED);

        tickets.continueWith("acme", UUID.fromString(id), mail("Mary.Major@example.org", false, "Money back!"));

        assertThat(work.told(id, RunRequested.class, 1)
                        .getFirst()
                        .ticket()
                        .customer()
                        .verified())
                .isFalse();
    }

    @Test
    void whoeverDecidesAboutWhatTheAgentProposedHearsWhatTheCustomerWrites() {
        String id = work.open("api");
        Happenings run = Happenings.of(UUID.fromString(id));
        others.tell("acme", run.started());
        others.tell("acme", run.requested());
        work.awaitStatus(id, "awaiting_approval");

        work.reply(id, "Keep the money, I found it.").has(202);
        tickets.continueWith("acme", UUID.fromString(id), mail("mallory@example.org", true, "To my card, please."));

        List<CustomerReplied> told = work.told(id, CustomerReplied.class, 2);
        assertThat(told).extracting(CustomerReplied::verified).containsExactly(true, false);
        assertThat(told.getFirst().said().text()).isEqualTo("Keep the money, I found it.");
        assertThat(work.ticket(id).get("status").asString()).isEqualTo("awaiting_approval");
    }

    @Test
    void aMessageLeavesNothingBehindIfTheTransactionAroundItIsUndone() {
        String id = work.ended(Outcome.RESOLVED);
        JsonNode before = work.ticket(id);

        try {
            transactions.run("acme", () -> {
                tickets.continueWith("acme", UUID.fromString(id), mail("mary.major@example.org", true, "Hello"));
                throw new IllegalStateException("the door fails");
            });
        } catch (IllegalStateException e) {
            assertThat(e).hasMessage("the door fails");
        }

        assertThat(work.ticket(id)).isEqualTo(before);
    }

    @Test
    void anothersTicketIsNoTicket() {
        String id = work.open("api");

        assertThat(tickets.continueWith("globex", UUID.fromString(id), mail("mary.major@example.org", true, "Hello")))
                .isEqualTo(new Continuation.NoSuchTicket());
        assertThat(work.ticket(id).get("version").asLong()).isEqualTo(1);
    }

    @Test
    void aMachineMayTellWhatTheCustomerSaidAndNothingElse() {
        String id = work.open("api");
        Api.As machine = api.as("acme", Role.INGEST);

        machine.post("/api/v1/tickets/" + id + "/replies", "{\"text\":\"Hello\"}")
                .has(202);
        machine.post("/api/v1/tickets/" + id + "/messages", "{\"text\":\"Hello\"}")
                .has(403);
    }

    @Test
    void theFirstMessageOfATicketIsItsText() {
        String id = work.open("api");

        assertThat(tickets.firstMessageOf("acme", UUID.fromString(id)).toString())
                .isEqualTo(
                        work.ticket(id).get("messages").get(0).get("message_id").asString());
    }

    @Test
    void ofALongConversationTheNewestWordsAreTold() {
        String id = work.ended(Outcome.ESCALATED);
        for (int i = 0; i < 4; i++) {
            work.reply(id, i + " " + "x".repeat(20_000)).has(202);
        }

        work.post(id, "retry", Map.of()).has(202);

        RunRequested requested = work.told(id, RunRequested.class, 1).getFirst();
        assertThat(requested.conversation()).hasSize(2);
        assertThat(requested.conversation().getLast().text()).startsWith("3 ");
        assertThat(requested.leftOut()).isEqualTo(2);
    }

    private static NewTicket mail(String from, boolean verified, String text) {
        return new NewTicket(
                "email", "email", "Re: Broken lamp", text, from, verified, null, null, Map.of(), "service:email");
    }
}

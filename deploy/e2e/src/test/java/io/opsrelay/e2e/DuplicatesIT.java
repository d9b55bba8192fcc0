package io.opsrelay.e2e;

import static io.opsrelay.e2e.Steps.approve;
import static io.opsrelay.e2e.Steps.awaitPendingApproval;
import static io.opsrelay.e2e.Steps.awaitStatus;
import static io.opsrelay.e2e.Steps.decide;
import static io.opsrelay.e2e.Steps.events;
import static io.opsrelay.e2e.Steps.expectRefunds;
import static io.opsrelay.e2e.Steps.postRefundRequest;
import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.e2e.system.Answer;
import io.opsrelay.e2e.system.OpsRelay;
import io.opsrelay.e2e.system.Person;
import io.opsrelay.e2e.system.RunningSystem;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Whatever is sent twice has its effect once and the same answer. */
@RunningSystem
@Order(5)
class DuplicatesIT {

    private final OpsRelay opsRelay;
    private final Person agent;
    private final Person approver;

    DuplicatesIT(OpsRelay opsRelay) {
        this.opsRelay = opsRelay;
        this.agent = opsRelay.as("agent@acme.example");
        this.approver = opsRelay.as("approver@acme.example");
    }

    @Test
    void theSameExternalIdIsOneTicketHoweverOftenAndHoweverFastItIsPosted() throws Exception {
        Map<String, Object> ticket = new HashMap<>(Steps.ticket("A question", "How long do refunds take?"));
        ticket.put("external_id", "upstream-" + UUID.randomUUID());

        List<Answer> answers = atOnce(8, () -> agent.post("/api/v1/tickets", ticket));

        assertThat(answers).allSatisfy(answer -> assertThat(answer.status()).isIn(200, 202));
        assertThat(answers).extracting(Answer::status).containsOnlyOnce(202);
        assertThat(answers.stream().map(answer -> answer.text("ticket_id")).distinct())
                .hasSize(1);
        JsonNode stored = awaitStatus(agent, answers.getFirst().text("ticket_id"), "resolved");
        assertThat(events(stored)).containsOnlyOnce("ticket_received", "ticket_resolved");
    }

    @Test
    void theSameExternalIdOfAnotherClientIsAnotherTicket() {
        Map<String, Object> ticket = new HashMap<>(Steps.ticket("A question", "How long do refunds take?"));
        ticket.put("external_id", "upstream-" + UUID.randomUUID());

        String ours = agent.post("/api/v1/tickets", ticket).expect(202).text("ticket_id");
        String theirs = opsRelay.as("agent@globex.example")
                .post("/api/v1/tickets", ticket)
                .expect(202)
                .text("ticket_id");

        assertThat(theirs).isNotEqualTo(ours);
    }

    @Test
    void aDecisionSentManyTimesAtOnceIsExecutedOnce() throws Exception {
        String ticketId = postRefundRequest(agent, "A-1007");
        JsonNode approval = awaitPendingApproval(approver, ticketId);

        List<Answer> answers = atOnce(6, () -> approve(approver, approval));

        assertThat(answers).allSatisfy(answer -> answer.expect(200));
        awaitStatus(agent, ticketId, "resolved");
        approve(approver, approval).expect(200);
        decide(approver, approval, "reject", "changed my mind").expectProblem(409);
        approve(opsRelay.as("admin@acme.example"), approval).expectProblem(409);
        expectRefunds(opsRelay, "A-1007", "25.00");
    }

    private static <T> List<T> atOnce(int times, Callable<T> call) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> calls = threads.invokeAll(
                    IntStream.range(0, times).mapToObj(_ -> call).toList());
            return calls.stream().map(Future::resultNow).toList();
        }
    }
}

package io.opsrelay.e2e;

import static io.opsrelay.e2e.Steps.awaitStatus;
import static io.opsrelay.e2e.Steps.events;
import static io.opsrelay.e2e.Steps.postTicket;
import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.e2e.system.OpsRelay;
import io.opsrelay.e2e.system.Person;
import io.opsrelay.e2e.system.RunningSystem;
import io.opsrelay.e2e.system.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Simple questions are answered from the knowledge base, and nobody is troubled. */
@RunningSystem
@Order(2)
class QuestionIT {

    private final Person agent;

    QuestionIT(OpsRelay opsRelay) {
        this.agent = opsRelay.as("agent@acme.example");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "How long do refunds take?",
                "Wie lange dauert eine Rückerstattung?",
                "¿Cuánto tarda un reembolso?"
            })
    void aQuestionAboutRefundsIsAnsweredWithItsSourceAndWithoutAPerson(String question) {
        try (Stream stream = agent.stream("tickets")) {
            String ticketId = postTicket(agent, "A question", question);

            stream.awaitInOrder(
                    "tickets", ticketId, "ticket_received", "ticket_classified", "reply_drafted", "ticket_resolved");

            JsonNode ticket = awaitStatus(agent, ticketId, "resolved");
            assertThat(events(ticket)).doesNotContain("action_proposed", "approval_requested");
            assertThat(ticket.path("category").asString()).isNotEqualTo("refund_request");
            JsonNode draft = StreamSupport.stream(ticket.path("timeline").spliterator(), false)
                    .filter(entry -> entry.path("event").asString().equals("reply_drafted"))
                    .findFirst()
                    .orElseThrow();
            assertThat(draft.path("data").path("citations")).isNotEmpty();
            assertThat(draft.path("data")
                            .path("citations")
                            .path(0)
                            .path("article_id")
                            .asString())
                    .startsWith("refunds");
            assertThat(ticket.path("reply").asString()).isNotBlank();
        }
    }
}

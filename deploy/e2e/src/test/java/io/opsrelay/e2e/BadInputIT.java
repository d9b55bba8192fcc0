package io.opsrelay.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.e2e.system.Answer;
import io.opsrelay.e2e.system.OpsRelay;
import io.opsrelay.e2e.system.Person;
import io.opsrelay.e2e.system.RunningSystem;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be served is refused with the field and the reason, and changes nothing. */
@RunningSystem
@Order(6)
class BadInputIT {

    private static final String TICKETS = "/api/v1/tickets";
    private static final String JSON = "application/json";
    private static final int LIMIT = 1024 * 1024;

    private final OpsRelay opsRelay;
    private final Person agent;
    private String newestTicket = "";

    BadInputIT(OpsRelay opsRelay) {
        this.opsRelay = opsRelay;
        this.agent = opsRelay.as("agent@acme.example");
    }

    @BeforeEach
    void remembersTheNewestTicket() {
        newestTicket = readNewestTicket();
    }

    @AfterEach
    void nothingWasStored() {
        assertThat(readNewestTicket()).isEqualTo(newestTicket);
    }

    @Test
    void anUnknownFieldIsNamed() {
        Map<String, Object> ticket = new HashMap<>(Steps.ticket("Hello", "How long do refunds take?"));
        ticket.put("urgency", "very");
        agent.post(TICKETS, ticket).expectProblem(400, "urgency");
    }

    @ParameterizedTest
    @ValueSource(strings = {"subject", "body", "customer_email"})
    void aMissingFieldIsNamed(String field) {
        Map<String, Object> ticket = new HashMap<>(Steps.ticket("Hello", "How long do refunds take?"));
        ticket.remove(field);
        agent.post(TICKETS, ticket).expectProblem(422, field);
    }

    @Test
    void aValueThatIsNotAllowedIsNamed() {
        Map<String, Object> ticket = new HashMap<>(Steps.ticket("Hello", "How long do refunds take?"));
        ticket.put("priority", "whenever");
        agent.post(TICKETS, ticket).expectProblem(422, "priority");
        ticket.remove("priority");
        ticket.put("customer_email", "mary");
        agent.post(TICKETS, ticket).expectProblem(422, "customer_email");
    }

    @Test
    void aValueOfAnotherTypeIsNamed() {
        post("{\"subject\":{\"a\":1},\"body\":\"b\",\"customer_email\":\"" + Steps.MARY + "\"}")
                .expectProblem(400, "subject");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "\"text\"", "{\"subject\":\"a\",}", "{} {}"})
    void whatIsNoTicketInJsonIsRefused(String body) {
        Answer answer = post(body);
        assertThat(answer.status()).as(answer.text()).isIn(400, 422);
        answer.expectProblem(answer.status());
    }

    @Test
    void brokenUtf8IsRefused() {
        byte[] body = ("{\"subject\":\"Gr\u00fc\u00dfe\",\"body\":\"b\",\"customer_email\":\"" + Steps.MARY + "\"}")
                .getBytes(StandardCharsets.ISO_8859_1);
        agent.post(TICKETS, JSON, body).expectProblem(400);
    }

    @Test
    void aCharacterThatNoTextHoldsIsRefused() {
        assertThat(post("{\"subject\":\"a\",\"body\":\"a\\u0000b\",\"customer_email\":\"" + Steps.MARY + "\"}")
                        .status())
                .isIn(400, 422);
    }

    @Test
    void jsonDeeperThanFiftyIsRefused() {
        String body = "{\"metadata\":" + "{\"a\":".repeat(60) + "1" + "}".repeat(60) + "}";
        post(body).expectProblem(400);
        String array = "{\"decision\":\"edit\",\"reason\":\"r\",\"arguments\":{\"a\":" + "[".repeat(60) + "]".repeat(60)
                + "}}";
        opsRelay.as("approver@acme.example")
                .post(
                        "/api/v1/approvals/01890000-0000-7000-8000-000000000000/decide",
                        JSON,
                        array.getBytes(StandardCharsets.UTF_8))
                .expectProblem(400);
    }

    @Test
    void aBodyOverOneMebibyteIsRefusedWhetherItsLengthIsAnnouncedOrNot() {
        byte[] body = new byte[LIMIT + 1];
        Arrays.fill(body, (byte) ' ');
        agent.post(TICKETS, JSON, body).expectProblem(413);
        agent.postChunked(TICKETS, body).expectProblem(413);
    }

    @Test
    void anotherMediaTypeIsRefused() {
        agent.post(TICKETS, "text/plain", "hello".getBytes(StandardCharsets.UTF_8))
                .expectProblem(415);
        agent.post(TICKETS, "application/xml", "<a/>".getBytes(StandardCharsets.UTF_8))
                .expectProblem(415);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/nothing", "/api/v2/tickets", "/api/v1/tickets/not-an-id", "/api/v1/approvals/1"})
    void whatIsNotThereIsNotFound(String path) {
        agent.get(path).expectProblem(404);
    }

    @Test
    void aMethodThatARouteDoesNotHaveIsRefused() {
        agent.delete(TICKETS).expectProblem(405);
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=1000000", "limit=many", "cursor=%00", "cursor=nonsense", "sort=subject"})
    void aListParameterThatIsNotUnderstoodIsNamed(String parameter) {
        for (String list : new String[] {TICKETS, "/api/v1/approvals", "/api/v1/actions"}) {
            agent.get(list + "?" + parameter).expectProblem(400, parameter.substring(0, parameter.indexOf('=')));
        }
    }

    @Test
    void anUnknownDecisionIsRefused() {
        opsRelay.as("approver@acme.example")
                .post(
                        "/api/v1/approvals/01890000-0000-7000-8000-000000000000/decide",
                        Map.of("decision", "maybe", "reason", "r"))
                .expectProblem(400, "decision");
    }

    private Answer post(String body) {
        return agent.post(TICKETS, JSON, body.getBytes(StandardCharsets.UTF_8));
    }

    private String readNewestTicket() {
        return agent.get(TICKETS + "?limit=1")
                .expect(200)
                .json()
                .path("items")
                .path(0)
                .path("ticket_id")
                .asString("");
    }
}

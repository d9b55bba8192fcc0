package io.opsrelay.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.e2e.system.Answer;
import io.opsrelay.e2e.system.OpsRelay;
import io.opsrelay.e2e.system.Person;
import io.opsrelay.e2e.system.RunningSystem;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may call what. Ids are unknown ones, so that who gets through is answered 404 and changes nothing. */
@RunningSystem
@Order(4)
class RolesIT {

    private static final List<String> ROLES =
            List.of("viewer", "agent", "approver", "sre", "admin", "ingest", "operator");
    private static final Set<String> READERS = Set.of("viewer", "agent", "approver", "sre", "admin");
    private static final String UNKNOWN = "01890000-0000-7000-8000-000000000000";

    /** One line of the table. */
    private record Route(String method, String path, Set<String> allowed, int answer) {
        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    static final List<Route> ROUTES = List.of(
            new Route("GET", "/api/v1/tickets", READERS, 200),
            new Route("GET", "/api/v1/tickets/" + UNKNOWN, READERS, 404),
            new Route("POST", "/api/v1/tickets", Set.of("agent", "admin", "ingest"), 202),
            new Route("GET", "/api/v1/approvals", READERS, 200),
            new Route("GET", "/api/v1/approvals/waiting", READERS, 200),
            new Route("GET", "/api/v1/approvals/" + UNKNOWN, READERS, 404),
            new Route("POST", "/api/v1/approvals/" + UNKNOWN + "/decide", Set.of("approver", "sre", "admin"), 404),
            new Route("GET", "/api/v1/webhooks", Set.of("admin"), 200),
            new Route("GET", "/api/v1/webhooks/" + UNKNOWN, Set.of("admin"), 404),
            new Route("GET", "/api/v1/webhooks/" + UNKNOWN + "/deliveries", Set.of("admin"), 404),
            new Route("GET", "/api/v1/notifications/settings", Set.of("admin"), 200),
            new Route("GET", "/api/v1/notifications/emails", Set.of("admin"), 200),
            new Route("GET", "/api/v1/actions", READERS, 200),
            new Route("GET", "/api/v1/actions/" + UNKNOWN, READERS, 404),
            new Route("GET", "/api/v1/approvals/audit", Set.of("admin"), 200),
            new Route("GET", "/api/v1/actions/audit", Set.of("admin"), 200),
            new Route("GET", "/api/v1/users", Set.of("admin", "operator"), 200),
            new Route("GET", "/api/v1/sandbox/payments?order_id=A-1019", Set.of("admin"), 200));

    private final OpsRelay opsRelay;

    RolesIT(OpsRelay opsRelay) {
        this.opsRelay = opsRelay;
    }

    @ParameterizedTest
    @FieldSource("ROUTES")
    void aRouteIsOpenToItsRolesAndToNobodyElse(Route route) {
        SoftAssertions softly = new SoftAssertions();
        for (String role : ROLES) {
            Answer answer = call(route, person(role));
            int expected = route.allowed().contains(role) ? route.answer() : 403;
            softly.assertThat(answer.status())
                    .as("%s: %s", answer.request(), answer.text())
                    .isEqualTo(expected);
            if (expected == 403 && answer.status() == 403) {
                softly.assertThatCode(() -> answer.expectProblem(403)).doesNotThrowAnyException();
            }
        }
        softly.assertThatCode(() -> call(route, opsRelay.nobody()).expectProblem(401))
                .doesNotThrowAnyException();
        softly.assertAll();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingest@acme.example", "operator@opsrelay.example"})
    void whoReadsNothingSubscribesToNothing(String user) {
        try (var stream = opsRelay.as(user).stream()) {
            stream.send(Map.of("type", "subscribe", "id", "1", "data", Map.of("channel", "tickets")));
            assertThat(stream.awaitMessage("error").path("data").path("code").asString())
                    .isEqualTo("forbidden_channel");
        }
    }

    @Test
    void aTokenThatIsNoneIsRefusedAndSaysSo() {
        opsRelay.nobody().getWithToken("/api/v1/tickets", "e30.e30.e30").expectProblem(401);
    }

    @Test
    void aTokenWhoseSignatureWasTouchedIsRefused() {
        String token = opsRelay.as("admin@acme.example").accessToken();
        int middle = token.lastIndexOf('.') + 10;
        char other = token.charAt(middle) == 'A' ? 'B' : 'A';
        String forged = token.substring(0, middle) + other + token.substring(middle + 1);

        opsRelay.nobody().getWithToken("/api/v1/tickets", forged).expectProblem(401);
    }

    @Test
    void aWrongPasswordIsRefused() {
        opsRelay.nobody()
                .post("/api/v1/auth/token", Map.of("username", "viewer@acme.example", "password", "wrong"))
                .expectProblem(401);
    }

    private Person person(String role) {
        return opsRelay.as(role.equals("operator") ? "operator@opsrelay.example" : role + "@acme.example");
    }

    private static Answer call(Route route, Person person) {
        if (route.method().equals("GET")) {
            return person.get(route.path());
        }
        return person.post(
                route.path(),
                route.path().endsWith("/decide")
                        ? Map.of("decision", "approve", "reason", "looks right")
                        : Steps.ticket("A question", "How long do refunds take?"));
    }
}

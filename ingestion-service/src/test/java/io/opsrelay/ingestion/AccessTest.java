package io.opsrelay.ingestion;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.security.Role;
import io.opsrelay.testing.RowSecurityKit;
import io.opsrelay.testing.TestDatabase;
import io.opsrelay.testing.TestTokens;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Two clients, every route, every role. */
@IngestionServiceTest
class AccessTest {

    private static final String GOOD =
            "{\"subject\":\"s\",\"body\":\"b\",\"customer_email\":\"mary.major@example.org\"}";
    private static final Set<Role> READERS = EnumSet.of(Role.VIEWER, Role.AGENT, Role.APPROVER, Role.SRE, Role.ADMIN);
    private static final Map<String, Set<Role>> ALLOWED = Map.of(
            "GET /api/v1/tickets", READERS,
            "GET /api/v1/tickets/{id}", READERS,
            "POST /api/v1/tickets", EnumSet.of(Role.AGENT, Role.ADMIN, Role.INGEST));

    @Autowired
    Api api;

    @Autowired
    TestDatabase database;

    @Autowired
    ApplicationContext context;

    @Test
    void theTableKnowsEveryRoute() {
        Stream<String> routes = context
                .getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .entrySet()
                .stream()
                .filter(route -> route.getValue().getBeanType().getName().startsWith("io.opsrelay."))
                .flatMap(route -> route.getKey().getMethodsCondition().getMethods().stream()
                        .flatMap(method ->
                                route.getKey().getPatternValues().stream().map(path -> method + " " + path)));

        assertThat(routes).containsExactlyInAnyOrderElementsOf(ALLOWED.keySet());
    }

    static Stream<Arguments> routesAndRoles() {
        return ALLOWED.keySet().stream().sorted().flatMap(route -> Arrays.stream(Role.values())
                .filter(role -> role != Role.OPERATOR)
                .map(role -> Arguments.of(route, role)));
    }

    @ParameterizedTest(name = "{0} as {1}")
    @MethodSource("routesAndRoles")
    void aRoleMayWhatTheTableSaysInItsOwnClientOnly(String route, Role role) {
        String own = api.as("acme", Role.AGENT).ticket("Own");
        String foreign = api.as("globex", Role.AGENT).ticket("Foreign");
        boolean allowed = ALLOWED.get(route).contains(role);
        Api.As caller = api.as("acme", role);

        switch (route) {
            case "GET /api/v1/tickets" -> {
                Api.Answer answer = caller.get("/api/v1/tickets?limit=200").has(allowed ? 200 : 403);
                assertThat(answer.text()).doesNotContain(foreign);
            }
            case "GET /api/v1/tickets/{id}" -> {
                caller.get("/api/v1/tickets/" + own).has(allowed ? 200 : 403);
                caller.get("/api/v1/tickets/" + foreign).has(allowed ? 404 : 403);
            }
            case "POST /api/v1/tickets" -> caller.post("/api/v1/tickets", GOOD).has(allowed ? 202 : 403);
            default -> throw new IllegalArgumentException(route);
        }
    }

    @Test
    void anothersTicketAndNoTicketAnswerTheSame() {
        String foreign = api.as("globex", Role.AGENT).ticket("Foreign");
        String none = UUID.randomUUID().toString();

        api.as("acme", Role.ADMIN)
                .get("/api/v1/tickets/" + foreign)
                .isProblem(
                        404,
                        "{\"title\":\"Not Found\",\"status\":404,\"detail\":\"there is no ticket " + foreign + "\"}");
        api.as("acme", Role.ADMIN)
                .get("/api/v1/tickets/" + none)
                .isProblem(
                        404, "{\"title\":\"Not Found\",\"status\":404,\"detail\":\"there is no ticket " + none + "\"}");
        api.as("acme", Role.ADMIN).get("/api/v1/tickets/not-an-id").has(404);
    }

    @Test
    void anOperatorHasNoTickets() {
        Api.As operator = api.asOperator();

        operator.get("/api/v1/tickets").has(403);
        operator.get("/api/v1/tickets/" + UUID.randomUUID()).has(403);
        operator.post("/api/v1/tickets", GOOD).has(403);
    }

    @Test
    void nobodyGetsIn() {
        api.asNobody().get("/api/v1/tickets").has(401);
        api.asNobody().post("/api/v1/tickets", GOOD).has(401);
        api.with("Bearer " + TestTokens.token("acme", "x@acme.example", Role.ADMIN) + "x")
                .get("/api/v1/tickets")
                .has(401);
    }

    @Test
    void otherMethodsAndPathsAreToldSo() {
        api.as("acme", Role.ADMIN).send("DELETE", "/api/v1/tickets").has(405);
        api.as("acme", Role.ADMIN).get("/api/v1/nothing").has(404);
    }

    @Test
    void theDatabaseItselfKeepsClientsApart() {
        RowSecurityKit.of(database)
                .except("outbox", "append-only for the service's role; the relay's role sends for all clients")
                .except("job", "ids only; workers claim jobs of all clients, then enter the client")
                .verify();
    }
}

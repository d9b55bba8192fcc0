package io.opsrelay.ingestion;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.security.Role;
import io.opsrelay.security.SelfAuthenticated;
import io.opsrelay.testing.RowSecurityKit;
import io.opsrelay.testing.TestDatabase;
import io.opsrelay.testing.TestTokens;
import java.net.http.HttpRequest;
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
    private static final Set<Role> DESK = EnumSet.of(Role.AGENT, Role.ADMIN);
    private static final Set<Role> ADMINS = EnumSet.of(Role.ADMIN);

    private static final Set<Role> NOBODY = EnumSet.noneOf(Role.class);
    private static final Set<Role> INTAKE = EnumSet.of(Role.AGENT, Role.ADMIN, Role.INGEST);

    /** What is sent to the routes that change one ticket. */
    private static final Map<String, String> CHANGES = Map.ofEntries(
            Map.entry("POST /api/v1/tickets/{id}/status", "{\"status\":\"escalated\"}"),
            Map.entry("POST /api/v1/tickets/{id}/retry", "{}"),
            Map.entry("POST /api/v1/tickets/{id}/merge", "{\"into\":\"%s\"}"),
            Map.entry("PUT /api/v1/tickets/{id}/tags", "{\"tags\":[\"lamp\"]}"),
            Map.entry("PUT /api/v1/tickets/{id}/priority", "{\"priority\":\"high\"}"),
            Map.entry("PUT /api/v1/tickets/{id}/category", "{\"category\":\"delivery\"}"),
            Map.entry("PUT /api/v1/tickets/{id}/language", "{\"language\":\"de\"}"),
            Map.entry("PUT /api/v1/tickets/{id}/sentiment", "{\"sentiment\":\"negative\"}"),
            Map.entry("PUT /api/v1/tickets/{id}/assignee", "{\"assignee\":null}"),
            Map.entry("POST /api/v1/tickets/{id}/messages", "{\"text\":\"Hello\"}"),
            Map.entry("POST /api/v1/tickets/{id}/replies", "{\"text\":\"Hello\"}"));

    private static final Map<String, Set<Role>> ALLOWED = Map.ofEntries(
            Map.entry("GET /api/v1/channels", ADMINS),
            Map.entry("POST /api/v1/channels", ADMINS),
            Map.entry("GET /api/v1/channels/{id}", ADMINS),
            Map.entry("PUT /api/v1/channels/{id}", ADMINS),
            Map.entry("DELETE /api/v1/channels/{id}", ADMINS),
            Map.entry("POST /api/v1/channels/{id}/secrets/{secret}/rotate", ADMINS),
            Map.entry("GET /api/v1/canned-replies", READERS),
            Map.entry("POST /api/v1/canned-replies", ADMINS),
            Map.entry("GET /api/v1/canned-replies/{id}", READERS),
            Map.entry("PUT /api/v1/canned-replies/{id}", ADMINS),
            Map.entry("DELETE /api/v1/canned-replies/{id}", ADMINS),
            Map.entry("GET /api/v1/clients", NOBODY),
            Map.entry("GET /api/v1/clients/{id}", NOBODY),
            Map.entry("GET /api/v1/mails/filed", DESK),
            Map.entry("GET /api/v1/mails/filed/{id}", DESK),
            Map.entry("GET /api/v1/mails/filed/{id}/original", DESK),
            Map.entry("POST /api/v1/mails/filed/{id}/accept", DESK),
            Map.entry("GET /api/v1/mails/mailboxes", ADMINS),
            Map.entry("GET /api/v1/dashboard", READERS),
            Map.entry("GET /api/v1/dashboard/stats", READERS),
            Map.entry("GET /api/v1/dashboard/history", READERS),
            Map.entry("GET /api/dashboard/metrics", READERS),
            Map.entry("POST /api/v1/dashboard/rebuild", ADMINS),
            Map.entry("GET /api/v1/dashboard/rebuild", ADMINS),
            Map.entry("GET /api/v1/dead-letters", ADMINS),
            Map.entry("GET /api/v1/dead-letters/{id}", ADMINS),
            Map.entry("POST /api/v1/dead-letters/replay", ADMINS),
            Map.entry("POST /api/v1/dead-letters/{id}/replay", ADMINS),
            Map.entry("POST /api/v1/dead-letters/{id}/discard", ADMINS),
            Map.entry("GET /api/v1/tickets", READERS),
            Map.entry("GET /api/v1/tickets/{id}", READERS),
            Map.entry("GET /api/v1/tickets/{id}/timeline", READERS),
            Map.entry("GET /api/v1/tickets/{id}/messages", READERS),
            Map.entry("GET /api/v1/tickets/{id}/messages/{message_id}/html", READERS),
            Map.entry("GET /api/v1/tickets/{id}/messages/{message_id}/original", DESK),
            Map.entry("GET /api/v1/tickets/export", READERS),
            Map.entry("POST /api/v1/tickets", INTAKE),
            Map.entry("POST /api/v1/tickets/bulk", INTAKE),
            Map.entry("POST /api/tickets/process", INTAKE),
            Map.entry("POST /api/v1/tickets/{id}/status", DESK),
            Map.entry("POST /api/v1/tickets/{id}/retry", DESK),
            Map.entry("POST /api/v1/tickets/{id}/merge", DESK),
            Map.entry("PUT /api/v1/tickets/{id}/tags", DESK),
            Map.entry("PUT /api/v1/tickets/{id}/priority", DESK),
            Map.entry("PUT /api/v1/tickets/{id}/category", DESK),
            Map.entry("PUT /api/v1/tickets/{id}/language", DESK),
            Map.entry("PUT /api/v1/tickets/{id}/sentiment", DESK),
            Map.entry("PUT /api/v1/tickets/{id}/assignee", DESK),
            Map.entry("POST /api/v1/tickets/{id}/messages", DESK),
            Map.entry("POST /api/v1/tickets/{id}/replies", INTAKE),
            Map.entry("POST /api/v1/tickets/{id}/attachments", INTAKE),
            Map.entry("GET /api/v1/tickets/{id}/attachments", READERS),
            Map.entry("GET /api/v1/tickets/{id}/attachments/{fileId}", READERS),
            Map.entry("GET /api/v1/tickets/audit", ADMINS),
            Map.entry("GET /api/v1/tickets/audit/export", ADMINS),
            Map.entry("GET /api/v1/customers", READERS),
            Map.entry("GET /api/v1/customers/{id}", READERS),
            Map.entry("PATCH /api/v1/customers/{id}", DESK),
            Map.entry("POST /api/v1/customers/{id}/block", DESK),
            Map.entry("POST /api/v1/customers/{id}/unblock", DESK),
            Map.entry("POST /api/v1/customers/{id}/identities", DESK),
            Map.entry("POST /api/v1/customers/{id}/merge", DESK),
            Map.entry("GET /api/v1/customers/{id}/notes", READERS),
            Map.entry("POST /api/v1/customers/{id}/notes", DESK),
            Map.entry("POST /api/v1/customers/{id}/export", ADMINS),
            Map.entry("GET /api/v1/customers/{id}/exports/{exportId}", ADMINS),
            Map.entry("GET /api/v1/customers/{id}/exports/{exportId}/content", ADMINS),
            Map.entry("POST /api/v1/customers/{id}/erase", ADMINS),
            Map.entry("GET /api/v1/customers/{id}/erasure", ADMINS),
            Map.entry("GET /api/v1/tickets/{id}/emails", READERS),
            Map.entry("POST /api/v1/tickets/{id}/emails/{message_id}/retry", DESK),
            Map.entry("GET /api/v1/mail-suppressions", DESK),
            Map.entry("DELETE /api/v1/mail-suppressions/{email}", ADMINS),
            Map.entry("GET /api/v1/local-mailbox", READERS),
            Map.entry("POST /api/v1/connectors/zendesk/runs", DESK),
            Map.entry("GET /api/v1/connectors/zendesk/runs", DESK),
            Map.entry("GET /api/v1/connectors/zendesk/runs/{id}", DESK),
            // Operators only, who have no client.
            Map.entry("POST /api/v1/clients", NOBODY));

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
                // These take no token; how each of them knows its caller is tested with it.
                .filter(route -> route.getValue().getMethodAnnotation(SelfAuthenticated.class) == null)
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
            case "GET /api/v1/tickets/{id}/timeline", "GET /api/v1/tickets/{id}/messages" -> {
                String part = route.substring(route.lastIndexOf('/'));
                caller.get("/api/v1/tickets/" + own + part).has(allowed ? 200 : 403);
                caller.get("/api/v1/tickets/" + foreign + part).has(allowed ? 404 : 403);
            }
            case "GET /api/v1/tickets/export" -> {
                Api.Answer answer = caller.get("/api/v1/tickets/export").has(allowed ? 200 : 403);
                assertThat(answer.text()).doesNotContain(foreign);
            }
            case "POST /api/v1/tickets/bulk" ->
                caller.post(
                                "/api/v1/tickets/bulk",
                                HttpRequest.BodyPublishers.ofString(GOOD),
                                "application/x-ndjson",
                                Map.of())
                        .has(allowed ? 200 : 403);
            case "POST /api/tickets/process" ->
                caller.post("/api/tickets/process", "{\"description\":\"d\"}").has(allowed ? 200 : 403);
            case "POST /api/v1/tickets" -> caller.post("/api/v1/tickets", GOOD).has(allowed ? 202 : 403);
            case "DELETE /api/v1/mail-suppressions/{email}" ->
                caller.send("DELETE", "/api/v1/mail-suppressions/nobody@example.org")
                        .has(allowed ? 404 : 403);
            // There is none where mails go out into the world.
            case "GET /api/v1/local-mailbox" ->
                caller.get("/api/v1/local-mailbox").has(allowed ? 404 : 403);
            // With an account there: ZendeskRunTest.
            case "POST /api/v1/connectors/zendesk/runs" ->
                caller.post("/api/v1/connectors/zendesk/runs", "{\"limit\":0}").has(allowed ? 422 : 403);
            case "POST /api/v1/channels" ->
                caller.post("/api/v1/channels", "{}").has(allowed ? 422 : 403);
            // With replies there: CannedReplyTest.
            case "POST /api/v1/canned-replies" ->
                caller.post("/api/v1/canned-replies", "{}").has(allowed ? 422 : 403);
            // With letters there: DeadLetterTest.
            case "GET /api/v1/dead-letters" ->
                caller.get("/api/v1/dead-letters").has(allowed ? 200 : 403);
            case "GET /api/v1/dead-letters/{id}" ->
                caller.get("/api/v1/dead-letters/" + UUID.randomUUID()).has(allowed ? 404 : 403);
            case "POST /api/v1/dead-letters/replay" ->
                caller.post("/api/v1/dead-letters/replay", "{}").has(allowed ? 202 : 403);
            case "POST /api/v1/dead-letters/{id}/replay" ->
                caller.post("/api/v1/dead-letters/" + UUID.randomUUID() + "/replay", "{}")
                        .has(allowed ? 404 : 403);
            case "POST /api/v1/dead-letters/{id}/discard" ->
                caller.post("/api/v1/dead-letters/" + UUID.randomUUID() + "/discard", "{\"reason\":\"r\"}")
                        .has(allowed ? 404 : 403);
            // What these count of another client: DashboardTest.
            case "GET /api/v1/dashboard",
                    "GET /api/v1/dashboard/stats",
                    "GET /api/v1/dashboard/history",
                    "GET /api/dashboard/metrics" ->
                caller.get(route.substring("GET ".length())).has(allowed ? 200 : 403);
            case "POST /api/v1/dashboard/rebuild" ->
                caller.post("/api/v1/dashboard/rebuild", "").has(allowed ? 202 : 403);
            case "GET /api/v1/dashboard/rebuild" -> {
                api.as("acme", Role.ADMIN).post("/api/v1/dashboard/rebuild", "").has(202);
                caller.get("/api/v1/dashboard/rebuild").has(allowed ? 200 : 403);
            }
            // Of what is below a ticket or a customer, what the foreign one's owner has is not there for this client.
            default -> {
                if (CHANGES.containsKey(route)) {
                    changes(caller, route, own, foreign, allowed);
                    return;
                }
                String path = route.substring(route.indexOf(' ') + 1);
                String method = route.substring(0, route.indexOf(' '));
                path = path.replace("{id}", foreign).replaceAll("\\{\\w+}", foreign);
                Api.Answer answer =
                        switch (method) {
                            case "POST" -> caller.post(path, "{}");
                            case "PUT" -> caller.put(path, "{}", Map.of());
                            case "PATCH" -> caller.patch(path, "{}");
                            default -> caller.send(method, path);
                        };
                int status = answer.status();
                if (!allowed) {
                    assertThat(status).isEqualTo(403);
                } else if (path.contains(foreign) || !method.equals("GET")) {
                    assertThat(status).isIn(400, 404, 422, 428);
                } else {
                    assertThat(status).isEqualTo(200);
                }
            }
        }
    }

    private void changes(Api.As caller, String route, String own, String foreign, boolean allowed) {
        String body =
                CHANGES.get(route).replace("%s", api.as("acme", Role.AGENT).ticket("Target"));
        String before =
                api.as("globex", Role.VIEWER).get("/api/v1/tickets/" + foreign).text();

        // A new ticket is not one to be retried; that it is told so shows that the caller came through.
        int good = route.endsWith("/retry")
                ? 409
                : route.endsWith("/messages") ? 201 : route.endsWith("/replies") ? 202 : 200;
        change(caller, route, own, body).has(allowed ? good : 403);
        change(caller, route, foreign, body).has(allowed ? 404 : 403);

        assertThat(api.as("globex", Role.VIEWER)
                        .get("/api/v1/tickets/" + foreign)
                        .text())
                .isEqualTo(before);
    }

    private static Api.Answer change(Api.As caller, String route, String id, String body) {
        String path = route.substring(route.indexOf(' ') + 1).replace("{id}", id);
        return route.startsWith("PUT") ? caller.put(path, body, Map.of()) : caller.post(path, body);
    }

    @Test
    void aTicketIsNotMergedIntoAnothersClientsTicket() {
        String own = api.as("acme", Role.AGENT).ticket("Own");
        String foreign = api.as("globex", Role.AGENT).ticket("Foreign");

        api.as("acme", Role.ADMIN)
                .post("/api/v1/tickets/" + own + "/merge", "{\"into\":\"" + foreign + "\"}")
                .isProblem(422, "Unprocessable Content", "into", "is no ticket of this client");
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
                .except("client", "operators see all of them; it holds nothing of customers")
                .except("channel_owner", "ids only, for who comes in without saying whose they are")
                .except("channel_address", "addresses only, for who comes in without saying whose they are")
                .except("ticket_search", "no right for the service's role at all; two functions ask for the client")
                .except("step_waiting", "ids only; who counts looks for clients with work, then enters the client")
                .except("figure_owed", "ids of clients only, for the same reason")
                .except("client", "operators provision all of them; nothing in it is a customer's")
                .except("channel_owner", "ids only; doors look the client up by what a sender names, then enter it")
                .except("channel_address", "addresses of the clients' own channels, for the same reason")
                .except("job", "ids only; workers claim jobs of all clients, then enter the client")
                .verify();
    }
}

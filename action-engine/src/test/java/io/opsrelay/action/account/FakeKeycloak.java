package io.opsrelay.action.account;

import io.opsrelay.action.remote.FakeServer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/** Token endpoint and admin REST API of a realm named shop, as Keycloak 26 answers them. */
public final class FakeKeycloak extends FakeServer {

    public static final String SECRET = "secret of the service account";

    private static final String ADMIN = "/admin/realms/shop";

    private final Map<String, Map<String, Object>> users = new LinkedHashMap<>();
    private final List<Map<String, Object>> events = new ArrayList<>();
    private final List<String> links = new ArrayList<>();
    private final List<String> tokens = new ArrayList<>();
    private int tokenSeconds = 300;
    private int issued;
    private long eventTime = 1_790_000_000_000L;
    private boolean keepsEvents = true;

    /** A user; answers its id. */
    public synchronized String user(String email, boolean enabled, boolean verified) {
        String id = UUID.randomUUID().toString();
        Map<String, Object> user = new HashMap<>();
        user.put("id", id);
        user.put("username", email);
        user.put("email", email);
        user.put("enabled", enabled);
        user.put("emailVerified", verified);
        users.put(id, user);
        return id;
    }

    public synchronized void change(String id, String name, Object value) {
        users.get(id).put(name, value);
    }

    /** Tokens that were issued are not accepted any more. */
    public synchronized void revokeTokens() {
        tokens.clear();
    }

    public synchronized void tokenLifetime(int seconds) {
        tokenSeconds = seconds;
    }

    public synchronized void keepNoEvents() {
        keepsEvents = false;
    }

    /** How many tokens were issued. */
    public synchronized int issued() {
        return issued;
    }

    /** Ids of the users to whom an e-mail was sent. */
    public synchronized List<String> links() {
        return List.copyOf(links);
    }

    @Override
    protected boolean acts(Asked asked) {
        return asked.method().equals("PUT");
    }

    @Override
    protected synchronized Told answer(Asked asked) {
        if (asked.path().equals("/realms/shop/protocol/openid-connect/token")) {
            return token(asked);
        }
        String bearer = asked.header("authorization");
        if (!bearer.startsWith("Bearer ") || !tokens.contains(bearer.substring("Bearer ".length()))) {
            return Told.json(401, Map.of("error", "HTTP 401 Unauthorized"));
        }
        if (asked.path().equals(ADMIN + "/users")) {
            return found(asked);
        }
        if (asked.path().equals(ADMIN + "/admin-events")) {
            return events(asked);
        }
        if (asked.path().equals(ADMIN + "/events/config")) {
            return Told.json(200, Map.of("eventsEnabled", false, "adminEventsEnabled", keepsEvents));
        }
        String id = asked.path().substring((ADMIN + "/users/").length()).replaceAll("/.*", "");
        Map<String, Object> user = users.get(id);
        if (user == null) {
            return Told.json(404, Map.of("error", "User not found"));
        }
        return asked.path().endsWith("/execute-actions-email") ? email(asked, id) : Told.json(200, user);
    }

    private Told token(Asked asked) {
        Map<String, String> form = query(asked.body());
        if (!asked.header("content-type").startsWith("application/x-www-form-urlencoded")
                || !"client_credentials".equals(form.get("grant_type"))
                || !"opsrelay".equals(form.get("client_id"))
                || !SECRET.equals(form.get("client_secret").replace('+', ' '))) {
            return Told.json(401, Map.of("error", "unauthorized_client"));
        }
        String token = "token-" + ++issued;
        tokens.add(token);
        return Told.json(
                200, Map.of("access_token", token, "expires_in", tokenSeconds, "token_type", "Bearer", "scope", ""));
    }

    private Told found(Asked asked) {
        String email = asked.query().getOrDefault("email", "").toLowerCase(Locale.ROOT);
        boolean exact = "true".equals(asked.query().get("exact"));
        return Told.json(
                200,
                users.values().stream()
                        .filter(user -> {
                            String address = String.valueOf(user.get("email")).toLowerCase(Locale.ROOT);
                            return exact ? address.equals(email) : address.contains(email);
                        })
                        .limit(Integer.parseInt(asked.query().getOrDefault("max", "100")))
                        .toList());
    }

    private Told events(Asked asked) {
        return Told.json(
                200,
                events.stream()
                        .filter(event ->
                                event.get("resourcePath").equals(asked.query().get("resourcePath"))
                                        && event.get("operationType")
                                                .equals(asked.query().get("operationTypes")))
                        .sorted(Comparator.comparing(
                                (Map<String, Object> event) -> (Long) event.get("time"), Comparator.reverseOrder()))
                        .limit(Integer.parseInt(asked.query().getOrDefault("max", "100")))
                        .toList());
    }

    private Told email(Asked asked, String id) {
        if (!asked.body().equals("[\"UPDATE_PASSWORD\"]") || !asked.query().containsKey("lifespan")) {
            return Told.json(400, Map.of("errorMessage", "Provided invalid required actions"));
        }
        links.add(id);
        if (keepsEvents) {
            eventTime += 1_000;
            events.add(Map.of(
                    "time",
                    eventTime,
                    "operationType",
                    "ACTION",
                    "resourceType",
                    "USER",
                    "resourcePath",
                    "users/" + id + "/execute-actions-email"));
        }
        return Told.nothing(204);
    }
}

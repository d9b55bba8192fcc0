package io.opsrelay.action.account;

import io.opsrelay.action.account.AccountProperties.Keycloak;
import io.opsrelay.action.catalogue.Answer;
import io.opsrelay.action.remote.Addresses;
import io.opsrelay.action.remote.NoReplyException;
import io.opsrelay.action.remote.RemoteSystem;
import io.opsrelay.action.remote.Reply;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/**
 * Accounts in a realm of Keycloak, by its admin REST API. Keycloak keeps no key of a call. It writes an admin event once it
 * has sent the e-mail: what came of a call is told by the events of that account since the newest one before it, all in
 * Keycloak's own time.
 */
final class KeycloakAccounts implements AccountProvider {

    static final String NAME = "keycloak";

    private static final int UNAUTHORIZED = 401;
    private static final int NOT_FOUND = 404;
    private static final byte[] UPDATE_PASSWORD = RemoteSystem.json(List.of("UPDATE_PASSWORD"));
    private static final byte[] NOTHING = {};

    private final Keycloak settings;
    private final RemoteSystem system;
    private final AdminToken token;
    private final Clock clock;
    private final String realm;

    KeycloakAccounts(Keycloak settings, RemoteSystem system, Clock clock) {
        this.settings = settings;
        this.system = system;
        this.token = new AdminToken(settings, system, clock);
        this.clock = clock;
        this.realm = settings.url().replaceAll("/+$", "") + "/admin/realms/" + Addresses.encoded(settings.realm());
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String place() {
        return URI.create(settings.url()).getAuthority() + "/" + settings.realm();
    }

    @Override
    public Duration settle() {
        return settings.settle();
    }

    @Override
    public Optional<Account> find(String email) {
        JsonNode users = asked("/users?exact=true&max=3&email=" + Addresses.encoded(email));
        List<Account> found = StreamSupport.stream(users.spliterator(), false)
                .filter(this::usable)
                .map(user -> new Account(
                        user.path("id").asString(), user.path("email").asString()))
                .filter(account -> account.hasAddress(email))
                .toList();
        return users.size() == 1 && found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    }

    private boolean usable(JsonNode user) {
        return user.path("id").isString()
                && user.path("email").isString()
                && user.path("enabled").asBoolean(false)
                && (user.path("emailVerified").asBoolean(false) || !settings.requireVerifiedEmail());
    }

    /** Time of the account's newest event of that kind, in milliseconds of Keycloak's clock. */
    @Override
    public String mark(Account account) {
        return Long.toString(newestEvent(account));
    }

    private long newestEvent(Account account) {
        // Newest first, unless another direction is asked for.
        JsonNode events =
                asked("/admin-events?operationTypes=ACTION&max=1&resourcePath=" + Addresses.encoded(path(account)));
        return events.path(0).path("time").asLong(0);
    }

    private static String path(Account account) {
        return "users/" + account.id() + "/execute-actions-email";
    }

    @Override
    public Answer reset(String idempotencyKey, Account account) {
        Reply user = send("GET", "/users/" + Addresses.encoded(account.id()), NOTHING);
        if (user.status() == NOT_FOUND || (user.done() && !isStill(account, user.body()))) {
            return new Answer.Refused("account_changed", "the account is not what it was when this was prepared");
        }
        if (!user.done()) {
            return notBegun(user);
        }
        Reply reply = send(
                "PUT",
                "/users/" + Addresses.encoded(account.id()) + "/execute-actions-email?lifespan="
                        + settings.linkLifespan().toSeconds() + redirect(),
                UPDATE_PASSWORD);
        return reply.done() ? done(account, clock.instant().truncatedTo(ChronoUnit.SECONDS)) : system.refusal(reply);
    }

    private boolean isStill(Account account, JsonNode user) {
        return usable(user) && account.hasAddress(user.path("email").asString());
    }

    /** The account could not even be looked at. */
    private Answer notBegun(Reply reply) {
        if (reply.status() >= 500) {
            throw new NoReplyException(
                    system.name() + " answered " + reply.status(), false, new IllegalStateException("not begun"));
        }
        return system.refusal(reply);
    }

    private String redirect() {
        String client = settings.redirectClient();
        String uri = settings.redirectUri();
        return (client == null ? "" : "&client_id=" + Addresses.encoded(client))
                + (uri == null ? "" : "&redirect_uri=" + Addresses.encoded(uri));
    }

    @Override
    public Optional<Answer> outcome(String idempotencyKey, Account account, String mark) {
        long newest = newestEvent(account);
        if (newest > Long.parseLong(mark)) {
            return Optional.of(done(account, Instant.ofEpochMilli(newest)));
        }
        if (!asked("/events/config").path("adminEventsEnabled").asBoolean(false)) {
            throw new NoReplyException(
                    "the realm keeps no admin events, so that nobody can tell; switch them on",
                    true,
                    new IllegalStateException("adminEventsEnabled"));
        }
        return Optional.empty();
    }

    private static Answer.Done done(Account account, Instant at) {
        return new Answer.Done(Map.of("account_id", account.id(), "link_sent_at", at.toString()));
    }

    /** The JSON of what is only looked at. */
    private JsonNode asked(String path) {
        Reply reply = send("GET", path, NOTHING);
        if (!reply.done()) {
            throw new NoReplyException(
                    system.name() + " answered " + reply.status() + " when it was asked",
                    false,
                    new IllegalStateException(path.replaceAll("\\?.*", "")));
        }
        return reply.body();
    }

    /** With a token; once more with a new one where it is refused, which then did nothing. */
    private Reply send(String method, String path, byte[] body) {
        String first = token.get();
        Reply reply = send(method, path, body, first);
        if (reply.status() != UNAUTHORIZED) {
            return reply;
        }
        token.drop(first);
        return send(method, path, body, token.get());
    }

    private Reply send(String method, String path, byte[] body, String bearer) {
        return system.send(method, URI.create(realm + path), Map.of("Authorization", "Bearer " + bearer), body);
    }
}

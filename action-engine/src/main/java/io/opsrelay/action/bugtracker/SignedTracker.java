package io.opsrelay.action.bugtracker;

import io.opsrelay.action.bugtracker.BugReportProperties.Http;
import io.opsrelay.action.catalogue.Answer;
import io.opsrelay.action.catalogue.OutcomeUnknownException;
import io.opsrelay.action.remote.Addresses;
import io.opsrelay.action.remote.NoReplyException;
import io.opsrelay.action.remote.OutsideText;
import io.opsrelay.action.remote.RemoteSystem;
import io.opsrelay.action.remote.Reply;
import io.opsrelay.action.remote.SecretFile;
import io.opsrelay.action.remote.Signature;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A tracker that speaks signed JSON and keeps the key of each report, so that a repetition is harmless. */
final class SignedTracker implements BugTracker {

    static final String NAME = "tracker-http";

    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final byte[] NOTHING = {};

    private final Http settings;
    private final RemoteSystem system;
    private final Clock clock;
    private final String host;

    SignedTracker(Http settings, RemoteSystem system, Clock clock) {
        this.settings = settings;
        this.system = system;
        this.clock = clock;
        this.host = URI.create(settings.url()).getHost();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String place() {
        return host;
    }

    @Override
    public Duration settle() {
        return Duration.ZERO;
    }

    /** It keeps keys. */
    @Override
    public String mark() {
        return "";
    }

    @Override
    public Answer file(String idempotencyKey, BugReport report) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put(settings.field("title"), OutsideText.harmless(report.title()));
        body.put(settings.field("description"), OutsideText.harmless(report.description()));
        body.put(settings.field("priority"), settings.priorities().getOrDefault(report.priority(), report.priority()));
        body.put(settings.field("key"), idempotencyKey);
        Reply reply = send("POST", URI.create(settings.url()), idempotencyKey, RemoteSystem.json(body));
        if (reply.status() == CONFLICT) {
            throw new OutcomeUnknownException(
                    system.name() + " answered 409: it may be at work on it", new IllegalStateException("409"));
        }
        return reply.done() ? done(reply) : system.refusal(reply);
    }

    @Override
    public Optional<Answer> find(String idempotencyKey, String mark) {
        Reply reply = send(
                "GET", Addresses.filled(settings.statusUrl(), Map.of("key", idempotencyKey)), idempotencyKey, NOTHING);
        if (reply.status() == NOT_FOUND) {
            return Optional.empty();
        }
        if (!reply.done()) {
            throw new NoReplyException(
                    system.name() + " answered " + reply.status() + " when it was asked for a report",
                    true,
                    new IllegalStateException("status"));
        }
        return Optional.of(done(reply));
    }

    private Answer.Done done(Reply reply) {
        Map<String, Object> result = new LinkedHashMap<>();
        String reference = reply.text(settings.reference());
        if (reference != null) {
            result.put("reference", reference);
        }
        String link = reply.text(settings.link());
        if (link != null && link.startsWith("https://")) {
            result.put("url", link);
        }
        return new Answer.Done(result);
    }

    private Reply send(String method, URI uri, String id, byte[] body) {
        Map<String, String> headers = new LinkedHashMap<>(
                Signature.headers(new SecretFile(settings.secretFile()).read(), id, clock.instant(), body));
        headers.put("Idempotency-Key", id);
        return system.send(method, uri, headers, body);
    }
}

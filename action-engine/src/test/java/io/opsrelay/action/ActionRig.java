package io.opsrelay.action;

import static org.awaitility.Awaitility.await;

import io.opsrelay.contracts.ActionEvent.ActionPrepared;
import io.opsrelay.security.Role;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Asks for probes as people do, and grants them as approval-service does. */
final class ActionRig {

    private final String client;
    private final TestEvents events;
    private final Api sre;
    private final Api admin;

    ActionRig(String client, TestEvents events, int port) {
        this.client = client;
        this.events = events;
        this.sre = Api.of(port, client, Role.SRE);
        this.admin = Api.of(port, client, Role.ADMIN);
    }

    Api admin() {
        return admin;
    }

    Api sre() {
        return sre;
    }

    static Map<String, Object> probe(String target) {
        return new HashMap<>(Map.of("action_type", "probe", "arguments", Map.of("target", target)));
    }

    static Map<String, Object> probe(String target, String amount) {
        return new HashMap<>(Map.of("action_type", "probe", "arguments", Map.of("target", target, "amount", amount)));
    }

    UUID request(Map<String, Object> body) {
        return accepted(sre.post("/api/v1/actions", body));
    }

    static UUID accepted(Api.Answer answer) {
        if (answer.status() != 202) {
            throw new AssertionError("not accepted: " + answer);
        }
        return UUID.fromString((String) answer.get("action_id"));
    }

    ActionPrepared prepared(UUID action) {
        return events.await(ActionPrepared.class, e -> e.actionId().equals(action));
    }

    void grant(ActionPrepared prepared) {
        UUID approvalId = UUID.randomUUID();
        events.send(
                client, Grants.event(approvalId, prepared, Grants.sign(Grants.claims(client, approvalId, prepared))));
    }

    /** Asked for, prepared and granted. */
    UUID granted(Map<String, Object> body) {
        UUID action = request(body);
        grant(prepared(action));
        return action;
    }

    Api.Answer action(UUID action) {
        return admin.get("/api/v1/actions/" + action);
    }

    List<Object> steps(UUID action) {
        return action(action).list("steps").stream()
                .map(step -> step.get("step"))
                .toList();
    }

    Api.Answer awaitStatus(UUID action, String status) {
        await("action " + action + " is " + status)
                .atMost(Duration.ofSeconds(60))
                .until(() -> action(action).get("status"), status::equals);
        return action(action);
    }
}

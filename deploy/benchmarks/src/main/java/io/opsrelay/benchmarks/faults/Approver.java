package io.opsrelay.benchmarks.faults;

import io.opsrelay.benchmarks.faults.Caller.Reply;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.JsonNode;

/**
 * Decides what waits for a person: mostly yes, sometimes no, sometimes twice. Of an order that can be refunded often
 * only a part is granted, which another person approves.
 */
final class Approver implements Runnable {

    private static final long PAUSE_MILLIS = 700;
    private static final String PART = "0.25";

    private final Caller approver;
    private final Caller admin;
    private final Journal journal;
    private final Random random;
    private volatile boolean leaving;

    Approver(Caller approver, Caller admin, Journal journal, Random random) {
        this.approver = approver;
        this.admin = admin;
        this.journal = journal;
        this.random = random;
    }

    void leave() {
        leaving = true;
    }

    @Override
    public void run() {
        try {
            while (!leaving) {
                Reply reply = approver.get("/api/v1/approvals?status=pending&limit=200");
                if (reply.status() == 200) {
                    for (JsonNode approval : reply.json().path("items")) {
                        decide(approval);
                    }
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void decide(JsonNode approval) throws InterruptedException {
        String id = approval.path("approval_id").asString("");
        String known = journal.decision(id);
        String decision = known == null ? choice(approval) : known;
        journal.decided(id, decision);
        Map<String, Object> body = new HashMap<>(Map.of("decision", decision, "reason", "seen to"));
        if (decision.equals("edit")) {
            body.put("arguments", Map.of("amount", PART));
        }
        // Who changed the amount must not approve it.
        Caller person = approval.has("editor") && !approval.path("editor").isNull() ? admin : approver;
        int times = random.nextInt(6) == 0 ? 2 : 1;
        for (int i = 0; i < times; i++) {
            person.post("/api/v1/approvals/" + id + "/decide", Caller.JSON.writeValueAsBytes(body), Map.of());
        }
    }

    private String choice(JsonNode approval) {
        if (approval.has("editor") && !approval.path("editor").isNull()) {
            return "approve";
        }
        if (Wishes.isRefundedInParts(approval.path("arguments").path("order_id").asString(""))) {
            return "edit";
        }
        return random.nextInt(8) == 0 ? "reject" : "approve";
    }
}

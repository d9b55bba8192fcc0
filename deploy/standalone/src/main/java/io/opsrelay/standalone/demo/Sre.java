package io.opsrelay.standalone.demo;

import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** The SREs of the clients, who ask for restarts of this very system's services where it has such actions. */
final class Sre {

    private final Gateway gateway;
    private final Set<String> requested;
    private final Tally tally;
    private final Chronicle chronicle;
    private boolean impossible;

    /** @param requested gets the ids of the actions that were asked for */
    Sre(Gateway gateway, Set<String> requested, Tally tally, Chronicle chronicle) {
        this.gateway = gateway;
        this.requested = requested;
        this.tally = tally;
        this.chronicle = chronicle;
    }

    void request(Happening.Restart restart) throws InterruptedException {
        if (isImpossible()) {
            return;
        }
        Answer answer = gateway.post(
                "sre@" + restart.client() + ".example",
                "/api/v1/restart_deployment",
                Map.of(
                        "service_name", restart.service(),
                        "target_type", "standalone",
                        "reason", restart.reason()),
                UUID.randomUUID().toString());
        if (answer.status() == 404) {
            giveUp();
            return;
        }
        tally.restart(answer);
        if (answer.succeeded()) {
            requested.add(answer.body().path("action_id").asString(""));
            chronicle.event(restart.client(), "restart", restart.service() + ": " + restart.reason());
        } else {
            chronicle.event(restart.client(), "restart refused", restart.service() + ": " + answer.reason());
        }
    }

    private synchronized boolean isImpossible() {
        return impossible;
    }

    private synchronized void giveUp() {
        if (!impossible) {
            impossible = true;
            chronicle.note("this system has no deployment actions; the SREs leave it at that");
        }
    }
}

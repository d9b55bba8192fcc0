package io.opsrelay.e2e;

import static io.opsrelay.e2e.Steps.approve;
import static io.opsrelay.e2e.Steps.awaitPendingApproval;
import static io.opsrelay.e2e.Steps.awaitStatus;
import static io.opsrelay.e2e.Steps.decide;
import static io.opsrelay.e2e.Steps.postTicket;

import io.opsrelay.e2e.system.OpsRelay;
import io.opsrelay.e2e.system.Person;
import io.opsrelay.e2e.system.RunningSystem;
import io.opsrelay.e2e.upgrade.Recording;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/**
 * Makes the recording of this version that {@link UpgradeIT} tries with all later ones. No test by its name, so that it
 * runs only when called for: {@code mvn verify -pl deploy/e2e -am -Dit.test=RecordVersion -Dtest=none
 * -Dsurefire.failIfNoSpecifiedTests=false}
 */
@RunningSystem
class RecordVersion {

    private final OpsRelay opsRelay;

    RecordVersion(OpsRelay opsRelay) {
        this.opsRelay = opsRelay;
    }

    @Test
    void record() {
        Person agent = opsRelay.as("agent@acme.example");
        Person approver = opsRelay.as("approver@acme.example");

        String paid = refund(agent, "Finished: paid", "A-1001");
        approve(approver, awaitPendingApproval(approver, paid)).expect(200);
        awaitStatus(agent, paid, "resolved");
        String rejected = refund(agent, "Finished: rejected", "A-1002");
        decide(approver, awaitPendingApproval(approver, rejected), "reject", "the return period is over")
                .expect(200);
        awaitStatus(agent, rejected, "resolved");
        String question = postTicket(agent, "Finished: a question", "How long do refunds take?");
        awaitStatus(agent, question, "resolved");
        String waiting = refund(agent, "Waiting for a person", "A-1003");
        awaitPendingApproval(approver, waiting);
        awaitStatus(agent, waiting, "awaiting_approval");

        opsRelay.freeze("agent-service");
        refund(agent, "Unread: a refund", "A-1004");
        postTicket(agent, "Unread: a question", "How long do refunds take?");
        opsRelay.record(Recording.named(LocalDate.now(ZoneOffset.UTC).toString()));
    }

    private static String refund(Person agent, String subject, String order) {
        return postTicket(agent, subject, "The lamp came in pieces, I want my money back. It was order " + order + ".");
    }
}

package io.opsrelay.agent.accuracy;

import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.ProblemException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** How often the classifier is right, measured by what people say. */
@RestController
@RequiresRole({Role.VIEWER, Role.AGENT, Role.APPROVER, Role.SRE, Role.ADMIN})
class AccuracyController {

    private static final int MOST_DAYS = 367;

    private final JudgementStore store;
    private final ClientTransactions transactions;
    private final Clock clock;

    AccuracyController(JudgementStore store, ClientTransactions transactions, Clock clock) {
        this.store = store;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** Over the last {@code days}, to this moment. */
    @GetMapping("/api/v1/agent/classifier/accuracy")
    Accuracy accuracy(Caller caller, @RequestParam(name = "days", defaultValue = "30") int days) {
        if (days < 1 || days > MOST_DAYS) {
            throw ProblemException.badRequest("days", "must be 1 to " + MOST_DAYS);
        }
        Instant since = clock.instant().minus(Duration.ofDays(days));
        return transactions.read(
                caller.clientId(), () -> Accuracy.of(since, store.since(since), store.notLearnedSince(since)));
    }
}

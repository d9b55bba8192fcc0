package io.opsrelay.agent.run;

import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.docs.DescribedAs;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.ProblemException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What the models cost. */
@RestController
@RequiresRole({Role.VIEWER, Role.AGENT, Role.APPROVER, Role.SRE, Role.ADMIN})
class SpendController {

    private static final int MOST_DAYS = 367;
    private static final int DAYS = 30;

    private final RunStore store;
    private final ClientTransactions transactions;
    private final Clock clock;

    SpendController(RunStore store, ClientTransactions transactions, Clock clock) {
        this.store = store;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** By day and model, in UTC days; unless told otherwise the last 30. Days and models without use are left out. */
    @GetMapping("/api/v1/agent/spend")
    Spending spend(
            Caller caller,
            @RequestParam(required = false) @DescribedAs(LocalDate.class) @Nullable String from,
            @RequestParam(required = false) @DescribedAs(LocalDate.class) @Nullable String to) {
        LocalDate last = to == null ? LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC) : day("to", to);
        LocalDate first = from == null ? last.minusDays(DAYS - 1) : day("from", from);
        if (first.isAfter(last)) {
            throw ProblemException.badRequest("from", "must not come after to");
        }
        if (ChronoUnit.DAYS.between(first, last) >= MOST_DAYS) {
            throw ProblemException.badRequest("from", "must be at most " + MOST_DAYS + " days before to");
        }
        return new Spending(first, last, transactions.read(caller.clientId(), () -> store.spentBetween(first, last)));
    }

    private static LocalDate day(String field, String value) {
        try {
            LocalDate day = LocalDate.parse(value);
            // What PostgreSQL's dates do not reach is nobody's question.
            if (day.getYear() >= 1970 && day.getYear() <= 9999) {
                return day;
            }
        } catch (DateTimeException e) {
            // answered below
        }
        throw ProblemException.badRequest(field, "must be a day such as 2026-11-27");
    }

    /**
     * @param from the first day
     * @param to the last one
     */
    record Spending(LocalDate from, LocalDate to, List<Spend> items) {}
}

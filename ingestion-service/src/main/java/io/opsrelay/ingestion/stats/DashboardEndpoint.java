package io.opsrelay.ingestion.stats;

import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.docs.DescribedAs;
import io.opsrelay.security.web.ProblemException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The numbers of the caller's client. */
@RestController
@RequiresRole({Role.VIEWER, Role.AGENT, Role.APPROVER, Role.SRE, Role.ADMIN})
class DashboardEndpoint {

    private final Dashboard dashboard;
    private final Rebuild rebuild;

    DashboardEndpoint(Dashboard dashboard, Rebuild rebuild) {
        this.dashboard = dashboard;
        this.rebuild = rebuild;
    }

    @GetMapping("/api/v1/dashboard")
    StatsView.Snapshot snapshot(Caller caller) {
        return dashboard.snapshot(caller.clientId());
    }

    @GetMapping("/api/v1/dashboard/stats")
    StatsView.Stats stats(
            Caller caller,
            @RequestParam(name = "from", required = false) @DescribedAs(Instant.class) @Nullable String from,
            @RequestParam(name = "to", required = false) @DescribedAs(Instant.class) @Nullable String to,
            @RequestParam(name = "bucket", required = false) @DescribedAs(Window.Bucket.class) @Nullable String bucket,
            @RequestParam(name = "zone", required = false) @Nullable String zone) {
        return dashboard.stats(caller.clientId(), from, to, bucket, zone);
    }

    @GetMapping("/api/v1/dashboard/history")
    StatsView.History history(
            Caller caller,
            @RequestParam(name = "days", defaultValue = "30") @DescribedAs(Integer.class) String days,
            @RequestParam(name = "zone", required = false) @Nullable String zone) {
        return dashboard.history(caller.clientId(), numberOf(days), zone);
    }

    /** For older dashboards, in their names. */
    @GetMapping("/api/dashboard/metrics")
    StatsView.Older metrics(Caller caller) {
        return dashboard.older(caller.clientId());
    }

    @PostMapping("/api/v1/dashboard/rebuild")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @RequiresRole(Role.ADMIN)
    RebuildStore.Progress rebuild(Caller caller) {
        return rebuild.ask(caller.clientId(), caller.asActor());
    }

    @GetMapping("/api/v1/dashboard/rebuild")
    @RequiresRole(Role.ADMIN)
    RebuildStore.Progress progressOfRebuild(Caller caller) {
        return rebuild.newest(caller.clientId())
                .orElseThrow(() -> ProblemException.notFound("rebuild of client", caller.clientId()));
    }

    private static int numberOf(String days) {
        try {
            return Integer.parseInt(days);
        } catch (NumberFormatException e) {
            throw ProblemException.badRequest("days", "must be a number");
        }
    }
}

package io.opsrelay.agent.persona;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.opsrelay.agent.draft.Tone;
import io.opsrelay.agent.persona.AiEmployee.Day;
import io.opsrelay.agent.persona.AiEmployee.Metric;
import io.opsrelay.agent.persona.AiEmployee.Seen;
import io.opsrelay.agent.persona.AiEmployee.Status;
import io.opsrelay.contracts.AiActivity;
import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.web.Cursor;
import io.opsrelay.security.web.EntityTags;
import io.opsrelay.security.web.Page;
import io.opsrelay.security.web.PageRequest;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** AI employees over HTTP. */
@RestController
@RequestMapping("/api/v1/ai")
@RequiresRole({Role.VIEWER, Role.AGENT, Role.APPROVER, Role.SRE, Role.ADMIN})
class EmployeeController {

    private final Employees employees;

    EmployeeController(Employees employees) {
        this.employees = employees;
    }

    /** All of them: a client has a handful. */
    @GetMapping("/employees")
    Page<EmployeeResource> list(Caller caller) {
        return new Page<>(
                employees.all(caller.clientId()).stream()
                        .map(EmployeeResource::of)
                        .toList(),
                null);
    }

    @GetMapping("/employees/{name}")
    ResponseEntity<EmployeeResource> one(Caller caller, @PathVariable String name) {
        return answer(employees.one(caller.clientId(), name));
    }

    @PutMapping(path = "/employees/{name}", consumes = MediaType.APPLICATION_JSON_VALUE)
    @RequiresRole(Role.ADMIN)
    ResponseEntity<EmployeeResource> put(
            Caller caller,
            @PathVariable String name,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody EmployeeBody employee) {
        return answer(employees.put(caller.clientId(), name, EntityTags.of(ifMatch), employee));
    }

    @DeleteMapping("/employees/{name}")
    @RequiresRole(Role.ADMIN)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(
            Caller caller,
            @PathVariable String name,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
        employees.delete(caller.clientId(), name, EntityTags.of(ifMatch));
    }

    @GetMapping("/employees/{name}/activities")
    Page<AiActivity> activitiesOf(Caller caller, @PathVariable String name, PageRequest page) {
        return page(employees.activities(caller.clientId(), name, page), page);
    }

    @GetMapping("/activities")
    Page<AiActivity> activities(Caller caller, PageRequest page) {
        return page(employees.activities(caller.clientId(), null, page), page);
    }

    private static Page<AiActivity> page(List<AiActivity> activities, PageRequest page) {
        return Page.of(activities, page.limit(), activity -> new Cursor(activity.timestamp(), activity.activityId()));
    }

    private static ResponseEntity<EmployeeResource> answer(Seen seen) {
        return ResponseEntity.ok()
                .eTag(EntityTags.tagOf(seen.employee().revision()))
                .body(EmployeeResource.of(seen));
    }

    /**
     * An AI employee as the API shows it.
     *
     * @param latestActivity null before the first
     */
    record EmployeeResource(
            String name,
            String displayName,
            String role,
            @Nullable String avatar,
            Tone tone,
            PrimaryMetric primaryMetric,
            List<String> tools,
            List<String> intents,
            List<String> languages,
            boolean enabled,
            Status status,

            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable
            AiActivity latestActivity,

            Today today,
            Instant createdAt,
            Instant updatedAt) {

        static EmployeeResource of(Seen seen) {
            AiEmployee employee = seen.employee();
            return new EmployeeResource(
                    employee.name(),
                    employee.displayName(),
                    employee.role(),
                    employee.avatar(),
                    employee.tone(),
                    PrimaryMetric.of(employee.primaryMetric(), seen.today()),
                    employee.tools(),
                    employee.intents(),
                    employee.languages(),
                    employee.enabled(),
                    seen.status(),
                    seen.latest(),
                    Today.of(seen.today()),
                    employee.createdAt(),
                    employee.updatedAt());
        }
    }

    /**
     * What it is measured by.
     *
     * @param value of today; null where it was not measured. Runs tell efficiency only: the share that was resolved
     *     without waiting for a decision, in percent
     */
    record PrimaryMetric(
            String name,
            String unit,

            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable
            Double value) {

        private static final double PERCENT = 100;

        static PrimaryMetric of(Metric metric, Day today) {
            Double share = today.shareResolvedAlone();
            boolean measured =
                    metric.name().equals("efficiency") && metric.unit().equals("percent");
            return new PrimaryMetric(metric.name(), metric.unit(), measured && share != null ? share * PERCENT : null);
        }
    }

    /**
     * What it has finished since midnight UTC.
     *
     * @param escalated handed to a person
     * @param averageHandlingSeconds without the time that runs waited for a decision; null before the first run
     * @param resolvedWithoutPerson share of runs that were resolved without ever waiting for a decision, 0 to 1; null
     *     before the first run
     */
    record Today(
            long runs,
            long resolved,
            long escalated,
            long failed,

            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable
            Double averageHandlingSeconds,

            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable
            Double resolvedWithoutPerson) {

        static Today of(Day day) {
            return new Today(
                    day.runs(),
                    day.resolved(),
                    day.escalated(),
                    day.failed(),
                    day.averageSeconds(),
                    day.shareResolvedAlone());
        }
    }
}

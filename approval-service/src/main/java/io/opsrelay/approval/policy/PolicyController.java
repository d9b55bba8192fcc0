package io.opsrelay.approval.policy;

import io.opsrelay.approval.rule.Evaluator;
import io.opsrelay.approval.rule.InvalidPolicyException;
import io.opsrelay.approval.rule.Policy;
import io.opsrelay.approval.rule.Rule;
import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.docs.DescribedAs;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.EntityTags;
import io.opsrelay.security.web.Page;
import io.opsrelay.security.web.PageRequest;
import io.opsrelay.security.web.ProblemException;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Policies over HTTP. */
@RestController
@RequestMapping("/api/v1/policies")
@RequiresRole(Role.ADMIN)
class PolicyController {

    private static final int LONGEST_REASON = 500;

    private final Policies policies;
    private final PolicyStore store;
    private final ClientTransactions transactions;
    private final JsonMapper json;
    private final Clock clock;

    PolicyController(
            Policies policies, PolicyStore store, ClientTransactions transactions, JsonMapper json, Clock clock) {
        this.policies = policies;
        this.store = store;
        this.transactions = transactions;
        this.json = json;
        this.clock = clock;
    }

    @GetMapping
    ResponseEntity<PolicyVersion> get(Caller caller) {
        return answer(transactions.read(caller.clientId(), store::newest));
    }

    @PutMapping
    ResponseEntity<PolicyVersion> put(
            Caller caller,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody @DescribedAs(PolicyChange.class) JsonNode change) {
        String reason = null;
        if (change instanceof ObjectNode fields && fields.has("reason")) {
            reason = reason(fields.remove("reason"));
        }
        return answer(policies.replace(caller, read(change, Policy.class), reason, EntityTags.of(ifMatch)));
    }

    private static @Nullable String reason(JsonNode given) {
        if (given.isNull()) {
            return null;
        }
        String reason = given.isString() ? given.stringValue().strip() : "";
        if (reason.isEmpty() || reason.length() > LONGEST_REASON) {
            throw ProblemException.unprocessable(
                    "reason", "must be a text that is not blank, with at most " + LONGEST_REASON + " characters");
        }
        return reason;
    }

    /**
     * The policy as it shall be.
     *
     * @param reason why, for whoever reads the history
     */
    record PolicyChange(List<Rule> rules, @Nullable String reason) {}

    /** Newest first, without their rules; the shipped policy is version 0 and not among them. */
    @GetMapping("/versions")
    Page<PolicyStore.VersionLine> versions(
            Caller caller,
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String cursor) {
        int most = PageRequest.limitOf(limit);
        long before = versionOf(cursor);
        List<PolicyStore.VersionLine> lines =
                transactions.read(caller.clientId(), () -> store.versions(before, most + 1));
        return lines.size() <= most
                ? new Page<>(lines, null)
                : new Page<>(
                        lines.subList(0, most),
                        String.valueOf(lines.get(most - 1).version()));
    }

    private static long versionOf(@Nullable String cursor) {
        if (cursor == null) {
            return Long.MAX_VALUE;
        }
        if (!cursor.matches("[0-9]{1,18}")) {
            throw ProblemException.badRequest("cursor", "is not a cursor: take next_cursor of the page before");
        }
        return Long.parseLong(cursor);
    }

    @GetMapping("/versions/{version}")
    ResponseEntity<PolicyVersion> version(Caller caller, @PathVariable String version) {
        if (!version.matches("[0-9]{1,18}")) {
            throw ProblemException.notFound("policy version", version);
        }
        return answer(transactions
                .read(caller.clientId(), () -> store.find(Long.parseLong(version)))
                .orElseThrow(() -> ProblemException.notFound("policy version", version)));
    }

    /** A dry run: says what a policy would say, and why. Changes nothing. */
    @PostMapping("/evaluate")
    Trial.Answer evaluate(Caller caller, @RequestBody @DescribedAs(Trial.Question.class) JsonNode question) {
        Trial.Question asked = read(question, Trial.Question.class);
        DescribedAction action = asked.action();
        if (action == null) {
            throw ProblemException.unprocessable("action", "must be described");
        }
        Policy draft = asked.policy();
        if (draft != null) {
            return Trial.Answer.of(null, Evaluator.evaluate(draft, action.subject(clock.instant())));
        }
        PolicyVersion current = transactions.read(caller.clientId(), store::newest);
        return Trial.Answer.of(
                current.version(), Evaluator.evaluate(current.policy(), action.subject(clock.instant())));
    }

    private static ResponseEntity<PolicyVersion> answer(PolicyVersion version) {
        return ResponseEntity.ok().eTag(EntityTags.tagOf(version.version())).body(version);
    }

    /** Reads by hand, since the place of what is wrong is where the JSON has it, not where a record does. */
    private <T> T read(JsonNode body, Class<T> type) {
        try {
            return json.treeToValue(body, type);
        } catch (DatabindException e) {
            String path = pathOf(e);
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof InvalidPolicyException invalid) {
                    throw ProblemException.unprocessable(
                            path.isEmpty() ? invalid.field() : path + "." + invalid.field(), invalid.reason());
                }
            }
            throw ProblemException.badRequest(path.isEmpty() ? "body" : path, reasonOf(e));
        }
    }

    private static String reasonOf(DatabindException e) {
        if (e instanceof UnrecognizedPropertyException) {
            return "is not a field of this request";
        }
        return e instanceof InvalidFormatException format
                        && format.getTargetType() != null
                        && format.getTargetType().isEnum()
                ? "must be one of "
                        + Arrays.stream(format.getTargetType().getEnumConstants())
                                .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", "))
                : "does not have the form it must have";
    }

    private static String pathOf(DatabindException e) {
        StringBuilder path = new StringBuilder();
        e.getPath().forEach(step -> {
            if (step.getPropertyName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
            }
        });
        return path.toString();
    }
}

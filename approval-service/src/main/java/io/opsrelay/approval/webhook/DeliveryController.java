package io.opsrelay.approval.webhook;

import io.opsrelay.approval.webhook.Deliveries.Logged;
import io.opsrelay.approval.webhook.Deliveries.Replayed;
import io.opsrelay.approval.webhook.Delivery.Status;
import io.opsrelay.approval.webhook.DeliveryStore.Wanted;
import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.web.Cursor;
import io.opsrelay.security.web.Page;
import io.opsrelay.security.web.PageRequest;
import io.opsrelay.security.web.ProblemException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What was sent to an endpoint, over HTTP. */
@RestController
@RequestMapping("/api/v1/webhooks/{id}")
@RequiresRole(Role.ADMIN)
class DeliveryController {

    private final Deliveries deliveries;

    DeliveryController(Deliveries deliveries) {
        this.deliveries = deliveries;
    }

    @GetMapping("/deliveries")
    Page<DeliveryResource> list(
            Caller caller,
            @PathVariable String id,
            PageRequest page,
            @RequestParam(required = false) @Nullable String status,
            @RequestParam(name = "event_type", required = false) @Nullable String eventType,
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String to) {
        Wanted wanted = new Wanted(statusOf(status), eventType, time("from", from), time("to", to));
        return Page.of(
                deliveries.list(caller.clientId(), endpoint(id), wanted, page).stream()
                        .map(DeliveryResource::of)
                        .toList(),
                page.limit(),
                item -> new Cursor(item.createdAt(), item.deliveryId()));
    }

    @GetMapping("/deliveries/{delivery}")
    DeliveryResource one(Caller caller, @PathVariable String id, @PathVariable String delivery) {
        return DeliveryResource.of(
                deliveries.one(caller.clientId(), endpoint(id), PageRequest.idOf("delivery", delivery)));
    }

    @PostMapping("/deliveries/{delivery}/replay")
    @ResponseStatus(HttpStatus.ACCEPTED)
    DeliveryResource replay(Caller caller, @PathVariable String id, @PathVariable String delivery) {
        return DeliveryResource.of(
                deliveries.replay(caller.clientId(), endpoint(id), PageRequest.idOf("delivery", delivery)));
    }

    @PostMapping(path = "/replay", consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.ACCEPTED)
    Replayed replayFailed(Caller caller, @PathVariable String id, @RequestBody ReplayBody replay) {
        if (replay.since() == null) {
            throw ProblemException.unprocessable("since", "is required: from when on failed deliveries are sent again");
        }
        return deliveries.replayFailed(caller.clientId(), endpoint(id), replay.since());
    }

    @PostMapping("/test")
    @ResponseStatus(HttpStatus.ACCEPTED)
    DeliveryResource test(Caller caller, @PathVariable String id) {
        return DeliveryResource.of(deliveries.test(caller.clientId(), endpoint(id)));
    }

    private static UUID endpoint(String id) {
        return PageRequest.idOf(EndpointController.WHAT, id);
    }

    private static @Nullable Status statusOf(@Nullable String name) {
        if (name == null) {
            return null;
        }
        return Arrays.stream(Status.values())
                .filter(status -> status.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .orElseThrow(() -> ProblemException.badRequest(
                        "status",
                        "must be one of "
                                + Arrays.stream(Status.values())
                                        .map(status -> status.name().toLowerCase(Locale.ROOT))
                                        .collect(Collectors.joining(", "))));
    }

    private static @Nullable Instant time(String field, @Nullable String value) {
        try {
            return value == null ? null : Instant.parse(value);
        } catch (DateTimeException e) {
            throw ProblemException.badRequest(field, "must be a time like 2026-11-26T12:00:00Z");
        }
    }

    /** @param since from when on failed deliveries are sent again */
    record ReplayBody(@Nullable Instant since) {}

    /**
     * A delivery as the API shows it.
     *
     * @param messageId what the header {@code webhook-id} says
     * @param body what is sent, byte for byte
     * @param nextAttemptAt when it is tried again, if it failed
     */
    record DeliveryResource(
            UUID deliveryId,
            UUID messageId,
            String eventType,
            Status status,
            String body,
            List<AttemptResource> attempts,
            @Nullable Instant nextAttemptAt,
            Instant createdAt,
            @Nullable Instant settledAt) {

        static DeliveryResource of(Logged logged) {
            Delivery delivery = logged.delivery();
            return new DeliveryResource(
                    delivery.deliveryId(),
                    delivery.messageId(),
                    delivery.type(),
                    delivery.status(),
                    delivery.payload(),
                    logged.attempts().stream().map(AttemptResource::of).toList(),
                    delivery.nextAt(),
                    delivery.createdAt(),
                    delivery.settledAt());
        }
    }

    /**
     * An attempt as the API shows it.
     *
     * @param status the answer's; absent if there was none
     * @param error what was wrong
     * @param answer how the answer's body begins
     */
    record AttemptResource(
            Instant at,
            @Nullable Integer status,
            @Nullable String error,
            long durationMs,
            @Nullable String answer) {

        static AttemptResource of(Attempt attempt) {
            return new AttemptResource(
                    attempt.at(),
                    attempt.status(),
                    attempt.error(),
                    attempt.took().toMillis(),
                    attempt.answer());
        }
    }
}

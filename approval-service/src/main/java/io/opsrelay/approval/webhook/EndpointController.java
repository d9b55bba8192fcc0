package io.opsrelay.approval.webhook;

import io.opsrelay.approval.webhook.Endpoint.Disabled;
import io.opsrelay.approval.webhook.Endpoints.Shown;
import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.web.EntityTags;
import io.opsrelay.security.web.Page;
import io.opsrelay.security.web.PageRequest;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Endpoints of webhooks over HTTP. */
@RestController
@RequestMapping("/api/v1/webhooks")
@RequiresRole(Role.ADMIN)
class EndpointController {

    static final String WHAT = "webhook";

    private final Endpoints endpoints;

    EndpointController(Endpoints endpoints) {
        this.endpoints = endpoints;
    }

    /** All of them: a client has a handful. */
    @GetMapping
    Page<EndpointResource> list(Caller caller) {
        return new Page<>(
                endpoints.all(caller.clientId()).stream()
                        .map(endpoint -> EndpointResource.of(new Shown(endpoint, null)))
                        .toList(),
                null);
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<EndpointResource> create(Caller caller, @RequestBody EndpointBody webhook) {
        Shown created = endpoints.create(caller, webhook);
        return answer(HttpStatus.CREATED, created)
                .location(URI.create("/api/v1/webhooks/" + created.endpoint().endpointId()))
                .body(EndpointResource.of(created));
    }

    @GetMapping("/{id}")
    ResponseEntity<EndpointResource> one(Caller caller, @PathVariable String id) {
        return ok(new Shown(endpoints.one(caller.clientId(), PageRequest.idOf(WHAT, id)), null));
    }

    @PutMapping(path = "/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<EndpointResource> put(
            Caller caller,
            @PathVariable String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody EndpointBody webhook) {
        return ok(
                new Shown(endpoints.change(caller, PageRequest.idOf(WHAT, id), EntityTags.of(ifMatch), webhook), null));
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(
            Caller caller,
            @PathVariable String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
        endpoints.delete(caller, PageRequest.idOf(WHAT, id), EntityTags.of(ifMatch));
    }

    @PostMapping("/{id}/rotate-secret")
    ResponseEntity<EndpointResource> rotateSecret(
            Caller caller,
            @PathVariable String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
        return ok(endpoints.rotate(caller, PageRequest.idOf(WHAT, id), EntityTags.of(ifMatch)));
    }

    private static ResponseEntity<EndpointResource> ok(Shown shown) {
        return answer(HttpStatus.OK, shown).body(EndpointResource.of(shown));
    }

    private static ResponseEntity.BodyBuilder answer(HttpStatus status, Shown shown) {
        return ResponseEntity.status(status)
                .eTag(EntityTags.tagOf(shown.endpoint().revision()))
                .header(HttpHeaders.CACHE_CONTROL, "no-store");
    }

    /**
     * An endpoint as the API shows it.
     *
     * @param disabledReason why it gets nothing: by_hand, gone or failing
     * @param failingSince the first failure since something was last delivered
     * @param secret in the answer that made it, and nowhere else
     * @param previousSecretUntil until when the secret before is used as well
     */
    record EndpointResource(
            UUID webhookId,
            String url,
            List<String> eventTypes,
            @Nullable String description,
            boolean disabled,
            @Nullable Disabled disabledReason,
            @Nullable Instant failingSince,
            @Nullable String secret,
            @Nullable Instant previousSecretUntil,
            String createdBy,
            Instant createdAt,
            Instant updatedAt) {

        static EndpointResource of(Shown shown) {
            Endpoint endpoint = shown.endpoint();
            return new EndpointResource(
                    endpoint.endpointId(),
                    endpoint.url().toString(),
                    endpoint.types().stream().sorted().toList(),
                    endpoint.description(),
                    endpoint.disabled() != null,
                    endpoint.disabled(),
                    endpoint.failingSince(),
                    shown.secret() == null ? null : shown.secret().shown(),
                    endpoint.previousUntil(),
                    endpoint.createdBy(),
                    endpoint.createdAt(),
                    endpoint.updatedAt());
        }
    }
}

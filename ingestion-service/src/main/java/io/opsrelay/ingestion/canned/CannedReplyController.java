package io.opsrelay.ingestion.canned;

import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.web.EntityTags;
import io.opsrelay.security.web.Page;
import io.opsrelay.security.web.PageRequest;
import java.net.URI;
import java.time.Instant;
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

/** A client's canned replies over HTTP. */
@RestController
@RequestMapping("/api/v1/canned-replies")
class CannedReplyController {

    private final CannedReplies replies;

    CannedReplyController(CannedReplies replies) {
        this.replies = replies;
    }

    /** All of them, by name. */
    @GetMapping
    @RequiresRole({Role.VIEWER, Role.AGENT, Role.APPROVER, Role.SRE, Role.ADMIN})
    Page<CannedReplyResource> list(Caller caller) {
        return new Page<>(
                replies.all(caller.clientId()).stream()
                        .map(CannedReplyResource::of)
                        .toList(),
                null);
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    @RequiresRole(Role.ADMIN)
    ResponseEntity<CannedReplyResource> create(Caller caller, @RequestBody CannedReplyBody reply) {
        CannedReply created = replies.create(caller, reply);
        return answer(HttpStatus.CREATED, created)
                .location(URI.create("/api/v1/canned-replies/" + created.replyId()))
                .body(CannedReplyResource.of(created));
    }

    @GetMapping("/{id}")
    @RequiresRole({Role.VIEWER, Role.AGENT, Role.APPROVER, Role.SRE, Role.ADMIN})
    ResponseEntity<CannedReplyResource> one(Caller caller, @PathVariable String id) {
        return ok(replies.one(caller.clientId(), idOf(id)));
    }

    @PutMapping(path = "/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
    @RequiresRole(Role.ADMIN)
    ResponseEntity<CannedReplyResource> put(
            Caller caller,
            @PathVariable String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody CannedReplyBody reply) {
        return ok(replies.change(caller, idOf(id), EntityTags.of(ifMatch), reply));
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @RequiresRole(Role.ADMIN)
    void delete(
            Caller caller,
            @PathVariable String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
        replies.delete(caller, idOf(id), EntityTags.of(ifMatch));
    }

    private static UUID idOf(String id) {
        return PageRequest.idOf(CannedReplies.WHAT, id);
    }

    private static ResponseEntity<CannedReplyResource> ok(CannedReply reply) {
        return answer(HttpStatus.OK, reply).body(CannedReplyResource.of(reply));
    }

    private static ResponseEntity.BodyBuilder answer(HttpStatus status, CannedReply reply) {
        return ResponseEntity.status(status)
                .eTag(EntityTags.tagOf(reply.revision()))
                .header(HttpHeaders.CACHE_CONTROL, "no-store");
    }

    /**
     * A canned reply as the API shows it.
     *
     * @param text with its placeholders, as they were written
     */
    record CannedReplyResource(
            UUID replyId,
            String name,
            String text,
            @Nullable String category,
            @Nullable String language,
            String createdBy,
            Instant createdAt,
            Instant updatedAt) {

        static CannedReplyResource of(CannedReply reply) {
            return new CannedReplyResource(
                    reply.replyId(),
                    reply.name(),
                    reply.text(),
                    reply.category(),
                    reply.language(),
                    reply.createdBy(),
                    reply.createdAt(),
                    reply.updatedAt());
        }
    }
}

package io.opsrelay.ingestion.customer;

import io.opsrelay.ingestion.customer.CustomerView.Detail;
import io.opsrelay.ingestion.customer.CustomerView.Note;
import io.opsrelay.ingestion.customer.CustomerView.Summary;
import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.docs.DescribedAs;
import io.opsrelay.security.web.EntityTags;
import io.opsrelay.security.web.Page;
import io.opsrelay.security.web.PageRequest;
import io.opsrelay.security.web.ProblemException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Customers over HTTP. An id of an address that was merged answers with the customer that it belongs to. */
@RestController
@RequestMapping("/api/v1/customers")
class CustomerEndpoint {

    private static final int MAX_SEARCH = 254;

    private final CustomerReader reader;
    private final CustomerSearch search;
    private final CustomerChanges changes;

    CustomerEndpoint(CustomerReader reader, CustomerSearch search, CustomerChanges changes) {
        this.reader = reader;
        this.search = search;
        this.changes = changes;
    }

    @GetMapping
    @RequiresRole({Role.VIEWER, Role.AGENT, Role.APPROVER, Role.SRE, Role.ADMIN})
    Page<Summary> list(
            Caller caller,
            PageRequest page,
            @RequestParam(name = "q", required = false) @Nullable String q,
            @RequestParam(name = "blocked", required = false) @DescribedAs(Boolean.class) @Nullable String blocked) {
        Boolean wanted = wanted(blocked);
        if (q == null || q.isBlank()) {
            return reader.list(caller.clientId(), wanted, page);
        }
        if (q.length() > MAX_SEARCH || q.codePoints().anyMatch(Character::isISOControl)) {
            throw ProblemException.badRequest("q", "must have at most " + MAX_SEARCH + " characters on one line");
        }
        return search.find(caller.clientId(), q.strip(), wanted, page);
    }

    private static @Nullable Boolean wanted(@Nullable String blocked) {
        return switch (blocked) {
            case null -> null;
            case "true" -> true;
            case "false" -> false;
            default -> throw ProblemException.badRequest("blocked", "must be true or false");
        };
    }

    @GetMapping("/{id}")
    @RequiresRole({Role.VIEWER, Role.AGENT, Role.APPROVER, Role.SRE, Role.ADMIN})
    ResponseEntity<Detail> one(Caller caller, @PathVariable("id") String id) {
        return shown(caller, idOf(id));
    }

    @PatchMapping(path = "/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
    @RequiresRole({Role.AGENT, Role.ADMIN})
    ResponseEntity<Detail> change(
            Caller caller,
            @PathVariable("id") String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody CustomerBodies.Change body) {
        changes.rename(caller, idOf(id), EntityTags.of(ifMatch), body.checkedName());
        return shown(caller, idOf(id));
    }

    @PostMapping(path = "/{id}/block", consumes = MediaType.APPLICATION_JSON_VALUE)
    @RequiresRole({Role.AGENT, Role.ADMIN})
    ResponseEntity<Detail> block(
            Caller caller,
            @PathVariable("id") String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody CustomerBodies.Because body) {
        changes.block(caller, idOf(id), EntityTags.of(ifMatch), body.checkedReason());
        return shown(caller, idOf(id));
    }

    @PostMapping(path = "/{id}/unblock", consumes = MediaType.APPLICATION_JSON_VALUE)
    @RequiresRole({Role.AGENT, Role.ADMIN})
    ResponseEntity<Detail> unblock(
            Caller caller,
            @PathVariable("id") String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody CustomerBodies.Because body) {
        changes.unblock(caller, idOf(id), EntityTags.of(ifMatch), body.checkedReason());
        return shown(caller, idOf(id));
    }

    @PostMapping(path = "/{id}/identities", consumes = MediaType.APPLICATION_JSON_VALUE)
    @RequiresRole({Role.AGENT, Role.ADMIN})
    ResponseEntity<Detail> addIdentity(
            Caller caller, @PathVariable("id") String id, @RequestBody CustomerBodies.NewIdentity body) {
        boolean added = changes.addIdentity(caller, idOf(id), body);
        return shown(caller, idOf(id), added ? HttpStatus.CREATED : HttpStatus.OK);
    }

    @PostMapping(path = "/{id}/merge", consumes = MediaType.APPLICATION_JSON_VALUE)
    @RequiresRole({Role.AGENT, Role.ADMIN})
    ResponseEntity<Detail> merge(
            Caller caller,
            @PathVariable("id") String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody CustomerBodies.Merge body) {
        changes.merge(caller, idOf(id), EntityTags.of(ifMatch), body.checkedCustomer(), body.checkedReason());
        return shown(caller, idOf(id));
    }

    @GetMapping("/{id}/notes")
    @RequiresRole({Role.VIEWER, Role.AGENT, Role.APPROVER, Role.SRE, Role.ADMIN})
    Page<Note> notes(Caller caller, @PathVariable("id") String id, PageRequest page) {
        return reader.notes(caller.clientId(), idOf(id), page)
                .orElseThrow(() -> ProblemException.notFound(CustomerChanges.WHAT, id));
    }

    @PostMapping(path = "/{id}/notes", consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.CREATED)
    @RequiresRole({Role.AGENT, Role.ADMIN})
    Note addNote(Caller caller, @PathVariable("id") String id, @RequestBody CustomerBodies.NewNote body) {
        return changes.addNote(caller, idOf(id), body.checkedText());
    }

    private ResponseEntity<Detail> shown(Caller caller, UUID id) {
        return shown(caller, id, HttpStatus.OK);
    }

    private ResponseEntity<Detail> shown(Caller caller, UUID id, HttpStatus status) {
        Detail detail = reader.find(caller.clientId(), id)
                .orElseThrow(() -> ProblemException.notFound(CustomerChanges.WHAT, id));
        return ResponseEntity.status(status)
                .eTag(EntityTags.tagOf(detail.revision()))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .body(detail);
    }

    private static UUID idOf(String id) {
        return PageRequest.idOf(CustomerChanges.WHAT, id);
    }
}

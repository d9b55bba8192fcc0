package io.opsrelay.ingestion.deadletter;

import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.docs.DescribedAs;
import io.opsrelay.security.web.Cursor;
import io.opsrelay.security.web.Page;
import io.opsrelay.security.web.PageRequest;
import io.opsrelay.security.web.ProblemException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
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
import tools.jackson.databind.JsonNode;

/** Dead letters over HTTP: an admin's are those of the client, an operator's those of nobody. */
@RestController
@RequestMapping("/api/v1/dead-letters")
@RequiresRole({Role.ADMIN, Role.OPERATOR})
class DeadLetterEndpoint {

    private static final String WHAT = "dead letter";
    private static final int LONGEST_REASON = 1_000;

    private final Letters letters;

    DeadLetterEndpoint(Letters letters) {
        this.letters = letters;
    }

    @GetMapping
    Page<LetterResource.Summary> list(
            Caller caller,
            PageRequest page,
            @RequestParam(name = "state", required = false) @DescribedAs(LetterState.class) @Nullable String state,
            @RequestParam(name = "topic", required = false) @Nullable String topic,
            @RequestParam(name = "consumer", required = false) @Nullable String consumer,
            @RequestParam(name = "event_type", required = false) @Nullable String eventType,
            @RequestParam(name = "reason", required = false) @Nullable String reason,
            @RequestParam(name = "from", required = false) @DescribedAs(Instant.class) @Nullable String from,
            @RequestParam(name = "to", required = false) @DescribedAs(Instant.class) @Nullable String to) {
        LetterFilter filter = LetterFilter.of(state, topic, consumer, eventType, reason, from, to);
        List<LetterResource.Summary> rows = letters.list(caller, filter, page).stream()
                .map(LetterResource.Summary::of)
                .toList();
        return Page.of(rows, page.limit(), row -> new Cursor(row.createdAt(), row.letterId()));
    }

    @GetMapping("/{id}")
    LetterResource.Detail one(Caller caller, @PathVariable("id") String id) {
        return LetterResource.Detail.of(letters.one(caller, letterId(id)));
    }

    @PostMapping("/{id}/replay")
    @ResponseStatus(HttpStatus.ACCEPTED)
    LetterResource.Summary replay(
            Caller caller, @PathVariable("id") String id, @RequestBody(required = false) @Nullable ReplayBody body) {
        JsonNode value = body == null ? null : body.value();
        return LetterResource.Summary.of(letters.replay(caller, letterId(id), value));
    }

    @PostMapping(path = "/{id}/discard", consumes = MediaType.APPLICATION_JSON_VALUE)
    LetterResource.Summary discard(Caller caller, @PathVariable("id") String id, @RequestBody DiscardBody body) {
        String reason = body.reason();
        if (reason == null || reason.isBlank()) {
            throw ProblemException.unprocessable("reason", "is required: say why nobody needs it");
        }
        if (reason.length() > LONGEST_REASON || reason.indexOf('\0') >= 0) {
            throw ProblemException.unprocessable(
                    "reason", "must have at most " + LONGEST_REASON + " characters and no NUL among them");
        }
        return LetterResource.Summary.of(letters.discard(caller, letterId(id), reason));
    }

    @PostMapping(path = "/replay", consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.ACCEPTED)
    Replaying replayAll(Caller caller, @RequestBody BulkBody body) {
        LetterFilter filter = LetterFilter.of(
                null, body.topic(), body.consumer(), body.eventType(), body.reason(), body.from(), body.to());
        int replaying = letters.replayAll(caller, filter);
        return new Replaying(replaying, replaying == Letters.MOST_AT_ONCE);
    }

    private static UUID letterId(String id) {
        return PageRequest.idOf(WHAT, id);
    }

    /** @param value what is published in place of the record's value; absent where that stays */
    record ReplayBody(@Nullable JsonNode value) {}

    /** @param reason for who looks at it later */
    record DiscardBody(@Nullable String reason) {}

    /** Which open letters are meant, as in the list; an empty one means all. */
    record BulkBody(
            @Nullable String topic,
            @Nullable String consumer,
            @Nullable String eventType,
            @Nullable String reason,
            @DescribedAs(Instant.class) @Nullable String from,
            @DescribedAs(Instant.class) @Nullable String to) {}

    /**
     * What a bulk replay does.
     *
     * @param replaying letters that are published again now
     * @param more whether there may be more of them: ask again
     */
    record Replaying(int replaying, boolean more) {}
}

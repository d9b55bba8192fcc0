package io.opsrelay.ingestion.ticket;

import io.opsrelay.security.docs.DescribedAs;
import io.opsrelay.security.web.ProblemException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.BindParam;

/**
 * The query parameters that say which tickets are meant and in which order. Handlers take it as a parameter.
 *
 * @param status one or several, repeated or with commas between; the older names pending, processing, completed too
 * @param createdFrom RFC 3339, the first moment that counts
 * @param createdTo RFC 3339, the first moment that does not count any more
 * @param words of subject, text or the customer's address; the last one may be the beginning of a word
 * @param sort created_at, updated_at or priority; with a minus the other way round. Or status, channel or category: the
 *     values one after the other, with a minus the other way round, and of each the newest first
 */
public record ListParameters(
        @BindParam("status")
        @DescribedAs(
                value = String[].class,
                oneOf = {
                    "received",
                    "analyzing",
                    "awaiting_approval",
                    "acting",
                    "resolved",
                    "escalated",
                    "failed",
                    "closed",
                    "pending",
                    "processing",
                    "completed"
                })
        String @Nullable [] status,

        @BindParam("channel") @Nullable String channel,

        @BindParam("priority") @DescribedAs(oneOf = {"low", "normal", "high", "urgent"}) @Nullable
        String priority,

        @BindParam("category") @Nullable String category,
        @BindParam("tag") @Nullable String tag,
        @BindParam("assignee") @Nullable String assignee,
        @BindParam("external_id") @Nullable String externalId,

        @BindParam("customer_id") @DescribedAs(UUID.class) @Nullable
        String customerId,

        @BindParam("customer_email") @Nullable String customerEmail,

        @BindParam("created_from") @DescribedAs(Instant.class) @Nullable
        String createdFrom,

        @BindParam("created_to") @DescribedAs(Instant.class) @Nullable
        String createdTo,

        @BindParam("q") @Nullable String words,

        @BindParam("sort")
        @DescribedAs(
                oneOf = {
                    "-created_at",
                    "created_at",
                    "-updated_at",
                    "updated_at",
                    "-priority",
                    "priority",
                    "status",
                    "-status",
                    "channel",
                    "-channel",
                    "category",
                    "-category"
                })
        @Nullable
        String sort) {

    private static final int MAX_WORDS = 200;
    private static final int MAX_VALUE = 1_000;

    /** @throws ProblemException 400 that names the first parameter that cannot be understood */
    public TicketFilter filter() {
        String email = value("customer_email", customerEmail);
        String typed = value("q", words);
        if (typed != null && typed.length() > MAX_WORDS) {
            throw ProblemException.badRequest("q", "must have at most " + MAX_WORDS + " characters");
        }
        return new TicketFilter(
                status == null
                        ? List.of()
                        : TicketFilter.statusesNamed(Arrays.stream(status)
                                .flatMap(names -> Arrays.stream(names.split(",", -1)))
                                .toList()),
                value("channel", channel),
                value("priority", priority),
                value("category", category),
                value("tag", tag),
                value("assignee", assignee),
                value("external_id", externalId),
                id(customerId),
                email == null ? null : email.toLowerCase(Locale.ROOT),
                time("created_from", createdFrom),
                time("created_to", createdTo),
                typed == null || typed.isBlank() ? null : typed.strip(),
                false);
    }

    /** @throws ProblemException 400 if there is no such order */
    public TicketSort order() {
        return TicketSort.named(sort);
    }

    private static @Nullable String value(String name, @Nullable String value) {
        if (value != null && value.indexOf('\0') >= 0) {
            throw ProblemException.badRequest(name, "must not contain a NUL character");
        }
        if (value != null && value.length() > MAX_VALUE) {
            throw ProblemException.badRequest(name, "must have at most " + MAX_VALUE + " characters");
        }
        return value;
    }

    private static @Nullable UUID id(@Nullable String value) {
        try {
            return value == null ? null : UUID.fromString(value);
        } catch (IllegalArgumentException e) {
            throw ProblemException.badRequest("customer_id", "must be the customer_id of a ticket");
        }
    }

    private static @Nullable Instant time(String name, @Nullable String value) {
        try {
            // A plus sign that was not escaped has become a space.
            return value == null
                    ? null
                    : OffsetDateTime.parse(value.replace(' ', '+')).toInstant();
        } catch (DateTimeException e) {
            throw ProblemException.badRequest(name, "must be a time like 2026-11-20T10:00:00Z");
        }
    }
}

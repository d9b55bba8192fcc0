package io.opsrelay.ingestion.ticket;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.opsrelay.security.docs.DescribedAs;
import io.opsrelay.security.web.ProblemException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The bodies of the desk's requests, as they are sent; each says what it asks for, or which field is at fault. */
final class DeskBodies {

    static final int MAX_TEXT = 100_000;
    static final int MAX_REASON = 1_000;
    static final int MAX_TAGS = 20;
    static final int MAX_USER = 254;
    static final int MAX_EXTERNAL_ID = 200;
    static final int MAX_CATEGORY = 100;

    private static final List<String> PRIORITIES = List.of("low", "normal", "high", "urgent");
    private static final List<String> SENTIMENTS = List.of("negative", "neutral", "positive");
    private static final Set<String> LANGUAGES = Set.of(Locale.getISOLanguages());
    private static final List<String> SETTABLE = List.of("resolved", "escalated", "closed");

    /** A word or a few; letters of any script. */
    private static final Pattern TAG =
            Pattern.compile("[\\p{L}\\p{N}](?:[\\p{L}\\p{M}\\p{N} _.:/-]{0,48}[\\p{L}\\p{M}\\p{N}])?");

    /** As the labels of a client's classifier are: visible characters and single spaces between them. */
    private static final Pattern CATEGORY = Pattern.compile("[^\\p{Cc}\\p{Cf}\\p{Z}]+(?: [^\\p{Cc}\\p{Cf}\\p{Z}]+)*");

    private DeskBodies() {}

    /** {@code POST .../status}. */
    record StatusBody(
            @DescribedAs(oneOf = {"resolved", "escalated", "closed"}) @Nullable
            String status,

            @Nullable String reason) {

        TicketStatus toStatus() {
            if (status == null || !SETTABLE.contains(status)) {
                throw ProblemException.unprocessable("status", "must be one of " + String.join(", ", SETTABLE));
            }
            return TicketStatus.of(status);
        }

        @Nullable
        String toReason() {
            return reasonOf(reason);
        }
    }

    /** {@code POST .../retry}. */
    record RetryBody(@Nullable String reason) {

        @Nullable
        String toReason() {
            return reasonOf(reason);
        }
    }

    /** {@code POST .../merge}. */
    record MergeBody(
            @DescribedAs(UUID.class) @Nullable String into,
            @Nullable String reason) {

        UUID toTarget() {
            if (into == null) {
                throw ProblemException.unprocessable("into", "is required");
            }
            try {
                return UUID.fromString(into);
            } catch (IllegalArgumentException e) {
                throw ProblemException.unprocessable("into", "must be the id of a ticket");
            }
        }

        @Nullable
        String toReason() {
            return reasonOf(reason);
        }
    }

    /** {@code PUT .../tags}. */
    record TagsBody(@Nullable List<@Nullable String> tags) {

        /** In order, each once, in lower case. */
        List<String> toTags() {
            if (tags == null) {
                throw ProblemException.unprocessable("tags", "is required; an empty list takes all off");
            }
            TreeSet<String> sorted = new TreeSet<>();
            for (String tag : tags) {
                String plain = tag == null ? "" : tag.strip().toLowerCase(Locale.ROOT);
                if (!TAG.matcher(plain).matches()) {
                    throw ProblemException.unprocessable(
                            "tags",
                            "must be of 1 to 50 letters, digits, spaces and _ . : / -, beginning and ending with a"
                                    + " letter or a digit");
                }
                sorted.add(plain);
            }
            if (sorted.size() > MAX_TAGS) {
                throw ProblemException.unprocessable("tags", "must be at most " + MAX_TAGS);
            }
            return List.copyOf(sorted);
        }
    }

    /** {@code PUT .../priority}. */
    record PriorityBody(
            @DescribedAs(oneOf = {"low", "normal", "high", "urgent"}) @Nullable
            String priority) {

        String toPriority() {
            if (priority == null || !PRIORITIES.contains(priority)) {
                throw ProblemException.unprocessable("priority", "must be one of " + String.join(", ", PRIORITIES));
            }
            return priority;
        }
    }

    /** {@code PUT .../category}. Which labels there are the agent's classifier knows; here any that could be one is taken. */
    record CategoryBody(@Nullable String category, @Nullable String reason) {

        String toCategory() {
            if (category == null) {
                throw ProblemException.unprocessable("category", "is required");
            }
            if (category.length() > MAX_CATEGORY || !CATEGORY.matcher(category).matches()) {
                throw ProblemException.unprocessable(
                        "category",
                        "must be 1 to " + MAX_CATEGORY + " visible characters with single spaces between them, like"
                                + " the labels of the classifier");
            }
            return storable("category", category);
        }

        @Nullable
        String toReason() {
            return reasonOf(reason);
        }
    }

    /** {@code PUT .../language}. */
    record LanguageBody(@Nullable String language) {

        String toLanguage() {
            if (language == null || !LANGUAGES.contains(language)) {
                throw ProblemException.unprocessable(
                        "language", "must be the two small letters that ISO 639-1 has for it, e.g. en");
            }
            return language;
        }
    }

    /** {@code PUT .../sentiment}. */
    record SentimentBody(@Nullable String sentiment) {

        String toSentiment() {
            if (sentiment == null || !SENTIMENTS.contains(sentiment)) {
                throw ProblemException.unprocessable("sentiment", "must be one of " + String.join(", ", SENTIMENTS));
            }
            return sentiment;
        }
    }

    /**
     * {@code PUT .../assignee}.
     *
     * @param assignee a user's name; JSON null for nobody; absent is an error, since it would take the ticket from somebody
     */
    record AssigneeBody(
            @JsonInclude @DescribedAs(String.class) @Nullable
            JsonNode assignee) {

        @JsonCreator
        AssigneeBody(@JsonProperty("assignee") @Nullable JsonNode assignee) {
            this.assignee = assignee;
        }

        @Nullable
        String toUser() {
            if (assignee == null) {
                throw ProblemException.unprocessable("assignee", "is required: a user's name, or null for nobody");
            }
            if (assignee.isNull()) {
                return null;
            }
            String user = assignee.isString() ? assignee.asString().strip() : "";
            if (user.isEmpty() || user.length() > MAX_USER || user.codePoints().anyMatch(DeskBodies::isNoName)) {
                throw ProblemException.unprocessable(
                        "assignee",
                        "must be a user's name of 1 to " + MAX_USER + " characters without spaces, or null");
            }
            return user;
        }
    }

    /** {@code POST .../messages}. */
    record MessageBody(
            @Nullable String text,
            @Nullable Boolean internal,
            @Nullable List<@Nullable String> attachments) {

        String toText() {
            return textOf(text);
        }

        /** Files of the ticket that go out with it. */
        List<UUID> toFiles() {
            if (attachments == null || attachments.isEmpty()) {
                return List.of();
            }
            if (isNote()) {
                throw ProblemException.unprocessable("attachments", "go to customers only: a note sends none");
            }
            return attachments.stream().map(MessageBody::fileOf).toList();
        }

        private static UUID fileOf(@Nullable String id) {
            try {
                return UUID.fromString(String.valueOf(id));
            } catch (IllegalArgumentException e) {
                throw ProblemException.unprocessable("attachments", "must be ids of files of this ticket");
            }
        }

        boolean isNote() {
            return Objects.requireNonNullElse(internal, false);
        }
    }

    /** {@code POST .../replies}. */
    record ReplyBody(@Nullable String text, @Nullable String externalId) {

        String toText() {
            return textOf(text);
        }

        @Nullable
        String toExternalId() {
            if (externalId == null) {
                return null;
            }
            if (externalId.isBlank() || externalId.codePointCount(0, externalId.length()) > MAX_EXTERNAL_ID) {
                throw ProblemException.unprocessable("external_id", "must be 1 to " + MAX_EXTERNAL_ID + " characters");
            }
            return storable("external_id", externalId);
        }
    }

    private static String textOf(@Nullable String text) {
        if (text == null) {
            throw ProblemException.unprocessable("text", "is required");
        }
        if (text.isBlank()) {
            throw ProblemException.unprocessable("text", "must not be blank");
        }
        if (text.codePointCount(0, text.length()) > MAX_TEXT) {
            throw ProblemException.unprocessable("text", "must have at most " + MAX_TEXT + " characters");
        }
        return storable("text", text);
    }

    private static @Nullable String reasonOf(@Nullable String reason) {
        if (reason == null || reason.isBlank()) {
            return null;
        }
        if (reason.codePointCount(0, reason.length()) > MAX_REASON) {
            throw ProblemException.unprocessable("reason", "must have at most " + MAX_REASON + " characters");
        }
        return storable("reason", reason.strip());
    }

    /** PostgreSQL takes every Unicode text but NUL; a lone surrogate is no text at all. */
    private static String storable(String field, String text) {
        boolean bad = text.codePoints()
                .anyMatch(c -> c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
        if (bad) {
            throw ProblemException.unprocessable(field, "must not contain NUL characters or halves of surrogate pairs");
        }
        return text;
    }

    private static boolean isNoName(int c) {
        return Character.isWhitespace(c)
                || Character.isSpaceChar(c)
                || Character.isISOControl(c)
                || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }
}

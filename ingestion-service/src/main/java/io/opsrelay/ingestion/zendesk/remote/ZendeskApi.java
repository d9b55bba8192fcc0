package io.opsrelay.ingestion.zendesk.remote;

import io.opsrelay.ingestion.zendesk.remote.ZendeskException.Kind;
import io.opsrelay.security.outbound.Exchange;
import io.opsrelay.security.outbound.GuardedHttp;
import io.opsrelay.security.outbound.OutboundException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Calls Zendesk. All of it throws {@link ZendeskException} where Zendesk does not do it.
 *
 * @param timeout for a whole answer
 * @param allowPrivate whether an account may stand in our own network, and be spoken to without TLS
 */
public record ZendeskApi(GuardedHttp http, Duration timeout, boolean allowPrivate) {

    /** Under which name the custom metadata of a comment holds what it is to us. */
    public static final String MARKER = "opsrelay";

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int MOST_BYTES = 32 * 1024 * 1024;
    private static final int MOST_COMMENT_PAGES = 50;
    private static final int COMMENTS_PER_PAGE = 100;
    private static final String COMMENT = "Comment";
    private static final int LONGEST_REASON = 300;
    private static final int MAX_SECONDS_DIGITS = 5;

    /**
     * A page of the incremental export.
     *
     * @param cursor where the next one begins; absent only if Zendesk gave none
     */
    public record Page(List<RemoteTicket> tickets, @Nullable String cursor, boolean endOfStream) {

        public Page {
            tickets = List.copyOf(tickets);
        }
    }

    /**
     * A page of tickets in the order of their changes.
     *
     * @param cursor where it begins; null for the beginning at {@code startTime}
     * @param startTime in seconds since 1970
     */
    public Page tickets(ZendeskAccount account, @Nullable String cursor, long startTime, int perPage) {
        String from = cursor == null
                ? "start_time=" + startTime
                : "cursor=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8);
        JsonNode body = call(
                account,
                "GET",
                "/api/v2/incremental/tickets/cursor.json?" + from + "&per_page=" + perPage + "&include=users",
                null);
        Map<Long, String> emails = emails(body);
        List<RemoteTicket> tickets = new ArrayList<>();
        body.path("tickets").forEach(ticket -> tickets.add(ticket(ticket, emails)));
        String after = body.path("after_cursor").asString("");
        return new Page(
                tickets,
                after.isEmpty() ? null : after,
                body.path("end_of_stream").asBoolean(false));
    }

    /** One ticket as it is now. */
    public RemoteTicket ticket(ZendeskAccount account, long id) {
        JsonNode body = call(account, "GET", "/api/v2/tickets/" + id + ".json?include=users", null);
        return ticket(body.path("ticket"), emails(body));
    }

    /** Whether a comment of the ticket has that marker. */
    public boolean hasComment(ZendeskAccount account, long id, UUID marker) {
        String wanted = marker.toString();
        return anyComment(account, id, comment -> markerOf(comment).equals(wanted));
    }

    /**
     * The comments of a ticket behind one that is known, oldest first.
     *
     * @param known null for all, from the description on
     */
    public List<RemoteComment> comments(ZendeskAccount account, RemoteTicket ticket, @Nullable Long known) {
        List<RemoteComment> newestFirst = new ArrayList<>();
        Set<Long> seen = new HashSet<>();
        boolean found = anyComment(account, ticket.id(), comment -> {
            long id = comment.path("id").asLong(0);
            if (known != null && id == known) {
                return true;
            }
            // One that comes while this reads moves the others on, to the next page maybe.
            if (seen.add(id)) {
                newestFirst.add(comment(comment, ticket));
            }
            return false;
        });
        if (!found && !newestFirst.isEmpty()) {
            RemoteComment description = newestFirst.removeLast();
            newestFirst.add(new RemoteComment(description.id(), null, 0));
        }
        return List.copyOf(newestFirst.reversed());
    }

    private static RemoteComment comment(JsonNode comment, RemoteTicket ticket) {
        boolean byRequester = ticket.requesterId() != 0
                && comment.path("author_id").asLong(0) == ticket.requesterId()
                && comment.path("public").asBoolean(false)
                // Of calls there are only minutes, which no customer wrote.
                && comment.path("type").asString(COMMENT).equals(COMMENT)
                && markerOf(comment).isEmpty();
        return new RemoteComment(
                comment.path("id").asLong(0),
                byRequester ? comment.path("body").asString("") : null,
                comment.path("attachments").size());
    }

    private static String markerOf(JsonNode comment) {
        return comment.path("metadata").path("custom").path(MARKER).asString("");
    }

    /** Looks at the comments of a ticket, newest first, until one is the wanted one. */
    private boolean anyComment(ZendeskAccount account, long id, Predicate<JsonNode> wanted) {
        String page = "";
        for (int i = 0; i < MOST_COMMENT_PAGES; i++) {
            JsonNode body = call(
                    account,
                    "GET",
                    "/api/v2/tickets/" + id + "/comments.json?sort=-created_at&page%5Bsize%5D=" + COMMENTS_PER_PAGE
                            + page,
                    null);
            for (JsonNode comment : body.path("comments")) {
                if (wanted.test(comment)) {
                    return true;
                }
            }
            String after = body.path("meta").path("after_cursor").asString("");
            if (!body.path("meta").path("has_more").asBoolean(false) || after.isEmpty()) {
                return false;
            }
            page = "&page%5Bafter%5D=" + URLEncoder.encode(after, StandardCharsets.UTF_8);
        }
        throw new ZendeskException(Kind.REFUSED, "the ticket has more comments than can be looked at", null);
    }

    /**
     * Writes to a ticket unless it was changed since it was read.
     *
     * @param comment null for none
     * @param toCustomer whether the customer sees the comment
     * @param tags all that it has afterwards
     */
    public void update(
            ZendeskAccount account,
            RemoteTicket read,
            UUID marker,
            @Nullable String comment,
            boolean toCustomer,
            List<String> tags) {
        ObjectNode ticket = JSON.createObjectNode();
        if (comment != null) {
            ticket.putObject("comment").put("body", comment).put("public", toCustomer);
        }
        tags.forEach(ticket.putArray("tags")::add);
        ticket.putObject("metadata").putObject("custom").put(MARKER, marker.toString());
        ticket.put("safe_update", true).put("updated_stamp", read.updatedAt());
        ObjectNode body = JSON.createObjectNode();
        body.set("ticket", ticket);
        call(account, "PUT", "/api/v2/tickets/" + read.id() + ".json", body);
    }

    private JsonNode call(ZendeskAccount account, String method, String path, @Nullable JsonNode body) {
        if (!allowPrivate && !"https".equals(account.base().getScheme())) {
            throw new ZendeskException(Kind.SIGN_IN, "Zendesk is spoken to by https only", null);
        }
        Map<String, String> headers = new HashMap<>();
        headers.put("Authorization", account.authorization());
        headers.put("Accept", "application/json");
        byte[] bytes = body == null ? new byte[0] : JSON.writeValueAsBytes(body);
        try {
            return http.send(
                    new Exchange(
                            method,
                            URI.create(account.base() + path),
                            headers,
                            bytes,
                            timeout,
                            MOST_BYTES,
                            allowPrivate),
                    (head, stream) -> read(head, stream.readAllBytes()));
        } catch (OutboundException e) {
            Kind kind = e.status().equals("refused address") ? Kind.SIGN_IN : Kind.PASSING;
            throw new ZendeskException(kind, "Zendesk " + e.reason(), null);
        }
    }

    private static JsonNode read(Exchange.Head head, byte[] bytes) {
        JsonNode body = json(bytes);
        int status = head.status();
        if (status >= 200 && status <= 299 && body != null) {
            return body;
        }
        Kind kind =
                switch (status) {
                    case 401, 403 -> Kind.SIGN_IN;
                    case 409 -> Kind.CONFLICT;
                    case 408, 423, 425, 429 -> Kind.PASSING;
                    default -> status >= 400 && status <= 499 ? Kind.REFUSED : Kind.PASSING;
                };
        throw new ZendeskException(kind, "Zendesk answered " + status + said(body), retryAfter(head));
    }

    private static @Nullable JsonNode json(byte[] bytes) {
        try {
            return JSON.readTree(bytes);
        } catch (JacksonException e) {
            return null;
        }
    }

    /** Zendesk writes {@code error} as a word or as an object, {@code description} beside it, and details below it. */
    private static String said(@Nullable JsonNode body) {
        if (body == null) {
            return "";
        }
        JsonNode error = body.path("error");
        String text = body.path("description").asString("");
        if (text.isEmpty()) {
            text = error.isObject() ? error.path("message").asString("") : error.asString("");
        }
        if (body.path("details").isObject()) {
            text += " " + body.path("details");
        }
        String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
        return line.isEmpty() ? "" : ": " + line.substring(0, Math.min(line.length(), LONGEST_REASON));
    }

    private static @Nullable Duration retryAfter(Exchange.Head head) {
        String value = head.header("retry-after");
        return value != null && value.strip().matches("[0-9]{1," + MAX_SECONDS_DIGITS + "}")
                ? Duration.ofSeconds(Long.parseLong(value.strip()))
                : null;
    }

    private static Map<Long, String> emails(JsonNode body) {
        Map<Long, String> emails = new HashMap<>();
        for (JsonNode user : body.path("users")) {
            String email = user.path("email").asString("");
            if (!email.isBlank()) {
                emails.put(user.path("id").asLong(0), email.strip());
            }
        }
        return emails;
    }

    private static RemoteTicket ticket(JsonNode ticket, Map<Long, String> emails) {
        List<String> tags = new ArrayList<>();
        ticket.path("tags").forEach(tag -> tags.add(tag.asString("")));
        String priority = ticket.path("priority").asString("");
        return new RemoteTicket(
                ticket.path("id").asLong(0),
                ticket.path("subject").asString(""),
                ticket.path("description").asString(""),
                ticket.path("status").asString(""),
                priority.isEmpty() ? null : priority,
                ticket.path("requester_id").asLong(0),
                emails.get(ticket.path("requester_id").asLong(0)),
                tags,
                ticket.path("created_at").asString(""),
                ticket.path("updated_at").asString(""));
    }
}

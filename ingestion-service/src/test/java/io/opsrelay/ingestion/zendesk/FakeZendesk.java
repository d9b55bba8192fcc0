package io.opsrelay.ingestion.zendesk;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Zendesk's API as its documentation shows it: the incremental export by cursor, tickets, comments (of which the first is the
 * description), safe updates.
 */
public final class FakeZendesk implements AutoCloseable {

    public static final String EMAIL = "bot@acme.example";
    public static final String TOKEN = "zd-token";
    public static final String OAUTH = "zd-oauth";

    /** The user that signs in, and one of the account's agents. */
    static final long BOT = 1;

    static final long AGENT = 2;

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Pattern TICKET = Pattern.compile("/api/v2/tickets/([0-9]+)(/comments)?\\.json");

    private final HttpServer server;
    private final Map<Long, Ticket> tickets = new LinkedHashMap<>();
    private final Map<Long, String> users = new HashMap<>();
    private final Queue<Planned> planned = new ConcurrentLinkedQueue<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    /** Bodies of the updates that were done. */
    private final List<JsonNode> writes = new CopyOnWriteArrayList<>();

    private long changes;
    private long comments = 9_000_000_000L;
    private volatile boolean loseNextWrite;
    private volatile boolean changeBeforeNextWrite;

    /** @param what method or path, whose next request is answered so */
    private record Planned(String what, int status, String body, String retryAfter) {

        boolean isOf(HttpExchange exchange) {
            return what.equals(exchange.getRequestMethod())
                    || what.equals(exchange.getRequestURI().getPath());
        }
    }

    private static final class Ticket {
        private final Map<String, Object> fields = new LinkedHashMap<>();
        private final List<Map<String, Object>> comments = new ArrayList<>();
        private long change;
    }

    public FakeZendesk() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::serve);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Null for what is not there. */
    public synchronized void ticket(long id, String subject, String description, String email) {
        ticketOf(id + 1_000, id, subject, description, email);
    }

    synchronized void ticketOf(long requester, long id, String subject, String description, String email) {
        Ticket ticket = new Ticket();
        ticket.fields.put("id", id);
        ticket.fields.put("subject", subject);
        ticket.fields.put("description", description);
        ticket.fields.put("status", "open");
        ticket.fields.put("priority", "high");
        ticket.fields.put("requester_id", requester);
        ticket.fields.put("tags", new ArrayList<>(List.of("vip")));
        tickets.put(id, ticket);
        if (email != null) {
            users.put(requester, email);
        }
        ticket.comments.add(comment(requester, description == null ? "" : description, true, Map.of()));
        touch(ticket);
        ticket.fields.put("created_at", ticket.fields.get("updated_at"));
    }

    /** By its requester, for all to see: what is not closed opens again. */
    public synchronized void customerWrites(long id, String text) {
        Ticket ticket = tickets.get(id);
        ticket.fields.put("status", "open");
        write(id, (Long) ticket.fields.get("requester_id"), text, true);
    }

    /** By anybody: an agent, an end user in copy, the requester. */
    synchronized void write(long id, long author, String text, boolean toCustomer) {
        tickets.get(id).comments.add(comment(author, text, toCustomer, Map.of()));
        touch(tickets.get(id));
    }

    /** By the requester, with a file. */
    synchronized void customerSendsFile(long id) {
        Ticket ticket = tickets.get(id);
        Map<String, Object> comment = comment((Long) ticket.fields.get("requester_id"), "", true, Map.of());
        comment.put("attachments", List.of(Map.of("id", 498_483L, "file_name", "lamp.jpg", "size", 2_532L)));
        ticket.comments.add(comment);
        touch(ticket);
    }

    /** The minutes of a call of the requester's. */
    synchronized void customerCalls(long id) {
        Ticket ticket = tickets.get(id);
        Map<String, Object> comment =
                comment((Long) ticket.fields.get("requester_id"), "Call from: +1 (123) 654-7890", true, Map.of());
        comment.put("type", "VoiceComment");
        ticket.comments.add(comment);
        touch(ticket);
    }

    private Map<String, Object> comment(long author, String text, boolean toCustomer, Map<?, ?> custom) {
        Map<String, Object> comment = new LinkedHashMap<>();
        comment.put("id", ++comments);
        comment.put("type", "Comment");
        comment.put("author_id", author);
        comment.put("body", text);
        comment.put("html_body", "<div class=\"zd-comment\"><p>" + text + "</p></div>");
        comment.put("plain_body", text);
        comment.put("public", toCustomer);
        comment.put("attachments", List.of());
        comment.put("audit_id", comments + 1_000_000L);
        comment.put("via", Map.of("channel", author == BOT ? "api" : "email"));
        comment.put(
                "created_at", Instant.ofEpochSecond(1_700_000_001L + changes).toString());
        comment.put("metadata", Map.of("system", Map.of(), "custom", custom));
        return comment;
    }

    synchronized void status(long id, String status) {
        tickets.get(id).fields.put("status", status);
        touch(tickets.get(id));
    }

    void answerNext(String method, int status, String body, String retryAfter) {
        planned.add(new Planned(method, status, body, retryAfter));
    }

    void answerNextTo(String path, int status, String body, String retryAfter) {
        planned.add(new Planned(path, status, body, retryAfter));
    }

    /** It is done, and the answer is never seen: as if the caller had died between the write and its mark. */
    void loseNextWrite() {
        loseNextWrite = true;
    }

    /** Somebody else changes the ticket after it was read. */
    void changeBeforeNextWrite() {
        changeBeforeNextWrite = true;
    }

    List<JsonNode> writes() {
        return List.copyOf(writes);
    }

    List<String> requests() {
        return List.copyOf(requests);
    }

    /** Behind the description. */
    public synchronized List<Map<String, Object>> comments(long id) {
        List<Map<String, Object>> all = tickets.get(id).comments;
        return List.copyOf(all.subList(1, all.size()));
    }

    @SuppressWarnings("unchecked")
    synchronized List<String> tags(long id) {
        return List.copyOf((List<String>) tickets.get(id).fields.get("tags"));
    }

    /** The customer goes on writing meanwhile, so that our comment is no longer on the first page. */
    private synchronized void comment(String path) {
        Matcher matcher = TICKET.matcher(path);
        if (matcher.matches()) {
            for (int i = 1; i <= 3; i++) {
                customerWrites(Long.parseLong(matcher.group(1)), "And?");
            }
        }
    }

    private void touch(Ticket ticket) {
        ticket.change = ++changes;
        ticket.fields.put(
                "updated_at", Instant.ofEpochSecond(1_700_000_000L + changes).toString());
    }

    private void serve(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
        Planned next = planned.peek();
        if (next != null && next.isOf(exchange)) {
            planned.remove();
            if (next.retryAfter() != null) {
                exchange.getResponseHeaders().set("Retry-After", next.retryAfter());
            }
            answer(exchange, next.status(), next.body());
            return;
        }
        if (!signedIn(exchange)) {
            answer(exchange, 401, "{\"error\":\"Couldn't authenticate you\"}");
            return;
        }
        boolean lose = exchange.getRequestMethod().equals("PUT") && loseNextWrite;
        Map.Entry<Integer, Object> answer = judge(exchange, body);
        if (lose) {
            loseNextWrite = false;
            comment(exchange.getRequestURI().getPath());
            exchange.close();
            return;
        }
        answer(exchange, answer.getKey(), JSON.writeValueAsString(answer.getValue()));
    }

    private static boolean signedIn(HttpExchange exchange) {
        String basic = Base64.getEncoder().encodeToString((EMAIL + "/token:" + TOKEN).getBytes(StandardCharsets.UTF_8));
        String given = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        return given.equals("Basic " + basic) || given.equals("Bearer " + OAUTH);
    }

    private synchronized Map.Entry<Integer, Object> judge(HttpExchange exchange, String body) {
        String path = exchange.getRequestURI().getPath();
        Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
        if (path.equals("/api/v2/incremental/tickets/cursor.json")) {
            return export(query);
        }
        Matcher matcher = TICKET.matcher(path);
        Ticket ticket = matcher.matches() ? tickets.get(Long.parseLong(matcher.group(1))) : null;
        if (ticket == null) {
            return Map.entry(404, Map.of("error", "RecordNotFound", "description", "Not found"));
        }
        if (matcher.group(2) != null) {
            return comments(ticket, query);
        }
        if (exchange.getRequestMethod().equals("PUT")) {
            return update(ticket, JSON.readTree(body).path("ticket"));
        }
        return Map.entry(200, Map.of("ticket", ticket.fields, "users", users(List.of(ticket))));
    }

    private Map.Entry<Integer, Object> export(Map<String, String> query) {
        if (!query.containsKey("cursor") && !query.containsKey("start_time")) {
            return Map.entry(400, Map.of("error", "InvalidParameter"));
        }
        long after =
                query.containsKey("cursor") ? Long.parseLong(query.get("cursor").substring(1)) : 0;
        int size = Integer.parseInt(query.getOrDefault("per_page", "1000"));
        List<Ticket> left = tickets.values().stream()
                .filter(ticket -> ticket.change > after)
                .sorted((one, other) -> Long.compare(one.change, other.change))
                .toList();
        List<Ticket> page = left.subList(0, Math.min(size, left.size()));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("tickets", page.stream().map(ticket -> ticket.fields).toList());
        answer.put("users", users(page));
        answer.put("after_cursor", "c" + (page.isEmpty() ? after : page.getLast().change));
        answer.put("before_cursor", null);
        answer.put("end_of_stream", page.size() == left.size());
        return Map.entry(200, answer);
    }

    private List<Map<String, Object>> users(List<Ticket> of) {
        return of.stream()
                .map(ticket -> (Long) ticket.fields.get("requester_id"))
                .map(id -> {
                    Map<String, Object> user = new LinkedHashMap<>();
                    user.put("id", id);
                    user.put("email", users.get(id));
                    return user;
                })
                .toList();
    }

    private static Map.Entry<Integer, Object> comments(Ticket ticket, Map<String, String> query) {
        List<Map<String, Object>> sorted =
                query.getOrDefault("sort", "created_at").equals("-created_at")
                        ? ticket.comments.reversed()
                        : ticket.comments;
        // A cursor names the comment that a page ended with: what is written meanwhile shifts no page.
        String after = query.get("page[after]");
        int from = after == null
                ? 0
                : sorted.stream()
                                .map(comment -> String.valueOf(comment.get("id")))
                                .toList()
                                .indexOf(after)
                        + 1;
        // Pages of two, whatever was asked for, so that there are several.
        List<Map<String, Object>> page = List.copyOf(sorted.subList(from, Math.min(from + 2, sorted.size())));
        Map<String, Object> meta = new LinkedHashMap<>();
        meta.put("has_more", from + 2 < sorted.size());
        if (!page.isEmpty()) {
            meta.put("after_cursor", String.valueOf(page.getLast().get("id")));
        }
        return Map.entry(200, Map.of("comments", page, "meta", meta));
    }

    private Map.Entry<Integer, Object> update(Ticket ticket, JsonNode update) {
        if (changeBeforeNextWrite) {
            changeBeforeNextWrite = false;
            @SuppressWarnings("unchecked")
            List<String> tags = (List<String>) ticket.fields.get("tags");
            tags.add("added-by-somebody");
            touch(ticket);
        }
        if (ticket.fields.get("status").equals("closed")) {
            return Map.entry(
                    422,
                    Map.of(
                            "error", "RecordInvalid",
                            "description", "Record validation errors",
                            "details",
                                    Map.of(
                                            "status",
                                            List.of(Map.of("description", "Status: closed prevents ticket update")))));
        }
        if (update.path("safe_update").asBoolean(false)
                && !update.path("updated_stamp").asString("").equals(ticket.fields.get("updated_at"))) {
            return Map.entry(409, Map.of("error", "UpdateConflict", "description", "Safe Update prevented the update"));
        }
        writes.add(update);
        if (update.has("comment")) {
            ticket.comments.add(comment(
                    BOT,
                    update.path("comment").path("body").asString(),
                    update.path("comment").path("public").asBoolean(),
                    JSON.convertValue(update.path("metadata").path("custom"), Map.class)));
        }
        List<String> tags = new ArrayList<>();
        update.path("tags").forEach(tag -> tags.add(tag.asString()));
        ticket.fields.put("tags", tags);
        touch(ticket);
        return Map.entry(200, Map.of("ticket", ticket.fields));
    }

    private static Map<String, String> query(String raw) {
        Map<String, String> query = new HashMap<>();
        for (String pair : raw == null ? new String[0] : raw.split("&")) {
            int is = pair.indexOf('=');
            query.put(
                    URLDecoder.decode(pair.substring(0, is), StandardCharsets.UTF_8),
                    URLDecoder.decode(pair.substring(is + 1), StandardCharsets.UTF_8));
        }
        return query;
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

package io.opsrelay.action.stripe;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opsrelay.contracts.ContractJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Stripe's API as far as refunds need it, on a loopback port: charges, payment intents, refunds, search, idempotency keys that
 * keep the first answer (errors included), faults on demand, and an append-only journal of what was asked and done.
 */
public final class FakeStripe implements AutoCloseable {

    /** What goes wrong with the next refund of a key. */
    public enum Fault {
        /** Hears nothing, and the connection breaks. */
        CLOSE_BEFORE,
        /** Does it, saves its answer, and the connection breaks before that is out. */
        DO_AND_CLOSE,
        /** Does it, and fails afterwards: what is saved is the error. */
        DO_AND_ERROR,
        /** Fails in the middle and has done nothing: what is saved is the error. */
        ERROR,
        /** Is down before the key is looked at: nothing is saved. */
        DOWN,
        /** Does it and answers long after anybody waits. */
        DO_AND_HANG,
        /** Asked too often. Nothing is saved. */
        LIMIT,
        /** Declined. */
        DECLINE,
        /** Somebody else gives the whole charge back just before. */
        SPENT_MEANWHILE,
        /** Somebody else gives a cent of the charge back just before. */
        PARTLY_SPENT_MEANWHILE
    }

    /**
     * An entry of the journal.
     *
     * @param done the id of the refund that this very request made
     */
    public record Entry(
            Instant at,
            String method,
            String path,
            String account,
            @Nullable String key,
            int status,
            boolean replayed,
            @Nullable String done) {}

    private static final Pattern QUERY = Pattern.compile("metadata\\[\"(.*)\"]:\"((?:[^\"\\\\]|\\\\.)*)\"");

    private final HttpServer server;
    private final Map<String, String> accountsByKey = new ConcurrentHashMap<>();
    private final Map<String, Map<String, Object>> charges = new LinkedHashMap<>();
    private final Map<String, Map<String, Object>> intents = new LinkedHashMap<>();
    private final Map<String, Map<String, Object>> refunds = new LinkedHashMap<>();
    private final Map<String, Saved> saved = new LinkedHashMap<>();
    private final Map<String, Fault> faults = new ConcurrentHashMap<>();
    private final Map<String, Integer> closing = new ConcurrentHashMap<>();
    private final Map<String, String> firstStatus = new ConcurrentHashMap<>();
    private final List<String> unsearchable = new ArrayList<>();
    private final List<Entry> journal = new ArrayList<>();
    private volatile boolean down;

    /** The first answer to a key; while {@code body} is absent it is still being worked out. */
    private static final class Saved {
        private final String request;
        private int status;
        private @Nullable Map<String, Object> body;

        Saved(String request) {
            this.request = request;
        }
    }

    private record Reply(int status, Map<String, Object> body) {}

    public FakeStripe() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/v1/", this::handle);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Writes a key of that account into a file, and lets it in. */
    public Path keyFile(Path folder, String account) {
        String key = "rk_test_" + UUID.randomUUID().toString().replace("-", "");
        accountsByKey.put(key, account);
        try {
            return Files.writeString(folder.resolve(account + ".key"), key + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets no key of that account in any more. */
    public void revokeKeysOf(String account) {
        accountsByKey.values().removeIf(account::equals);
    }

    public void down(boolean isDown) {
        down = isDown;
    }

    /** Takes a customer's money; amounts as Stripe writes them. */
    public synchronized String charge(
            String account, long amount, String currency, @Nullable String email, Map<String, String> metadata) {
        String id = id("ch");
        Map<String, Object> charge = new LinkedHashMap<>();
        charge.put("id", id);
        charge.put("object", "charge");
        charge.put("account", account);
        charge.put("amount", amount);
        charge.put("amount_captured", amount);
        charge.put("amount_refunded", 0L);
        charge.put("currency", currency);
        charge.put("created", Instant.now().getEpochSecond());
        charge.put("status", "succeeded");
        charge.put("captured", true);
        charge.put("paid", true);
        charge.put("disputed", false);
        charge.put("metadata", new TreeMap<>(metadata));
        charge.put("billing_details", email == null ? Map.of() : Map.of("email", email));
        charges.put(id, charge);
        return id;
    }

    /** Sets a field of a charge. */
    public synchronized void set(String chargeId, String field, Object value) {
        charges.get(chargeId).put(field, value);
    }

    /** A payment intent whose latest charge that is. */
    public synchronized void intent(String account, String chargeId, Map<String, String> metadata) {
        String id = id("pi");
        intents.put(
                id,
                new LinkedHashMap<>(Map.of(
                        "id", id,
                        "object", "payment_intent",
                        "account", account,
                        "latest_charge", chargeId,
                        "metadata", new TreeMap<>(metadata))));
    }

    /** The search does not know that charge yet. */
    public synchronized void notSearchableYet(String chargeId) {
        unsearchable.add(chargeId);
    }

    /** Makes the next refund with that key fail. */
    public void next(String key, Fault fault) {
        faults.put(key, fault);
    }

    /** Refunds of that charge begin with that status instead of succeeded. */
    public void beginWith(String chargeId, String status) {
        firstStatus.put(chargeId, status);
    }

    /** Ends a pending refund. */
    public synchronized void end(String refundId, String status) {
        Map<String, Object> refund = refunds.get(refundId);
        refund.put("status", status);
        if (status.equals("failed") || status.equals("canceled")) {
            refund.put("failure_reason", "expired_or_canceled_card");
            Map<String, Object> charge = charges.get((String) refund.get("charge"));
            charge.put("amount_refunded", number(charge, "amount_refunded") - number(refund, "amount"));
        }
    }

    /** What Stripe does with keys that are 24 hours old. */
    public synchronized void forgetKeys() {
        saved.clear();
    }

    /** A refund by its key. */
    public synchronized List<Map<String, Object>> refundsWith(String key) {
        return refunds.values().stream()
                .filter(refund -> key.equals(metadata(refund).get(StripePayments.KEY_METADATA)))
                .map(refund -> Map.copyOf(refund))
                .toList();
    }

    /** The journal of a key, oldest first. */
    public synchronized List<Entry> journal(String key) {
        return journal.stream().filter(entry -> key.equals(entry.key())).toList();
    }

    public synchronized List<Entry> journal() {
        return List.copyOf(journal);
    }

    /** An event about a refund, as Stripe sends it. */
    public synchronized String event(String type, String refundId) {
        return json(Map.of(
                "id",
                id("evt"),
                "object",
                "event",
                "type",
                type,
                "created",
                Instant.now().getEpochSecond(),
                "data",
                Map.of("object", refunds.get(refundId))));
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        Map<String, String> parameters = exchange.getRequestMethod().equals("POST")
                ? form(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8))
                : form(exchange.getRequestURI().getRawQuery());
        String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
        String account = accountOf(exchange);
        if (account == null) {
            answer(exchange, new Reply(401, error("invalid_request_error", null, null, "Invalid API Key provided")));
            return;
        }
        if (down) {
            answer(exchange, new Reply(503, error("api_error", null, null, "down")));
            return;
        }
        if (exchange.getRequestMethod().equals("POST") && path.equals("/v1/refunds")) {
            create(exchange, account, parameters, key);
            return;
        }
        Reply reply = read(account, path, parameters);
        note(exchange, account, key, reply.status(), false, null);
        answer(exchange, reply);
    }

    private @Nullable String accountOf(HttpExchange exchange) {
        String authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        String account = accountsByKey.get(authorization.replace("Bearer ", ""));
        String connected = exchange.getRequestHeaders().getFirst("Stripe-Account");
        return account == null || connected == null ? account : connected;
    }

    private void create(HttpExchange exchange, String account, Map<String, String> parameters, @Nullable String key)
            throws IOException {
        Fault fault = key == null ? null : faults.remove(key);
        if (key != null && closing.merge(key, -1, Integer::sum) >= 0) {
            // The JDK sends a request a second time by itself where the connection closes without an answer.
            exchange.close();
            return;
        }
        if (fault == Fault.CLOSE_BEFORE) {
            closing.put(key, 1);
            exchange.close();
            return;
        }
        if (fault == Fault.DOWN || fault == Fault.LIMIT) {
            int status = fault == Fault.DOWN ? 503 : 429;
            note(exchange, account, key, status, false, null);
            answer(exchange, new Reply(status, error("api_error", null, null, "try again")));
            return;
        }
        Saved mine = new Saved(new TreeMap<>(parameters).toString());
        Reply early = key == null ? null : claim(exchange, account, key, mine);
        if (early != null) {
            answer(exchange, early);
            return;
        }
        String done = null;
        Reply reply;
        synchronized (this) {
            spend(fault, parameters);
            reply = fault == Fault.ERROR || fault == Fault.DECLINE ? null : refund(account, parameters);
            if (reply != null && reply.status() == 200) {
                done = (String) reply.body().get("id");
            }
            if (fault == Fault.ERROR || fault == Fault.DO_AND_ERROR) {
                reply = new Reply(500, error("api_error", null, null, "something went wrong"));
            } else if (fault == Fault.DECLINE) {
                reply = new Reply(402, error("card_error", "card_declined", null, "The card was declined"));
            }
            mine.status = reply.status();
            mine.body = reply.body();
            note(exchange, account, key, reply.status(), false, done);
        }
        switch (fault) {
            case DO_AND_CLOSE -> {
                closing.put(String.valueOf(key), 1);
                exchange.close();
            }
            case DO_AND_HANG -> {
                java.util.concurrent.locks.LockSupport.parkNanos(
                        java.time.Duration.ofSeconds(20).toNanos());
                exchange.close();
            }
            case null, default -> answer(exchange, reply);
        }
    }

    private void spend(@Nullable Fault fault, Map<String, String> parameters) {
        if (fault == Fault.SPENT_MEANWHILE || fault == Fault.PARTLY_SPENT_MEANWHILE) {
            Map<String, Object> charge = charges.get(parameters.get("charge"));
            charge.put("amount_refunded", fault == Fault.SPENT_MEANWHILE ? charge.get("amount_captured") : 1L);
        }
    }

    /** What a key that is known already is answered with; null makes it this request's. */
    private synchronized @Nullable Reply claim(HttpExchange exchange, String account, String key, Saved mine) {
        Saved earlier = saved.putIfAbsent(account + " " + key, mine);
        if (earlier == null) {
            return null;
        }
        Reply reply;
        boolean replayed = false;
        if (!earlier.request.equals(mine.request)) {
            reply = new Reply(
                    400,
                    error(
                            "idempotency_error",
                            null,
                            null,
                            "Keys for idempotent requests can only be used with the same parameters"));
        } else if (earlier.body == null) {
            reply = new Reply(409, error("idempotency_error", "idempotency_key_in_use", null, "in use"));
        } else {
            replayed = true;
            exchange.getResponseHeaders().set("Idempotent-Replayed", "true");
            reply = new Reply(earlier.status, earlier.body);
        }
        note(exchange, account, key, reply.status(), replayed, null);
        return reply;
    }

    private Reply refund(String account, Map<String, String> parameters) {
        Map<String, Object> charge = charges.get(parameters.get("charge"));
        if (charge == null || !account.equals(charge.get("account"))) {
            return new Reply(404, error("invalid_request_error", "resource_missing", "charge", "No such charge"));
        }
        long left = number(charge, "amount_captured") - number(charge, "amount_refunded");
        long amount = Long.parseLong(parameters.get("amount"));
        if (left == 0) {
            return new Reply(
                    400,
                    error(
                            "invalid_request_error",
                            "charge_already_refunded",
                            null,
                            "Charge has already been refunded."));
        }
        if (amount > left) {
            return new Reply(
                    400,
                    error(
                            "invalid_request_error",
                            null,
                            "amount",
                            "Refund amount is greater than unrefunded amount on charge"));
        }
        charge.put("amount_refunded", number(charge, "amount_refunded") + amount);
        String id = id("re");
        Map<String, Object> refund = new LinkedHashMap<>();
        refund.put("id", id);
        refund.put("object", "refund");
        refund.put("charge", charge.get("id"));
        refund.put("amount", amount);
        refund.put("currency", charge.get("currency"));
        refund.put("created", Instant.now().getEpochSecond());
        refund.put("reason", parameters.get("reason"));
        refund.put("status", firstStatus.getOrDefault((String) charge.get("id"), "succeeded"));
        Map<String, String> metadata = new TreeMap<>();
        parameters.forEach((name, value) -> {
            if (name.startsWith("metadata[")) {
                metadata.put(name.substring("metadata[".length(), name.length() - 1), value);
            }
        });
        refund.put("metadata", metadata);
        refunds.put(id, refund);
        return new Reply(200, new LinkedHashMap<>(refund));
    }

    private synchronized Reply read(String account, String path, Map<String, String> parameters) {
        if (path.equals("/v1/charges/search")) {
            return search(
                    "/v1/charges/search",
                    parameters,
                    mine(charges, account, charge -> !unsearchable.contains((String) charge.get("id"))));
        }
        if (path.equals("/v1/payment_intents/search")) {
            return search(
                    "/v1/payment_intents/search",
                    parameters,
                    mine(intents, account, intent -> true).stream()
                            .map(intent -> {
                                Map<String, Object> expanded = new LinkedHashMap<>(intent);
                                expanded.put("latest_charge", charges.get((String) intent.get("latest_charge")));
                                return expanded;
                            })
                            .toList());
        }
        if (path.equals("/v1/charges")) {
            return page("/v1/charges", parameters, mine(charges, account, charge -> true));
        }
        if (path.equals("/v1/refunds")) {
            return page(
                    "/v1/refunds",
                    parameters,
                    refunds.values().stream()
                            .filter(refund -> refund.get("charge").equals(parameters.get("charge")))
                            .toList());
        }
        Map<String, Object> found = path.startsWith("/v1/charges/")
                ? charges.get(path.substring("/v1/charges/".length()))
                : refunds.get(path.substring("/v1/refunds/".length()));
        boolean visible = found != null && (!found.containsKey("account") || account.equals(found.get("account")));
        return visible
                ? new Reply(200, new LinkedHashMap<>(found))
                : new Reply(404, error("invalid_request_error", "resource_missing", "id", "No such object"));
    }

    private static List<Map<String, Object>> mine(
            Map<String, Map<String, Object>> all, String account, Predicate<Map<String, Object>> wanted) {
        return all.values().stream()
                .filter(one -> account.equals(one.get("account")) && wanted.test(one))
                .toList();
    }

    private static Reply search(String url, Map<String, String> parameters, List<Map<String, Object>> all) {
        Matcher query = QUERY.matcher(parameters.get("query"));
        if (!query.matches()) {
            return new Reply(
                    400, error("invalid_request_error", null, "query", "We were unable to parse your search query"));
        }
        String value = query.group(2).replaceAll("\\\\(.)", "$1");
        List<Map<String, Object>> found = all.stream()
                .filter(one -> value.equalsIgnoreCase(metadata(one).get(query.group(1))))
                .toList();
        return new Reply(200, Map.of("object", "search_result", "url", url, "has_more", false, "data", found));
    }

    /** Newest first, as all of Stripe's lists. */
    private static Reply page(String url, Map<String, String> parameters, List<Map<String, Object>> all) {
        List<Map<String, Object>> newest = new ArrayList<>(all).reversed();
        String after = parameters.get("starting_after");
        int from = 0;
        for (int i = 0; after != null && i < newest.size(); i++) {
            if (newest.get(i).get("id").equals(after)) {
                from = i + 1;
            }
        }
        int to = Math.min(newest.size(), from + Integer.parseInt(parameters.getOrDefault("limit", "10")));
        return new Reply(
                200,
                Map.of("object", "list", "url", url, "has_more", to < newest.size(), "data", newest.subList(from, to)));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, String> metadata(Map<String, Object> object) {
        return (Map<String, String>) object.get("metadata");
    }

    private static long number(Map<String, Object> object, String field) {
        return ((Number) object.get(field)).longValue();
    }

    private synchronized void note(
            HttpExchange exchange,
            String account,
            @Nullable String key,
            int status,
            boolean replayed,
            @Nullable String done) {
        journal.add(new Entry(
                Instant.now(),
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                account,
                key,
                status,
                replayed,
                done));
    }

    private static Map<String, Object> error(
            String type, @Nullable String code, @Nullable String parameter, String message) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("type", type);
        error.put("message", message);
        if (code != null) {
            error.put("code", code);
        }
        if (parameter != null) {
            error.put("param", parameter);
        }
        return Map.of("error", error);
    }

    private static void answer(HttpExchange exchange, Reply reply) throws IOException {
        byte[] body = json(reply.body()).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("Request-Id", id("req"));
        exchange.sendResponseHeaders(reply.status(), body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static Map<String, String> form(@Nullable String encoded) {
        Map<String, String> form = new LinkedHashMap<>();
        if (encoded != null && !encoded.isEmpty()) {
            for (String pair : encoded.split("&")) {
                int equals = pair.indexOf('=');
                form.put(
                        URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return form;
    }

    private static String json(Map<String, Object> value) {
        return ContractJson.mapper().writeValueAsString(value);
    }

    private static String id(String prefix) {
        return prefix + "_" + UUID.randomUUID().toString().replace("-", "");
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

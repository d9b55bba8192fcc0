package io.opsrelay.standalone.demo;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;

/**
 * The people of one client who decide: an approver about refunds, an admin about restarts. They look at what waits, and
 * only at what this demo asked for: what others asked for is left to others.
 */
final class Approver {

    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final int READING_SHORTEST = 2_000;
    private static final int READING_LONGEST = 8_000;

    private final String client;
    private final Gateway gateway;
    private final OpenTickets tickets;
    private final Set<String> restarts;
    private final Tally tally;
    private final Chronicle chronicle;
    private final RandomGenerator random;
    private final Door door = new Door(System::nanoTime);
    /** When each request is decided, in {@link System#nanoTime}. */
    private final Map<String, Long> dueAt = new HashMap<>();

    private final Set<String> done = new HashSet<>();

    /** @param restarts ids of the actions that the demo's SREs asked for */
    Approver(
            String client,
            Gateway gateway,
            OpenTickets tickets,
            Set<String> restarts,
            Tally tally,
            Chronicle chronicle,
            RandomGenerator random) {
        this.client = client;
        this.gateway = gateway;
        this.tickets = tickets;
        this.restarts = restarts;
        this.tally = tally;
        this.chronicle = chronicle;
        this.random = random;
    }

    void workUntil(CountDownLatch end) throws InterruptedException {
        Duration pause = LOOK_EVERY;
        while (!end.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
            lookOnce();
            Duration shut = door.shutFor();
            pause = shut.compareTo(LOOK_EVERY) > 0 ? shut : LOOK_EVERY;
        }
    }

    private void lookOnce() throws InterruptedException {
        Answer answer = gateway.get(user("approver"), "/api/v1/approvals?status=pending&limit=200");
        if (!answer.succeeded()) {
            tally.undecided(answer);
            door.refused(answer.retryAfter());
            return;
        }
        door.passed();
        Set<String> pending = new HashSet<>();
        for (JsonNode approval : answer.body().path("items")) {
            pending.add(text(approval, "approval_id"));
        }
        dueAt.keySet().retainAll(pending);
        done.retainAll(pending);
        for (JsonNode approval : answer.body().path("items")) {
            if (isOurs(approval) && isDue(text(approval, "approval_id"))) {
                decide(approval);
            }
        }
    }

    private boolean isOurs(JsonNode approval) {
        return tickets.find(text(approval, "ticket_id")).isPresent() || restarts.contains(text(approval, "action_id"));
    }

    private boolean isDue(String approvalId) {
        long now = System.nanoTime();
        Long due = dueAt.computeIfAbsent(
                approvalId,
                id -> now + TimeUnit.MILLISECONDS.toNanos(random.nextInt(READING_SHORTEST, READING_LONGEST)));
        return !done.contains(approvalId) && now - due >= 0;
    }

    private void decide(JsonNode approval) throws InterruptedException {
        String approvalId = text(approval, "approval_id");
        boolean refund = text(approval, "action_type").equals("refund");
        Judgement judgement = refund ? aboutRefund(approval) : Judgement.onRestart(random, Phrases.in(Language.EN));
        Answer answer = gateway.post(
                user(refund ? "approver" : "admin"),
                "/api/v1/approvals/" + approvalId + "/decide",
                judgement.body(),
                approvalId);
        if (answer.isNotNow()) {
            tally.undecided(answer);
            door.refused(answer.retryAfter());
            return;
        }
        done.add(approvalId);
        if (answer.succeeded()) {
            tally.decided(judgement.decision());
            chronicle.event(client, judgement.decision(), describe(approval, judgement));
        } else {
            tally.undecided(answer);
            chronicle.event(client, "not decided", answer.reason());
        }
    }

    private Judgement aboutRefund(JsonNode approval) {
        Optional<Letter> letter = tickets.find(text(approval, "ticket_id"));
        Language language = letter.map(found -> found.customer().language()).orElse(Language.EN);
        return Judgement.onRefund(
                random,
                Phrases.in(language),
                text(approval.path("arguments"), "amount"),
                approval.path("version").asInt(1) > 1);
    }

    private static String describe(JsonNode approval, Judgement judgement) {
        JsonNode arguments = approval.path("arguments");
        String what = arguments.has("amount")
                ? text(arguments, "amount") + " " + text(arguments, "currency") + " for " + text(arguments, "order_id")
                : text(approval, "action_type");
        return what
                + judgement.amount().map(part -> ", of it " + part).orElse("")
                + (judgement.reason().isEmpty() ? "" : ": " + judgement.reason());
    }

    private String user(String role) {
        return role + "@" + client + ".example";
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asString("");
    }
}

package io.opsrelay.benchmarks.actions;

import io.opsrelay.benchmarks.actions.Desk.Answer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/** Proposes refunds, asks for rollouts and decides what waits for a person, at a constant pace, until told to end. */
final class ActionLoad {

    private static final long APPROVERS_PAUSE_MILLIS = 150;
    private static final long RETRY_MILLIS = 300;
    private static final int REJECTED_ONE_IN = 8;

    private final Proposals proposals;
    private final List<Desk> desks;
    private final List<String> services;
    private final ExecutorService threads;
    private final Random random;
    private final Set<String> accepted = ConcurrentHashMap.newKeySet();
    private final Map<String, String> decisions = new ConcurrentHashMap<>();
    private final AtomicInteger open = new AtomicInteger();
    private volatile boolean proposing = true;
    private volatile boolean deciding = true;

    /** @param services of which rollouts are asked for in turn */
    ActionLoad(Proposals proposals, List<Desk> desks, List<String> services, ExecutorService threads, Random random) {
        this.proposals = proposals;
        this.desks = desks;
        this.services = services;
        this.threads = threads;
        this.random = random;
    }

    /** @param rate actions a second; every third is a rollout */
    void begin(double rate) {
        threads.execute(() -> propose(rate));
        desks.forEach(desk -> threads.execute(() -> decide(desk)));
    }

    private void propose(double rate) {
        try {
            for (int i = 0; proposing; i++) {
                Desk desk = desks.get(i % desks.size());
                if (i % 3 == 2) {
                    String reason = "rollout-" + i;
                    String service = services.get((i / 3) % services.size());
                    open.incrementAndGet();
                    threads.execute(() -> rollOut(desk, service, reason));
                } else {
                    proposals.refund(desk.client());
                }
                TimeUnit.MICROSECONDS.sleep(Math.round(1e6 / rate));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Asks again, under the same key, until there is an answer. */
    private void rollOut(Desk desk, String service, String reason) {
        try {
            Answer answer = desk.rollout(service, reason);
            while (answer.status() != 202) {
                TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
                answer = desk.rollout(service, reason);
            }
            accepted.add(answer.body().path("action_id").asString(""));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.decrementAndGet();
        }
    }

    private void decide(Desk desk) {
        try {
            while (deciding) {
                for (JsonNode approval : desk.pending(200).body().path("items")) {
                    String id = approval.path("approval_id").asString("");
                    desk.decide(id, decisions.computeIfAbsent(id, key -> choice()));
                }
                TimeUnit.MILLISECONDS.sleep(APPROVERS_PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized String choice() {
        return random.nextInt(REJECTED_ONE_IN) == 0 ? "reject" : "approve";
    }

    /** No new actions; decisions go on. */
    void proposeNoMore() {
        proposing = false;
    }

    /** Whether everybody who asked has been answered. */
    boolean isAnswered() {
        return open.get() == 0;
    }

    void end() {
        proposing = false;
        deciding = false;
    }

    /** Ids of the actions that were taken in for sure. */
    Set<String> accepted() {
        Set<String> all = ConcurrentHashMap.newKeySet();
        all.addAll(accepted);
        proposals.acknowledged().forEach(id -> all.add(id.toString()));
        return all;
    }
}

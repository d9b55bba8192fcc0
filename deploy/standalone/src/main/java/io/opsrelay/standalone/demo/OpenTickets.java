package io.opsrelay.standalone.demo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The accepted letters whose tickets have not been seen to end. */
final class OpenTickets {

    private static final List<String> ENDS = List.of("resolved", "escalated", "failed", "closed");
    private static final int PAGE = 200;
    /** What is forgotten beyond it would be tickets that never end. */
    private static final int REMEMBERED = 10_000;

    private final Gateway gateway;
    private final Tally tally;
    private final Map<String, Letter> letters = new LinkedHashMap<>();
    private final Map<Integer, String> ids = new LinkedHashMap<>();

    OpenTickets(Gateway gateway, Tally tally) {
        this.gateway = gateway;
        this.tally = tally;
    }

    synchronized void add(String ticketId, Letter letter) {
        letters.put(ticketId, letter);
        ids.put(letter.number(), ticketId);
        trim(letters);
        trim(ids);
    }

    private static void trim(Map<?, ?> map) {
        if (map.size() > REMEMBERED) {
            map.remove(map.keySet().iterator().next());
        }
    }

    synchronized Optional<Letter> find(String ticketId) {
        return Optional.ofNullable(letters.get(ticketId));
    }

    /** The ticket that an accepted letter became, ended or not. */
    synchronized Optional<String> idOf(Letter letter) {
        return Optional.ofNullable(ids.get(letter.number()));
    }

    synchronized int size() {
        return letters.size();
    }

    /**
     * Looks which tickets have ended meanwhile.
     *
     * @param pages of each list, newest tickets first, at most
     */
    void look(int pages) throws InterruptedException {
        for (String client : Demo.CLIENTS) {
            for (String status : ENDS) {
                look(client, status, pages);
            }
        }
    }

    private void look(String client, String status, int pages) throws InterruptedException {
        String list = "/api/v1/tickets?limit=" + PAGE + "&status=" + status;
        String cursor = "";
        for (int page = 0; page < pages && isAwaiting(client); page++) {
            Answer answer = gateway.get("viewer@" + client + ".example", list + cursor);
            List<String> ended = new ArrayList<>();
            answer.body()
                    .path("items")
                    .forEach(item -> ended.add(item.path("ticket_id").asString("")));
            ended.forEach(ticketId -> end(ticketId, status));
            JsonNode next = answer.body().path("next_cursor");
            if (!next.isString()) {
                return;
            }
            cursor = "&cursor=" + next.asString();
        }
    }

    private synchronized boolean isAwaiting(String client) {
        return letters.values().stream().anyMatch(letter -> letter.client().equals(client));
    }

    private synchronized void end(String ticketId, String status) {
        if (letters.remove(ticketId) != null) {
            tally.ended(status);
        }
    }
}

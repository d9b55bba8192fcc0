package io.opsrelay.standalone.demo;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Posts letters as tickets. Who is told to come later does so a few times, and is one ticket all the same. */
final class Mailroom {

    private static final int ATTEMPTS = 5;

    private final Gateway gateway;
    private final Door door;
    private final OpenTickets tickets;
    private final Tally tally;
    private final Chronicle chronicle;
    private final CountDownLatch end;
    private final String run;

    /** @param run told apart from other runs, since the keys of requests are made of it */
    Mailroom(
            Gateway gateway,
            Door door,
            OpenTickets tickets,
            Tally tally,
            Chronicle chronicle,
            CountDownLatch end,
            String run) {
        this.gateway = gateway;
        this.door = door;
        this.tickets = tickets;
        this.tally = tally;
        this.chronicle = chronicle;
        this.end = end;
        this.run = run;
    }

    void post(Letter letter) throws InterruptedException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (end.await(door.shutFor().toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
            Answer answer = gateway.post(
                    "ingest@" + letter.client() + ".example",
                    "/api/v1/tickets",
                    body(letter),
                    run + "-" + letter.number());
            if (answer.succeeded()) {
                accepted(letter, answer);
                return;
            }
            tally.refused(answer);
            if (!answer.isNotNow()) {
                chronicle.event(letter.client(), "refused", answer.reason() + " - " + letter.subject());
                tally.givenUp();
                return;
            }
            if (door.refused(answer.retryAfter())) {
                chronicle.event(
                        letter.client(),
                        "not now",
                        answer.label() + "; waiting " + door.shutFor().toMillis() + " ms");
            }
        }
        tally.givenUp();
    }

    private void accepted(Letter letter, Answer answer) {
        door.passed();
        tickets.add(answer.body().path("ticket_id").asString(""), letter);
        tally.accepted();
        String order = letter.kind() == Kind.REFUND ? letter.facts().getOrDefault("order", "") + "  " : "";
        chronicle.event(
                letter.client(),
                letter.kind().code(),
                letter.customer().language().code() + "  " + letter.customer().mailbox() + "  " + order
                        + letter.subject());
    }

    private Map<String, Object> body(Letter letter) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("subject", letter.subject());
        body.put("body", letter.body());
        body.put("customer_email", letter.customer().email());
        body.put("channel", letter.channel());
        Letter earlier = letter.earlier();
        if (earlier != null) {
            tickets.idOf(earlier).ifPresent(id -> body.put("metadata", Map.of("follow_up_of", id)));
        }
        return body;
    }
}

package io.opsrelay.standalone.demo;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a customer writes to a client.
 *
 * @param number counts from 1 within a run
 * @param facts what the letter is about (product, order, service, ...), so that a second one can be about the same
 * @param earlier the customer's letter that this one refers to
 */
record Letter(
        int number,
        String client,
        Customer customer,
        Kind kind,
        String channel,
        String subject,
        String body,
        Map<String, String> facts,
        @Nullable Letter earlier) {

    Letter {
        facts = Map.copyOf(facts);
    }

    String text() {
        return subject + "\n" + body;
    }
}

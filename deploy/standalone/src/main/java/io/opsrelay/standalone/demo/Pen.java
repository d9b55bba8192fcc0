package io.opsrelay.standalone.demo;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Writes letters: puts each together from phrases drawn by lot, and writes none that it has written lately. */
final class Pen {

    /** Monitored systems of the clients, which customers complain about. */
    static final List<String> SERVICES =
            List.of("payment-api", "user-auth", "inventory-svc", "notification-svc", "search-api", "checkout-api");

    private static final List<String> CHANNELS = List.of("email", "email", "email", "chat", "chat", "api", "zendesk");
    private static final double WITH_DETAIL = 0.7;
    private static final int REMEMBERED = 2_000;
    private static final int TRIES = 200;

    private final RandomGenerator random;
    private final Set<String> written = new LinkedHashSet<>();
    private int number;

    Pen(RandomGenerator random) {
        this.random = random;
    }

    /**
     * A customer's first letter about something.
     *
     * @param service what a letter about an outage is about; drawn where absent
     */
    Letter write(Clientele clientele, Kind kind, @Nullable String service) {
        return unlikeBefore(() -> {
            Map<String, String> facts = new HashMap<>();
            Customer customer;
            if (kind.hasOrder()) {
                Clientele.Order order = clientele.drawOrder(random);
                customer = order.customer();
                facts.put("order", order.id());
            } else {
                customer = Clientele.drawCustomer(random);
            }
            if (kind.hasService()) {
                facts.put("service", service == null ? draw(SERVICES) : service);
            }
            return first(clientele.client(), customer, kind, facts);
        });
    }

    private Letter first(String client, Customer customer, Kind kind, Map<String, String> facts) {
        Phrases words = Phrases.in(customer.language());
        for (String slot : List.of("product", "city", "month")) {
            facts.put(slot, words.draw(slot, random));
        }
        facts.put("days", Integer.toString(2 + random.nextInt(8)));
        facts.put("name", customer.name());
        String text = words.fill(words.draw(kind.code() + ".core", random), facts);
        if (random.nextDouble() < WITH_DETAIL) {
            text += " " + words.fill(words.draw(kind.code() + ".detail", random), facts);
        }
        String subject = words.fill(words.draw(kind.code() + ".subject", random), facts);
        return new Letter(
                number, client, customer, kind, draw(CHANNELS), subject, framed(words, kind, text, facts), facts, null);
    }

    /** The same customer writes once more. Who was asked for the order tells it now. */
    Letter writeAgain(Letter earlier) {
        return unlikeBefore(() -> {
            Phrases words = Phrases.in(earlier.customer().language());
            Map<String, String> facts = new HashMap<>(earlier.facts());
            facts.put("subject", earlier.subject());
            String text = words.fill(words.draw(earlier.kind().againSection(), random), facts);
            return new Letter(
                    number,
                    earlier.client(),
                    earlier.customer(),
                    earlier.kind() == Kind.REFUND_WITHOUT_ORDER ? Kind.REFUND : earlier.kind(),
                    earlier.channel(),
                    subjectAgain(words, earlier),
                    framed(words, earlier.kind(), text, facts),
                    earlier.facts(),
                    earlier);
        });
    }

    private String subjectAgain(Phrases words, Letter earlier) {
        String section = earlier.kind().againSection() + "_subject";
        return words.has(section)
                ? words.fill(words.draw(section, random), earlier.facts())
                : "Re: " + earlier.subject();
    }

    private String framed(Phrases words, Kind kind, String text, Map<String, String> facts) {
        String own = kind.code() + ".closing";
        String closing = words.draw(words.has(own) ? own : "closing", random);
        return words.draw("opening", random) + "\n\n" + text + "\n\n" + words.fill(closing, facts);
    }

    private Letter unlikeBefore(Supplier<Letter> attempt) {
        number++;
        Letter letter = attempt.get();
        for (int tries = 1; tries < TRIES && written.contains(letter.text()); tries++) {
            letter = attempt.get();
        }
        written.add(letter.text());
        if (written.size() > REMEMBERED) {
            written.remove(written.iterator().next());
        }
        return letter;
    }

    private String draw(List<String> alternatives) {
        return alternatives.get(random.nextInt(alternatives.size()));
    }
}

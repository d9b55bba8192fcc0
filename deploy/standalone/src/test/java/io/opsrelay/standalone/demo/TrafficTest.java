package io.opsrelay.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TrafficTest {

    @Test
    void theSameSeedGivesTheSameTrafficToTheLetter() {
        assertThat(happenings(11, 1, Duration.ofMinutes(10))).isEqualTo(happenings(11, 1, Duration.ofMinutes(10)));
        assertThat(happenings(11, 1, Duration.ofMinutes(2))).isNotEqualTo(happenings(12, 1, Duration.ofMinutes(2)));
    }

    @Test
    void happeningsAreInTheOrderOfTheirTimes() {
        assertThat(happenings(3, 5, Duration.ofMinutes(20)))
                .extracting(Happening::at)
                .isSorted();
    }

    @Test
    void overHoursTheRateIsAboutTheOneAskedFor() {
        for (double rate : List.of(0.5, 1.0, 4.0)) {
            double seconds = Duration.ofHours(5).toSeconds();
            assertThat(letters(5, rate, Duration.ofHours(5)).size() / seconds)
                    .as("letters a second at " + rate)
                    .isBetween(rate * 0.85, rate * 1.15);
        }
    }

    @Test
    void allKindsLanguagesAndClientsOccur() {
        List<Letter> letters = letters(2, 1, Duration.ofMinutes(10));

        assertThat(letters).extracting(Letter::kind).contains(Kind.values());
        assertThat(letters)
                .extracting(letter -> letter.customer().language())
                .containsAll(EnumSet.allOf(Language.class));
        assertThat(letters).extracting(Letter::client).containsAll(Demo.CLIENTS);
        assertThat(letters).extracting(Letter::channel).contains("email", "chat", "api", "zendesk");
    }

    @Test
    void aSecondLetterIsOfTheSameCustomerAboutTheSameAndComesAfterTheFirst() {
        List<Letter> letters = letters(8, 1, Duration.ofMinutes(30));
        List<Letter> again =
                letters.stream().filter(letter -> letter.earlier() != null).toList();

        assertThat(again).hasSizeGreaterThan(50).allSatisfy(letter -> {
            assertThat(letter.earlier().customer()).isEqualTo(letter.customer());
            assertThat(letter.earlier().client()).isEqualTo(letter.client());
            assertThat(letter.earlier().number()).isLessThan(letter.number());
            assertThat(letters).contains(letter.earlier());
        });
        assertThat(again)
                .filteredOn(letter -> letter.earlier().kind() == Kind.REFUND_WITHOUT_ORDER)
                .isNotEmpty()
                .allSatisfy(letter -> {
                    String order = letter.facts().get("order");
                    assertThat(letter.kind()).isEqualTo(Kind.REFUND);
                    assertThat(letter.text()).contains(order);
                    assertThat(letter.earlier().text()).doesNotContain(order);
                });
    }

    @Test
    void noTextIsWrittenTwiceWithinFiveHundred() {
        Deque<String> last = new ArrayDeque<>();
        Set<String> known = new HashSet<>();
        for (Letter letter : letters(21, 1, Duration.ofHours(3))) {
            assertThat(known.add(letter.text())).as(letter.text()).isTrue();
            last.add(letter.text());
            if (last.size() > 500) {
                known.remove(last.remove());
            }
        }
    }

    @Test
    void nothingIsLeftOpenInALetter() {
        assertThat(letters(4, 1, Duration.ofHours(2))).allSatisfy(letter -> {
            assertThat(letter.text()).doesNotContain("{", "}");
            assertThat(letter.subject()).isNotBlank().doesNotContain("\n");
        });
    }

    @Test
    void refundsAreAskedForByThoseWhoseOrderItIsAndAllOrdersHaveTheirTurn() {
        Map<String, Customer> owners = new HashMap<>();
        for (Clientele clientele : List.of(Clientele.acme(), Clientele.globex())) {
            clientele.orders().forEach(order -> owners.put(clientele.client() + order.id(), order.customer()));
        }
        List<Letter> refunds = letters(6, 1, Duration.ofHours(1)).stream()
                .filter(letter -> letter.kind().hasOrder())
                .toList();

        assertThat(owners).hasSize(120);
        assertThat(owners.get("acmeA-1001").email()).isEqualTo("mary.major@example.org");
        assertThat(owners.get("acmeA-1020").email()).isEqualTo("mary.major@example.org");
        assertThat(refunds).allSatisfy(letter -> assertThat(letter.customer())
                .isEqualTo(owners.get(letter.client() + letter.facts().get("order"))));
        assertThat(refunds)
                .extracting(letter -> letter.client() + letter.facts().get("order"))
                .containsAll(owners.keySet());
    }

    @Test
    void duringAnOutageManyCustomersOfOneClientWriteAboutTheSameServiceAndARestartIsAskedFor() {
        Map<String, Integer> aboutStruck = new HashMap<>();
        Map<String, Set<Customer>> writers = new HashMap<>();
        String struck = "";
        int outages = 0;
        int restarts = 0;
        for (Happening happening : happenings(9, 2, Duration.ofMinutes(30))) {
            switch (happening) {
                case Happening.Turn turn -> {
                    struck = turn.tide() == Tide.OUTAGE ? turn.about() : "";
                    outages += struck.isEmpty() ? 0 : 1;
                }
                case Happening.Arrival(Duration _, Letter letter) -> {
                    String about = letter.facts().get("service") + " of " + letter.client();
                    if (letter.kind().hasService() && about.equals(struck)) {
                        aboutStruck.merge(struck, 1, Integer::sum);
                        writers.computeIfAbsent(struck, same -> new HashSet<>()).add(letter.customer());
                    }
                }
                case Happening.Restart restart -> {
                    restarts++;
                    assertThat(Traffic.TARGETS).contains(restart.service());
                    assertThat(restart.reason()).isNotBlank().doesNotContain("{");
                    assertThat(struck).endsWith(restart.client());
                }
            }
        }
        assertThat(outages).isGreaterThanOrEqualTo(8);
        assertThat(restarts).isEqualTo(outages);
        assertThat(aboutStruck.values().stream().mapToInt(Integer::intValue).sum() / outages)
                .as("letters about an outage")
                .isGreaterThan(30);
        assertThat(writers.values()).allMatch(customers -> customers.size() > 5);
    }

    private static List<Letter> letters(long seed, double rate, Duration length) {
        List<Letter> letters = new ArrayList<>();
        for (Happening happening : happenings(seed, rate, length)) {
            if (happening instanceof Happening.Arrival(Duration _, Letter letter)) {
                letters.add(letter);
            }
        }
        return letters;
    }

    private static List<Happening> happenings(long seed, double rate, Duration length) {
        List<Happening> happenings = new ArrayList<>();
        Traffic traffic = new Traffic(seed, rate);
        for (Happening next = traffic.next(); next.at().compareTo(length) < 0; next = traffic.next()) {
            happenings.add(next);
        }
        return happenings;
    }
}

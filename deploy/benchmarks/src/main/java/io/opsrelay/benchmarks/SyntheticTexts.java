package io.opsrelay.benchmarks;

import io.opsrelay.agent.learning.LabelledText;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Made-up questions to a bank under 77 labels, eleven things times seven wishes, as long and as varied as real ones. Good
 * for measuring speed; they were made by rule, so that how well a rule is found again says nothing.
 */
final class SyntheticTexts {

    private static final String[] THINGS = {
        "card|debit card|plastic|new card",
        "transfer|bank transfer|payment to a friend|wire",
        "account|profile|login|bank account",
        "refund|money back|reimbursement|returned payment",
        "top-up|top up|deposit|recharge",
        "PIN|pin code|secret number|passcode",
        "statement|list of payments|monthly report|history",
        "cash|withdrawal|ATM withdrawal|notes from the machine",
        "direct debit|standing order|subscription|recurring payment",
        "exchange|currency exchange|conversion|foreign money",
        "phone|mobile app|app|device"
    };

    private static final String[] WISHES = {
        "has not come|is still missing|did not arrive|is nowhere to be seen",
        "was declined|does not work|is refused every time|keeps failing",
        "cost a fee|was charged extra|had a fee I did not expect|is more expensive than you said",
        "must be cancelled|should be stopped|I want to undo|please take back",
        "should be changed|has wrong details|needs an update|I want to edit",
        "needs to be verified|asks me for proof|wants my identity|cannot be confirmed",
        "has a limit|cannot go higher|reached its maximum|how much is allowed"
    };

    private static final String[] OPENINGS = {
        "",
        "",
        "",
        "Hi, ",
        "Hello there, ",
        "Please help: ",
        "Quick question, ",
        "I am annoyed. ",
        "Good morning, ",
        "Can you tell me, ",
        "Not sure whom to ask, ",
        "Again: "
    };

    private static final String[] FRAMES = {
        "my %s %s",
        "the %s %s",
        "why is it that the %s %s?",
        "what do I do when my %s %s",
        "about my %s: it %s",
        "the %s that I asked for %s",
        "it seems that the %s %s",
        "is it normal that my %s %s?"
    };

    private static final String[] DETAILS = {
        "",
        "",
        "",
        " since %d days",
        " for %d euros",
        " and I am abroad",
        " although I paid %d pounds",
        " as I told you on the %dth",
        " and nobody answers",
        ", what now?",
        " when I was in the shop",
        " at the weekend",
        " and my rent is due in %d days",
        ", thanks",
        " for the second time"
    };

    private SyntheticTexts() {}

    /** So many texts, the labels taking turns; the same for the same seed. */
    static List<LabelledText> make(int texts, long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        List<LabelledText> made = new ArrayList<>(texts);
        for (int i = 0; i < texts; i++) {
            int thing = i % THINGS.length;
            int wish = i / THINGS.length % WISHES.length;
            String body = pick(FRAMES, random)
                    .formatted(pick(THINGS[thing].split("\\|"), random), pick(WISHES[wish].split("\\|"), random));
            String text = pick(OPENINGS, random)
                    + mistyped(body, random)
                    + pick(DETAILS, random).formatted(random.nextInt(2, 90))
                    + pick(DETAILS, random).formatted(random.nextInt(2, 90));
            made.add(new LabelledText(text, "thing %d, wish %d".formatted(thing, wish)));
        }
        return made;
    }

    /** One letter in forty changes places with the next. */
    private static String mistyped(String text, RandomGenerator random) {
        char[] letters = text.toCharArray();
        for (int i = 0; i + 1 < letters.length; i++) {
            if (random.nextInt(40) == 0) {
                char kept = letters[i];
                letters[i] = letters[i + 1];
                letters[++i] = kept;
            }
        }
        return new String(letters);
    }

    private static String pick(String[] choices, RandomGenerator random) {
        return choices[random.nextInt(choices.length)];
    }
}
